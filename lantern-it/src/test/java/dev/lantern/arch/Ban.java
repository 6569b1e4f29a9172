package dev.lantern.arch;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Predicate;

/**
 * Methods and constructors that production code may not use, and what to do instead.
 *
 * @param owner the class that declares them
 * @param members their names, {@code <init>} for constructors; empty for all
 * @param parameters which overloads are meant
 */
record Ban(String owner, List<String> members, Predicate<List<String>> parameters, String instead) {
    static final String CONSTRUCTOR = "<init>";

    static Ban of(Class<?> owner, String instead, String... members) {
        return new Ban(owner.getName(), List.of(members), any -> true, instead);
    }

    /** Only the overloads with these parameter types. */
    Ban taking(Class<?>... types) {
        List<String> names = List.of(types).stream().map(Class::getName).toList();
        return new Ban(owner, members, names::equals, instead);
    }

    /** Only the overloads where no parameter has this type. */
    Ban takingNo(Class<?> type) {
        return new Ban(owner, members, found -> !found.contains(type.getName()), instead);
    }

    /** Only the overloads with at least one parameter. */
    Ban takingSomething() {
        return new Ban(owner, members, found -> !found.isEmpty(), instead);
    }

    boolean matches(CodeUnitAccessTarget target) {
        return (members.isEmpty() || members.contains(target.getName()))
                && ownedBy(target)
                && parameters.test(target.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .toList());
    }

    /**
     * Byte code names the class that the call is written on: {@code worker.start()} is still {@link Thread#start()}.
     * A constructor is only itself: {@code new LinkedHashMap<>()} is not {@code new HashMap<>()}.
     */
    private boolean ownedBy(CodeUnitAccessTarget target) {
        return target.getName().equals(CONSTRUCTOR)
                ? target.getOwner().getName().equals(owner)
                : target.getOwner().isAssignableTo(owner);
    }

    @Override
    public String toString() {
        return owner + (members.isEmpty() ? "" : members.toString());
    }
}
