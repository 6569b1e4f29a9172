package dev.lantern.agent;

import dev.lantern.value.LanternException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record class seen from outside: its components and its canonical constructor. */
final class RecordShape {
    private final Class<?> type;
    private final RecordComponent[] components;

    private RecordShape(Class<?> type) {
        this.type = type;
        this.components = type.getRecordComponents();
    }

    static RecordShape of(Class<?> type) {
        return new RecordShape(type);
    }

    Map<String, @Nullable Object> plain(Object value) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        for (RecordComponent component : components) {
            Object member = read(component, value);
            if (!(member instanceof Optional<?> optional && optional.isEmpty())) {
                plain.put(component.getName(), RecordValues.plain(member));
            }
        }
        return plain;
    }

    Object typed(Map<String, @Nullable Object> members, String where) {
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            types[i] = component.getType();
            arguments[i] = RecordValues.typed(
                    members.get(component.getName()), component.getGenericType(), where + "." + component.getName());
        }
        return construct(types, arguments, where);
    }

    private @Nullable Object read(RecordComponent component, Object value) {
        Method accessor = component.getAccessor();
        open(accessor);
        try {
            return accessor.invoke(value);
        } catch (InvocationTargetException e) {
            throw new LanternException(type.getName() + "." + component.getName() + "() threw", e.getCause());
        } catch (IllegalAccessException e) {
            throw closed(e);
        }
    }

    private Object construct(Class<?>[] types, @Nullable Object[] arguments, String where) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            open(constructor);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new LanternException(where + ": the constructor of " + type.getName() + " refused what was read: "
                    + Objects.requireNonNullElse(e.getCause(), e).getClass().getName());
        } catch (IllegalAccessException e) {
            throw closed(e);
        } catch (NoSuchMethodException | InstantiationException e) {
            throw new LanternException(type.getName() + " cannot be made by its canonical constructor", e);
        }
    }

    private void open(AccessibleObject member) {
        if (!member.trySetAccessible()) {
            throw closed(null);
        }
    }

    private LanternException closed(@Nullable Throwable cause) {
        return new LanternException(
                "record " + type.getName() + " is closed to reflection: add 'opens " + type.getPackageName()
                        + " to dev.lantern.agent;' to the module-info of " + type.getModule(),
                cause);
    }
}
