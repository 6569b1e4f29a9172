package dev.lantern.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Which package may know which. */
final class PackageRules {
    private PackageRules() {}

    /** {@code p.internal} is the part of {@code p} that sibling modules see: for cycles the two are one. */
    static ArchRule no_cycles(String root) {
        return slices().assignedFrom(packagesUnder(root))
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    static ArchRule value_knows_nothing_of_ours(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".value..")
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..").and(resideOutsideOfPackage(root + ".value..")))
                .because("the bottom stands on the JDK alone")
                .allowEmptyShould(true);
    }

    /** The root package ties the api together; below it, that would be a cycle. Its providers are in core.runtime. */
    static ArchRule root_package_is_the_top(String root) {
        return noClasses()
                .that(resideInAPackage(root + "..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(
                                root, root + ".core.runtime..", root + ".testkit..")))
                .should()
                .dependOnClassesThat(resideInAPackage(root))
                .because("the root package is the top: only its providers in core.runtime and the testkit see it")
                .allowEmptyShould(true);
    }

    static ArchRule backends_never_know_core(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".journal.jdbc..", root + ".k8s..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(root + ".core..", root + ".agent..", root + ".testkit.."))
                .because("a backend implements interfaces of the api and can be replaced by anybody's")
                .allowEmptyShould(true);
    }

    static ArchRule core_never_knows_a_backend(String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".core..", root + ".agent..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(root + ".journal.jdbc..", root + ".k8s..", root + ".testkit.."))
                .because("ServiceLoader joins them")
                .allowEmptyShould(true);
    }

    /** A client is replaced by its next version, or by another one, without a host noticing. */
    static ArchRule client_types_stay_behind(String root) {
        return codeUnits()
                .that()
                .areDeclaredInClassesThat(resideInAPackage(root + ".k8s..").and(modifier(PUBLIC)))
                .and(modifier(PUBLIC).or(modifier(PROTECTED)))
                .should(new ArchCondition<JavaCodeUnit>("name no type but the JDK's and ours") {
                    @Override
                    public void check(JavaCodeUnit unit, ConditionEvents events) {
                        Stream.of(
                                        unit.getReturnType().getAllInvolvedRawTypes().stream(),
                                        unit.getParameterTypes().stream()
                                                .flatMap(type -> type.getAllInvolvedRawTypes().stream()),
                                        unit.getExceptionTypes().stream())
                                .flatMap(types -> types)
                                .map(JavaClass::getBaseComponentType)
                                .filter(type -> !isOurs(type))
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        unit, unit.getFullName() + " names " + type.getName())));
                    }

                    private boolean isOurs(JavaClass type) {
                        String name = type.getName();
                        return type.isPrimitive() || name.startsWith("java.") || name.startsWith("dev.lantern.");
                    }
                })
                .allowEmptyShould(true);
    }

    static ArchRule packages_are_null_marked(String root) {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(new ArchCondition<JavaClass>("live in a package whose package-info is @NullMarked") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                        events.add(new SimpleConditionEvent(
                                type,
                                marked,
                                type.getName() + ": the package-info.java of " + type.getPackageName()
                                        + (marked ? " is @NullMarked" : " is missing or not @NullMarked")));
                    }
                })
                .allowEmptyShould(true);
    }

    private static SliceAssignment packagesUnder(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                boolean ours = name.equals(root) || name.startsWith(root + ".");
                return ours ? SliceIdentifier.of(name.replaceFirst("\\.internal$", "")) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages under " + root;
            }
        };
    }
}
