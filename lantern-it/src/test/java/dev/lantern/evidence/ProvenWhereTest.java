package dev.lantern.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README says what is proven where, and says nothing else than the tests and the evidence do. */
class ProvenWhereTest {
    /** Writes the table anew: {@code -Dlantern.evidence.update=true}. */
    private static final boolean UPDATE = Boolean.getBoolean("lantern.evidence.update");

    private final Path root = ProvenWhere.root();

    @Test
    void table_of_the_readme_is_what_the_evidence_says() throws IOException {
        Path readme = root.resolve("README.md");
        List<String> lines = Files.readAllLines(readme);
        int begin = lines.indexOf(ProvenWhere.BEGIN);
        int end = lines.indexOf(ProvenWhere.END);
        assertThat(begin).as("README.md has the line " + ProvenWhere.BEGIN).isNotNegative();
        assertThat(end).as("README.md has the line " + ProvenWhere.END).isGreaterThan(begin);
        List<String> table = ProvenWhere.read(root).table();
        if (UPDATE) {
            List<String> updated = new ArrayList<>(lines.subList(0, begin + 1));
            updated.addAll(table);
            updated.addAll(lines.subList(end, lines.size()));
            Files.write(readme, updated);
            return;
        }

        assertThat(lines.subList(begin + 1, end))
                .as("written anew by -Dlantern.evidence.update=true")
                .isEqualTo(table);
    }

    @Test
    void every_class_that_a_claim_rests_on_exists() throws IOException {
        List<String> classes = ProvenWhere.read(root).classes();

        assertThat(classes).hasSizeGreaterThanOrEqualTo(10);
        assertThat(sources()).containsAll(classes);
    }

    private List<String> sources() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> files = Files.walk(tests)) {
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".java"))
                                .forEach(name -> names.add(name.replace(".java", "")));
                    }
                }
            }
        }
        return names;
    }
}
