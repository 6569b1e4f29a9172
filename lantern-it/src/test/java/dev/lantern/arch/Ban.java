package dev.lantern.arch;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
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
     * What is not inherited is only itself: {@code new LinkedHashMap<>()} is not {@code new HashMap<>()}, and
     * {@code EnumSet.of} is not {@code Set.of}.
     */
    private boolean ownedBy(CodeUnitAccessTarget target) {
        JavaClass accessed = target.getOwner();
        return accessed.getName().equals(owner) || (accessed.isAssignableTo(owner) && isInherited(target));
    }

    private static boolean isInherited(CodeUnitAccessTarget target) {
        boolean ownStatic = target.resolveMember()
                .filter(member -> member.getOwner().equals(target.getOwner()))
                .filter(member -> member.getModifiers().contains(JavaModifier.STATIC))
                .isPresent();
        return !target.getName().equals(CONSTRUCTOR) && !ownStatic;
    }

    @Override
    public String toString() {
        return owner + (members.isEmpty() ? "" : members.toString());
    }
}
