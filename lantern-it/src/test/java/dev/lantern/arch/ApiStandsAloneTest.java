package dev.lantern.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.lantern.value.RunRef;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** lantern-api needs the JDK, and jspecify's annotations while compiling: nothing else, or every host pays. */
class ApiStandsAloneTest {
    private static final ModuleOnPath API = ModuleOnPath.named("dev.lantern.api");

    @Test
    void module_requires_the_jdk_and_at_compile_time_jspecify() {
        List<Requires> required = API.descriptor().requires().stream()
                .filter(requires -> !requires.name().startsWith("java."))
                .toList();

        assertThat(required).singleElement().satisfies(jspecify -> {
            assertThat(jspecify.name()).isEqualTo("org.jspecify");
            assertThat(jspecify.modifiers()).contains(Requires.Modifier.STATIC);
        });
    }

    @Test
    void no_class_of_the_api_names_a_third_party_type() {
        List<String> names = API.classNames();
        JavaClasses api = Reactor.productionClasses()
                .that(describe("are in lantern-api", type -> names.contains(type.getName())));

        noClasses()
                .should()
                .dependOnClassesThat(not(resideInAnyPackage("java..", "dev.lantern..", "org.jspecify.annotations")))
                .check(api);
        assertThat(api).hasSameSizeAs(names);
    }

    @Test
    void every_class_of_the_api_links_with_nothing_but_the_jdk() throws Exception {
        List<String> names = API.classNames();
        URL[] apiOnly = {API.location().toUri().toURL()};

        try (URLClassLoader loader = new URLClassLoader(apiOnly, ClassLoader.getPlatformClassLoader())) {
            for (String name : names) {
                Class<?> type = Class.forName(name, true, loader);
                assertThat(type.getClassLoader()).isSameAs(loader);
                assertThat(type.getDeclaredMethods().length + type.getDeclaredFields().length)
                        .isNotNegative();
            }
        }
        assertThat(names).hasSizeGreaterThan(20);
    }

    @Test
    void host_module_compiles_with_api_and_jspecify_and_resolves_with_the_api(@TempDir Path folder) throws Exception {
        Path host = folder.resolve("host");
        compile(
                host,
                API.location() + File.pathSeparator + locationOf(NullMarked.class),
                write(folder, "module-info.java", "module host { requires dev.lantern.api; exports host; }"),
                write(folder, "Host.java", """
                        package host;

                        public final class Host {
                            public final Object run = new dev.lantern.value.RunRef("acme", "ticket-4711");
                        }
                        """));

        Configuration resolved = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(host, API.location()), ModuleFinder.of(), List.of("host"));
        Class<?> type = ModuleLayer.boot()
                .defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader())
                .findLoader("host")
                .loadClass("host.Host");

        assertThat(resolved.modules())
                .extracting(ResolvedModule::name)
                .containsExactlyInAnyOrder("host", "dev.lantern.api");
        assertThat(type.getField("run").get(type.getConstructor().newInstance()))
                .hasToString(new RunRef("acme", "ticket-4711").toString());
    }

    private static void compile(Path classes, String modulePath, Path... sources) {
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "-p", modulePath, "-d", classes.toString()));
        for (Path source : sources) {
            arguments.add(source.toString());
        }
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(result).isZero();
    }

    private static Path locationOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
