package dev.lantern.arch;

import static dev.lantern.arch.Reactor.ROOT_PACKAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules, over the production classes of all modules. That each can fail is shown in {@link RulesCanFailTest}. */
class ArchitectureTest {
    private static final JavaClasses PRODUCTION = Reactor.productionClasses();

    @Test
    void every_source_of_the_reactor_is_seen_by_the_rules() {
        List<String> seen = PRODUCTION.stream().map(JavaClass::getName).toList();

        int sources = 0;
        for (Path folder : Reactor.productionSourceFolders()) {
            for (Path source : Reactor.sourcesUnder(folder)) {
                String name =
                        folder.relativize(source).toString().replace('/', '.').replaceFirst("\\.java$", "");
                if (!name.endsWith("-info")) {
                    assertThat(seen).contains(name);
                    sources++;
                }
            }
        }
        System.out.println("architecture rules: " + sources + " source files, " + seen.size() + " classes");
        assertThat(sources).isGreaterThan(30);
    }

    @Test
    void packages_form_no_cycle() {
        PackageRules.no_cycles(ROOT_PACKAGE).check(PRODUCTION);
    }

    @Test
    void value_is_the_bottom() {
        PackageRules.value_knows_nothing_of_ours(ROOT_PACKAGE).check(PRODUCTION);
    }

    @Test
    void root_package_is_the_top() {
        PackageRules.root_package_is_the_top(ROOT_PACKAGE).check(PRODUCTION);
    }

    @Test
    void backends_and_core_do_not_know_each_other() {
        PackageRules.backends_never_know_core(ROOT_PACKAGE).check(PRODUCTION);
        PackageRules.core_never_knows_a_backend(ROOT_PACKAGE).check(PRODUCTION);
    }

    @Test
    void no_client_type_stands_in_a_public_signature() {
        PackageRules.client_types_stay_behind(ROOT_PACKAGE).check(PRODUCTION);
    }

    @Test
    void every_package_is_null_marked() {
        PackageRules.packages_are_null_marked(ROOT_PACKAGE).check(PRODUCTION);
    }

    @Test
    void no_package_is_split_between_modules() {
        List<String> packages = ModuleOnPath.all().stream()
                .flatMap(module -> module.descriptor().packages().stream())
                .sorted()
                .toList();

        assertThat(packages).doesNotHaveDuplicates();
    }

    @Test
    void time_threads_and_chance_come_from_one_package() {
        DeterminismRules.time_threads_and_chance_come_from_one_package(ROOT_PACKAGE)
                .check(PRODUCTION);
        DeterminismRules.backends_measure_their_deadline_and_nothing_else(ROOT_PACKAGE)
                .check(PRODUCTION);
    }

    @Test
    void no_behaviour_depends_on_a_salted_order() {
        DeterminismRules.no_collection_has_a_salted_order(ROOT_PACKAGE).check(PRODUCTION);
        DeterminismRules.no_literal_has_a_salted_order(ROOT_PACKAGE).check(PRODUCTION);
    }
}
