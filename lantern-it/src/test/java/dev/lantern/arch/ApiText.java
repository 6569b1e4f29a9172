package dev.lantern.arch;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a module offers to the outside, as lines of text that are the same on every JDK: exported packages, their
 * public types, and the public and protected members of those, with nullness. Sorted, so that a diff is a change.
 */
final class ApiText {
    private final StringBuilder out = new StringBuilder();

    private ApiText() {}

    static String of(ModuleOnPath module) {
        ApiText text = new ApiText();
        text.out.append("module ").append(module.name()).append('\n');
        for (String exported : module.exportedPackages()) {
            text.packageOf(module, exported);
        }
        return text.toString();
    }

    /** For the test of the format. */
    static String of(Class<?> type) {
        ApiText text = new ApiText();
        text.type(type);
        return text.toString();
    }

    @Override
    public String toString() {
        return out.toString().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
    }

    private void packageOf(ModuleOnPath module, String exported) {
        out.append("\npackage ").append(exported).append('\n');
        module.classNames().stream()
                .filter(name -> name.substring(0, name.lastIndexOf('.')).equals(exported))
                .map(ApiText::load)
                .filter(ApiText::isVisible)
                .forEach(this::type);
    }

    private void type(Class<?> type) {
        out.append("\n  ").append(header(type)).append('\n');
        members(type)
                .sorted()
                .forEach(member -> out.append("    ").append(member).append('\n'));
    }

    private static Stream<String> members(Class<?> type) {
        List<String> members = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (isOffered(field.getModifiers(), field.isSynthetic())) {
                members.add(field(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isOffered(constructor.getModifiers(), constructor.isSynthetic()) && !isCanonical(constructor)) {
                members.add(executable(constructor, "new"));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isOffered(method.getModifiers(), method.isSynthetic()) && !goesWithoutSaying(method)) {
                members.add(executable(method, type(method.getAnnotatedReturnType()) + " " + method.getName())
                        + (method.getDefaultValue() == null ? "" : " default"));
            }
        }
        return members.stream();
    }

    private static boolean isCanonical(Constructor<?> constructor) {
        Class<?> type = constructor.getDeclaringClass();
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray());
    }

    /** What every object, record or enum has anyway, given the line that declares it. */
    private static boolean goesWithoutSaying(Method method) {
        Class<?> type = method.getDeclaringClass();
        boolean accessor = type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> method.equals(component.getAccessor()));
        boolean ofEnum = type.isEnum() && (isMethod(method, "values") || isMethod(method, "valueOf", String.class));
        return accessor
                || ofEnum
                || isMethod(method, "equals", Object.class)
                || isMethod(method, "hashCode")
                || isMethod(method, "toString");
    }

    private static boolean isMethod(Method method, String name, Class<?>... parameters) {
        return method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters);
    }

    private static String header(Class<?> type) {
        String superclass =
                type.isInterface() || type.isEnum() || type.isRecord() || type.getSuperclass() == Object.class
                        ? ""
                        : " extends " + type(type.getAnnotatedSuperclass());
        String interfaces = type.getInterfaces().length == 0 || type.isAnnotation()
                ? ""
                : (type.isInterface() ? " extends " : " implements ") + types(type.getAnnotatedInterfaces());
        String permits = !type.isSealed() || type.isEnum()
                ? ""
                : Arrays.stream(type.getPermittedSubclasses())
                        .map(Class::getName)
                        .sorted()
                        .collect(Collectors.joining(", ", " permits ", ""));
        return annotations(type) + modifiers(type) + kind(type) + " " + type.getName() + typeParameters(type)
                + components(type) + superclass + interfaces + permits;
    }

    /** Records, enums and interfaces have modifiers that go without saying, and compilers differ in writing them. */
    private static String modifiers(Class<?> type) {
        int modifiers =
                type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.ABSTRACT | Modifier.FINAL);
        if (type.isInterface()) {
            modifiers &= ~Modifier.ABSTRACT;
        }
        if (type.isEnum() || type.isRecord()) {
            modifiers &= ~(Modifier.ABSTRACT | Modifier.FINAL);
        }
        return Modifier.toString(modifiers) + (type.isSealed() && !type.isEnum() ? " sealed" : "") + " ";
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        return type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private static String components(Class<?> type) {
        if (!type.isRecord()) {
            return "";
        }
        return Arrays.stream(type.getRecordComponents())
                .map(component -> type(component.getAnnotatedType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String field(Field field) {
        String constant = isConstant(field) ? " = " + value(field) : "";
        return annotations(field) + modifiers(field.getModifiers()) + type(field.getAnnotatedType()) + " "
                + field.getName() + constant;
    }

    private static boolean isConstant(Field field) {
        boolean inlined = field.getType().isPrimitive() || field.getType() == String.class;
        return inlined && Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
    }

    private static String value(Field field) {
        try {
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot read " + field, e);
        }
    }

    private static String executable(Executable executable, String name) {
        List<String> parameters = new ArrayList<>();
        for (AnnotatedType parameter : executable.getAnnotatedParameterTypes()) {
            parameters.add(type(parameter));
        }
        if (executable.isVarArgs()) {
            parameters.set(
                    parameters.size() - 1, parameters.get(parameters.size() - 1).replaceFirst("\\[]$", "..."));
        }
        String thrown = executable.getExceptionTypes().length == 0
                ? ""
                : " throws " + types(executable.getAnnotatedExceptionTypes());
        String typeParameters = typeParameters(executable);
        return annotations(executable)
                + modifiers(executable.getModifiers())
                + (executable instanceof Method method && method.isDefault() ? "default " : "")
                + (typeParameters.isEmpty() ? "" : typeParameters + " ")
                + name
                + parameters.stream().collect(Collectors.joining(", ", "(", ")"))
                + thrown;
    }

    private static String modifiers(int modifiers) {
        int told = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
        return Modifier.toString(modifiers & told) + " ";
    }

    private static String typeParameters(GenericDeclaration declaration) {
        return Arrays.stream(declaration.getTypeParameters())
                .map(ApiText::typeParameter)
                .collect(joiningUnlessEmpty());
    }

    private static String typeParameter(TypeVariable<?> variable) {
        String bounds = Arrays.stream(variable.getAnnotatedBounds())
                .map(ApiText::type)
                .filter(bound -> !bound.equals(Object.class.getName()))
                .collect(Collectors.joining(" & "));
        return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
    }

    private static Collector<CharSequence, ?, String> joiningUnlessEmpty() {
        return Collectors.collectingAndThen(
                Collectors.joining(", ", "<", ">"), joined -> joined.equals("<>") ? "" : joined);
    }

    private static String types(AnnotatedType[] types) {
        return Arrays.stream(types).map(ApiText::type).collect(Collectors.joining(", "));
    }

    /** Written by us: {@code AnnotatedType.toString()} differs between JDKs. */
    private static String type(AnnotatedType annotated) {
        String nullness = annotated.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
        if (annotated instanceof AnnotatedArrayType array) {
            String dimension = nullness.isEmpty() ? "[]" : " @Nullable []";
            return type(array.getAnnotatedGenericComponentType()) + dimension;
        }
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            Type raw = ((ParameterizedType) parameterized.getType()).getRawType();
            return nullness
                    + raw.getTypeName()
                    + Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                            .map(ApiText::type)
                            .collect(joiningUnlessEmpty());
        }
        if (annotated instanceof AnnotatedWildcardType wildcard) {
            return wildcard(wildcard);
        }
        if (annotated instanceof AnnotatedTypeVariable variable) {
            return nullness + ((TypeVariable<?>) variable.getType()).getName();
        }
        return nullness + annotated.getType().getTypeName();
    }

    private static String wildcard(AnnotatedWildcardType wildcard) {
        if (wildcard.getAnnotatedLowerBounds().length > 0) {
            return "? super " + types(wildcard.getAnnotatedLowerBounds());
        }
        String upper = types(wildcard.getAnnotatedUpperBounds());
        return upper.equals(Object.class.getName()) ? "?" : "? extends " + upper;
    }

    private static String annotations(AnnotatedElement element) {
        Function<Annotation, String> name =
                annotation -> "@" + annotation.annotationType().getName() + " ";
        return Arrays.stream(element.getDeclaredAnnotations())
                .filter(annotation -> !(annotation instanceof Nullable))
                .map(name)
                .sorted()
                .collect(Collectors.joining());
    }

    private static boolean isOffered(int modifiers, boolean synthetic) {
        return !synthetic && (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
    }

    private static boolean isVisible(@Nullable Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
            if (!isOffered(outer.getModifiers(), outer.isSynthetic()) || outer.isAnonymousClass()) {
                return false;
            }
        }
        return true;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiText.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("found " + name + " but cannot load it", e);
        }
    }
}
