package dev.lantern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manual says which test holds what; those tests exist: {@code `Class.a_statement`} and {@code `SomeTest`}. */
class NamedTestsTest {
    private static final int FEWEST = 40;
    private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w+)\\.([a-z]+_\\w+)`");
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+Test)`");

    private final Path root = root();

    @Test
    void every_test_that_the_manual_names_exists() throws IOException {
        String page = Files.readString(root.resolve("docs/testing.md"));
        List<Path> sources = sources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Matcher method = METHOD.matcher(page); method.find(); named++) {
            if (!hasMethod(sources, method.group(1), method.group(2))) {
                missing.add(method.group());
            }
        }
        for (Matcher one = CLASS.matcher(page); one.find(); named++) {
            if (files(sources, one.group(1)).isEmpty()) {
                missing.add(one.group());
            }
        }
        System.out.println("NamedTestsTest: " + named + " tests named in docs/testing.md");
        assertThat(missing).as("tests that docs/testing.md names").isEmpty();
        assertThat(named).isGreaterThanOrEqualTo(FEWEST);
    }

    private static boolean hasMethod(List<Path> sources, String type, String method) throws IOException {
        for (Path file : files(sources, type)) {
            if (Files.readString(file).contains(" void " + method + "(")) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> files(List<Path> sources, String type) {
        return sources.stream()
                .filter(file -> file.getFileName().toString().equals(type + ".java"))
                .toList();
    }

    /** Tests, and the contracts that backends extend. */
    private List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path above : List.of(root, root.resolve("docs"))) {
            for (Path module : directories(above)) {
                for (String part : List.of("src/test/java", "src/main/java/dev/lantern/testkit/contract")) {
                    Path directory = module.resolve(part);
                    if (Files.isDirectory(directory)) {
                        try (Stream<Path> files = Files.walk(directory)) {
                            files.filter(file -> file.toString().endsWith(".java"))
                                    .forEach(sources::add);
                        }
                    }
                }
            }
        }
        return sources;
    }

    private static List<Path> directories(Path above) throws IOException {
        try (Stream<Path> entries = Files.list(above)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("CHANGELOG.md"))) {
            here = here.getParent();
        }
        return here;
    }
}
