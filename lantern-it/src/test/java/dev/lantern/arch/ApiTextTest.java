package dev.lantern.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The public API of each module is a file under {@code api/}, so that a change to it is a diff somebody reviews. */
class ApiTextTest {
    /** Set by {@code make api}: write the files instead of comparing them. */
    private static final boolean UPDATE = Boolean.getBoolean("lantern.api.update");

    private static final Path FOLDER = Reactor.root().resolve("api");

    @BeforeAll
    static void forget_modules_that_are_gone() throws IOException {
        if (UPDATE) {
            Files.createDirectories(FOLDER);
            try (Stream<Path> files = Files.list(FOLDER)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> public_api_is_what_was_reviewed() {
        return ModuleOnPath.all().stream()
                .map(module -> DynamicTest.dynamicTest(module.artifact(), () -> compareOrUpdate(module)));
    }

    @Test
    void every_file_is_of_a_module() throws IOException {
        assumeThat(UPDATE).isFalse();
        List<String> expected = ModuleOnPath.all().stream()
                .map(module -> module.artifact() + ".txt")
                .toList();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void text_tells_everything_a_caller_can_see() {
        assertThat(ApiText.of(Sample.class)).isEqualTo("""

                          public sealed interface dev.lantern.arch.ApiTextTest$Sample<T extends Comparable<T> & java.io.Serializable> extends java.io.Serializable permits dev.lantern.arch.ApiTextTest$Sample$Closed, dev.lantern.arch.ApiTextTest$Sample$Open
                            @Deprecated public default <U> U cast(java.util.Map<? super T, ? extends @Nullable U>)
                            public abstract @Nullable T find(String, byte[], int...) throws java.io.IOException
                            public static final int LIMIT = 3
                        """);
        assertThat(ApiText.of(Sample.Closed.class)).isEqualTo("""

                          public record dev.lantern.arch.ApiTextTest$Sample$Closed(@Nullable String name) implements dev.lantern.arch.ApiTextTest$Sample<String>
                            public @Nullable String find(String, byte[], int...)
                        """);
        assertThat(ApiText.of(Sample.Open.class))
                .contains("public abstract class ", "    protected new()\n")
                .doesNotContain("hidden", "secret");
    }

    private static void compareOrUpdate(ModuleOnPath module) throws IOException {
        Path file = FOLDER.resolve(module.artifact() + ".txt");
        String actual = ApiText.of(module);
        if (UPDATE) {
            Files.writeString(file, actual);
            return;
        }
        List<String> reviewed = Files.exists(file) ? Files.readAllLines(file) : List.of();
        assertThat(changes(reviewed, actual.lines().toList()))
                .as("changes of the public API of %s; if they are meant, run `make api` and commit", module.name())
                .isEmpty();
        assertThat(Files.readString(file)).isEqualTo(actual);
    }

    /** Each line with the type it belongs to: members of two types may read alike. */
    private static List<String> changes(List<String> before, List<String> after) {
        List<String> changes = new ArrayList<>();
        withTypes(before).stream()
                .filter(line -> !withTypes(after).contains(line))
                .forEach(line -> changes.add("- " + line));
        withTypes(after).stream()
                .filter(line -> !withTypes(before).contains(line))
                .forEach(line -> changes.add("+ " + line));
        return changes;
    }

    private static List<String> withTypes(List<String> lines) {
        List<String> placed = new ArrayList<>();
        String type = "";
        for (String line : lines) {
            boolean member = line.startsWith("    ");
            type = member ? type : line.replaceFirst(".*(?:class|interface|record|enum) ([\\w.$]+).*", "$1");
            placed.add(member ? type + ": " + line.strip() : line);
        }
        return placed;
    }

    @Test
    void change_is_told_with_the_type_it_belongs_to() {
        assertThat(changes(
                        List.of("", "  public class A", "    public int b()"),
                        List.of("", "  public class A", "    public long b()")))
                .containsExactly("- A: public int b()", "+ A: public long b()");
    }

    /** One of everything that the text must show. */
    public sealed interface Sample<T extends Comparable<T> & Serializable> extends Serializable {
        int LIMIT = 3;

        @Nullable T find(String name, byte[] bytes, int... more) throws IOException;

        @Deprecated
        default <U> U cast(Map<? super T, ? extends @Nullable U> map) {
            throw new UnsupportedOperationException(map.toString());
        }

        /** A record. */
        record Closed(@Nullable String name) implements Sample<String> {
            @Override
            public @Nullable String find(String name, byte[] bytes, int... more) {
                return name;
            }
        }

        /** A class to extend. */
        @SuppressWarnings("serial")
        abstract non-sealed class Open implements Sample<String> {
            private final int secret = 1;

            protected Open() {}

            int hidden() {
                return secret;
            }
        }
    }
}
