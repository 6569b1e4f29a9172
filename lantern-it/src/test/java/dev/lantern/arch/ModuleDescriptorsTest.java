package dev.lantern.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts use Lantern from the module path and from the class path: both must find the same providers. */
class ModuleDescriptorsTest {

    @Test
    void every_module_with_classes_has_a_descriptor() {
        List<String> artifacts =
                ModuleOnPath.all().stream().map(ModuleOnPath::artifact).toList();

        assertThat(Reactor.productionSourceFolders())
                .isNotEmpty()
                .filteredOn(folder -> Reactor.sourcesUnder(folder).size() > 0)
                .allSatisfy(folder -> assertThat(artifacts)
                        .contains(Reactor.root().relativize(folder).getName(0).toString()));
    }

    @Test
    void providers_are_the_same_on_module_path_and_class_path() {
        assertThat(ModuleOnPath.all()).isNotEmpty().allSatisfy(ModuleDescriptorsTest::assertSameProviders);
    }

    @Test
    void provider_missing_from_either_side_is_found(@TempDir Path classes) throws IOException {
        ModuleDescriptor descriptor = ModuleDescriptor.newModule("dev.lantern.fixture")
                .packages(java.util.Set.of("dev.lantern.fixture"))
                .provides("dev.lantern.Service", List.of("dev.lantern.fixture.Provider"))
                .build();
        ModuleOnPath module = new ModuleOnPath(descriptor, classes);
        Path serviceFile =
                Files.createDirectories(classes.resolve("META-INF/services")).resolve("dev.lantern.Service");

        assertThat(module.providedByServiceFiles()).isEmpty();
        Files.writeString(serviceFile, "# a comment\ndev.lantern.fixture.Provider # another\n\n");
        assertSameProviders(module);
        Files.writeString(serviceFile, "dev.lantern.fixture.Other\n");
        assertThat(module.providedByServiceFiles())
                .isEqualTo(Map.of("dev.lantern.Service", List.of("dev.lantern.fixture.Other")))
                .isNotEqualTo(module.providedByDescriptor());
    }

    private static void assertSameProviders(ModuleOnPath module) {
        assertThat(module.providedByServiceFiles())
                .as("META-INF/services of %s against the provides of its module-info", module.name())
                .isEqualTo(module.providedByDescriptor());
    }
}
