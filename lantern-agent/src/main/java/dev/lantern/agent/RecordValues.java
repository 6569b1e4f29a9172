package dev.lantern.agent;

import dev.lantern.value.LanternException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Between typed values and the plain ones that {@link JsonText} writes. {@code where} is a path for messages. */
final class RecordValues {
    private RecordValues() {}

    static @Nullable Object plain(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        } else if (value instanceof Number number) {
            return plainNumber(number);
        } else if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        } else if (value instanceof Enum<?> constant) {
            return constant.name();
        } else if (value instanceof Record) {
            return RecordShape.of(value.getClass()).plain(value);
        } else if (value instanceof Map<?, ?> map) {
            return plainMap(map);
        } else if (value instanceof Collection<?> items) {
            List<@Nullable Object> list = new ArrayList<>(items.size());
            for (Object item : items) {
                list.add(plain(item));
            }
            return list;
        } else if (isIsoText(value.getClass())) {
            return value.toString();
        }
        throw unknown(value.getClass(), value.getClass().getName());
    }

    static @Nullable Object typed(@Nullable Object plain, Type type, String where) {
        if (type instanceof ParameterizedType generic) {
            return generic(plain, generic, where);
        }
        if (!(type instanceof Class<?> raw)) {
            throw unknown(type, where);
        }
        if (raw == Optional.class || Collection.class.isAssignableFrom(raw)) {
            throw new LanternException(where + " is " + raw.getSimpleName()
                    + " without its element type; pass a generic type, or put it into a record");
        }
        if (plain == null) {
            return absent(raw, where);
        }
        if (raw.isRecord()) {
            return RecordShape.of(raw).typed(object(plain, where), where);
        }
        if (raw == Object.class) {
            return plain;
        }
        if (raw == Map.class) {
            return object(plain, where);
        }
        return scalar(plain, raw, where);
    }

    private static Object plainNumber(Number number) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte || number instanceof Long) {
            return number.longValue();
        } else if (number instanceof Float || number instanceof Double) {
            return finite(number.doubleValue());
        } else if (number instanceof BigInteger || number instanceof BigDecimal) {
            return number;
        }
        throw unknown(number.getClass(), number.getClass().getName());
    }

    private static Object finite(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new LanternException("NaN and infinities have no JSON form");
        }
        return number;
    }

    private static Map<String, @Nullable Object> plainMap(Map<?, ?> map) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (!(member.getKey() instanceof String name)) {
                throw new LanternException("a map needs String keys to become JSON");
            }
            plain.put(name, plain(member.getValue()));
        }
        return plain;
    }

    private static @Nullable Object generic(@Nullable Object plain, ParameterizedType type, String where) {
        Type raw = type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return plain == null ? Optional.empty() : Optional.ofNullable(typed(plain, arguments[0], where));
        } else if (plain == null) {
            return null;
        } else if (raw == List.class || raw == Collection.class) {
            return items(plain, arguments[0], where, new ArrayList<>());
        } else if (raw == Set.class) {
            return items(plain, arguments[0], where, new LinkedHashSet<>());
        } else if (raw == Map.class && arguments[0] == String.class) {
            Map<String, @Nullable Object> typed = new LinkedHashMap<>();
            for (Map.Entry<String, @Nullable Object> member :
                    object(plain, where).entrySet()) {
                typed.put(member.getKey(), typed(member.getValue(), arguments[1], where + "{}"));
            }
            return typed;
        }
        throw unknown(type, where);
    }

    private static Collection<@Nullable Object> items(
            Object plain, Type type, String where, Collection<@Nullable Object> into) {
        if (!(plain instanceof List<?> list)) {
            throw unfit(where, "an array");
        }
        for (Object item : list) {
            into.add(typed(item, type, where + "[]"));
        }
        return into;
    }

    private static @Nullable Object absent(Class<?> raw, String where) {
        if (raw.isPrimitive()) {
            throw new LanternException(where + " is missing or null, and a " + raw.getName() + " cannot be");
        }
        return null;
    }

    private static Object scalar(Object plain, Class<?> raw, String where) {
        if (raw == String.class) {
            return text(plain, where);
        } else if (raw == boolean.class || raw == Boolean.class) {
            if (plain instanceof Boolean) {
                return plain;
            }
            throw unfit(where, "true or false");
        } else if (raw.isEnum()) {
            return constant(text(plain, where), raw, where);
        } else if (isIsoText(raw)) {
            return isoText(text(plain, where), raw, where);
        }
        return number(plain, raw, where);
    }

    private static Object number(Object plain, Class<?> raw, String where) {
        if (!NumberTypes.knows(raw)) {
            throw unknown(raw, where);
        }
        if (!(plain instanceof Long || plain instanceof BigInteger || plain instanceof BigDecimal)) {
            throw unfit(where, "a number");
        }
        try {
            return NumberTypes.exactly(new BigDecimal(plain.toString()), raw);
        } catch (ArithmeticException e) {
            throw unfit(where, "a number that fits a " + raw.getSimpleName());
        }
    }

    private static Object constant(String name, Class<?> raw, String where) {
        for (Object constant : raw.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw unfit(where, "a constant of " + raw.getSimpleName());
    }

    private static boolean isIsoText(Class<?> raw) {
        return raw == Instant.class || raw == Duration.class || raw == LocalDate.class || raw == UUID.class;
    }

    private static Object isoText(String text, Class<?> raw, String where) {
        try {
            if (raw == Instant.class) {
                return Instant.parse(text);
            } else if (raw == Duration.class) {
                return Duration.parse(text);
            } else if (raw == LocalDate.class) {
                return LocalDate.parse(text);
            }
            return UUID.fromString(text);
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw unfit(where, "the text of a " + raw.getSimpleName());
        }
    }

    private static String text(Object plain, String where) {
        if (plain instanceof String text) {
            return text;
        }
        throw unfit(where, "a string");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(Object plain, String where) {
        if (plain instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw unfit(where, "an object");
    }

    private static LanternException unfit(String where, String wanted) {
        return new LanternException(where + " must be " + wanted + " in the JSON, and is not");
    }

    private static LanternException unknown(Type type, String where) {
        return new LanternException(
                where + ": " + type.getTypeName()
                        + " is not among the types that RecordCodec knows; use a record of plain values, or bring a PayloadCodec");
    }
}
