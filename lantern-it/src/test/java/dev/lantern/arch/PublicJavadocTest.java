package dev.lantern.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a user can see says what it is. */
class PublicJavadocTest {

    @Test
    void every_public_declaration_of_an_exported_package_has_javadoc() {
        List<Path> sources = new ArrayList<>();
        for (ModuleOnPath module : ModuleOnPath.all()) {
            Path folder = Reactor.root().resolve(module.artifact()).resolve("src/main/java");
            for (String exported : module.exportedPackages()) {
                Path inPackage = folder.resolve(exported.replace('.', '/'));
                Reactor.sourcesUnder(inPackage).stream()
                        .filter(source -> inPackage.equals(source.getParent()))
                        .forEach(sources::add);
            }
        }

        PublicJavadoc javadoc = PublicJavadoc.of(sources);

        System.out.println("public javadoc: " + javadoc.documented() + " declarations in " + sources.size() + " files");
        assertThat(javadoc.undocumented()).isEmpty();
        assertThat(javadoc.documented()).isGreaterThan(100);
    }

    @Test
    void every_package_tells_a_newcomer_what_lives_there() throws IOException {
        for (Path folder : Reactor.productionSourceFolders()) {
            for (Path source : Reactor.sourcesUnder(folder)) {
                if (source.endsWith("package-info.java")) {
                    assertThat(source).content().startsWith("/**").contains("@NullMarked");
                    assertThat(Files.readAllLines(source).size())
                            .as("%s", source)
                            .isGreaterThanOrEqualTo(8);
                }
            }
        }
    }

    @Test
    void silent_declarations_are_found(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Sample.java"), """
                public interface Sample {
                    int LIMIT = 3;
                    /** Said. */
                    void said();
                    /**  */
                    void blank(int a);
                    @Override String toString();
                    /** @return a tag is no sentence */
                    int tagOnly();
                    enum Colour { RED, /** Said. */ BLUE }
                    /** Said. */
                    record Point(int x) {
                        public Point {}
                        public int doubled() { return 2 * x; }
                        void hidden() {}
                    }
                }
                """);

        PublicJavadoc javadoc = PublicJavadoc.of(List.of(source));

        assertThat(javadoc.undocumented())
                .containsExactly(
                        "Sample.java:1 Sample",
                        "Sample.java:2 LIMIT",
                        "Sample.java:6 blank(1)",
                        "Sample.java:9 tagOnly(0)",
                        "Sample.java:10 Colour",
                        "Sample.java:14 doubled(0)");
        assertThat(javadoc.documented()).isEqualTo(2);
    }
}
