package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretFilesTest {
    @TempDir
    private Path folder;

    private final List<String> trouble = new ArrayList<>();
    private Path directory;

    @BeforeEach
    void make() throws IOException {
        directory = Files.createDirectory(folder.resolve("secrets"));
        mode("rwx------");
    }

    @Test
    void own_files_are_for_this_user_alone_and_shared_ones_for_the_group_as_well() throws IOException {
        own().put("API_KEY", value("one"));
        assertThat(modeOf("API_KEY")).isEqualTo("rw-------");
        shared().put("API_KEY", value("two"));

        assertThat(modeOf("API_KEY")).isEqualTo("rw-r-----");
        assertThat(directory.resolve("API_KEY")).hasContent("two");
        assertThat(names()).containsExactly("API_KEY");
    }

    @Test
    void value_is_kept_byte_for_byte() throws IOException {
        byte[] bytes = {0, (byte) 0xff, '\n', 0};
        own().put("_1", Confidential.of(bytes));

        assertThat(directory.resolve("_1")).hasBinaryContent(bytes);
    }

    @Test
    void reader_finds_the_one_value_or_the_other_whole() throws Exception {
        SecretFiles files = own();
        String one = "1".repeat(Confidential.MAX_BYTES);
        String two = "2".repeat(100);
        files.put("API_KEY", value(one));
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 500; i++) {
                files.put("API_KEY", value(i % 2 == 0 ? two : one));
            }
            over.set(true);
        });
        writer.start();
        int reads = 0;
        while (!over.get()) {
            assertThat(Files.readString(directory.resolve("API_KEY"))).isIn(one, two);
            reads++;
        }
        writer.join();
        System.out.println("secret files: " + reads + " reads beside 500 replacements");
        assertThat(reads).isGreaterThan(50);
    }

    @Test
    void removed_value_is_gone_and_overwritten_and_may_come_back() throws IOException {
        SecretFiles files = own();
        files.put("API_KEY", value("canary"));
        try (RandomAccessFile reader =
                new RandomAccessFile(directory.resolve("API_KEY").toFile(), "r")) {
            files.remove("API_KEY");
            byte[] left = new byte[6];
            reader.readFully(left);
            assertThat(left).containsOnly(0);
        }
        assertThat(directory).isEmptyDirectory();
        files.remove("API_KEY");
        files.put("API_KEY", value("again"));

        assertThat(directory.resolve("API_KEY")).hasContent("again");
    }

    @Test
    void nothing_is_put_there_once_all_are_removed() throws IOException {
        SecretFiles files = own();
        Files.writeString(directory.resolve("OTHER"), "not ours");
        files.put("API_KEY", value("canary"));
        files.put("DB_PASSWORD", value("canary"));
        files.removeAll();
        files.removeAll();

        assertThat(names()).containsExactly("OTHER");
        assertThatThrownBy(() -> files.put("API_KEY", value("canary")))
                .isInstanceOf(LanternException.class)
                .hasMessage("secret API_KEY was not put into " + directory
                        + ": its instance has ended and its secrets are removed");
        assertThat(trouble).isEmpty();
    }

    @Test
    void secrets_of_a_directory_that_is_gone_are_gone() throws IOException {
        SecretFiles files = own();
        files.put("API_KEY", value("canary"));
        Files.delete(directory.resolve("API_KEY"));
        Files.delete(directory);
        files.removeAll();

        assertThat(trouble).isEmpty();
    }

    @Test
    void file_that_cannot_be_removed_is_told_and_the_others_are_removed() throws IOException {
        SecretFiles files = own();
        files.put("API_KEY", value("canary"));
        files.put("DB_PASSWORD", value("canary"));
        Files.delete(directory.resolve("API_KEY"));
        Files.createDirectory(directory.resolve("API_KEY"));
        assertThatThrownBy(() -> files.remove("API_KEY"))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("secret API_KEY could not be removed from " + directory);
        files.removeAll();

        assertThat(names()).containsExactly("API_KEY");
        assertThat(trouble).singleElement().asString().contains("API_KEY", "remove it by hand");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "/etc/x", "1A", "A-B", "A B", "Ä", "A\0", "A\n"})
    void name_that_is_none_is_refused(String name) {
        for (SecretFiles files : List.of(own(), shared())) {
            assertThatThrownBy(() -> files.put(name, value("canary")))
                    .isInstanceOf(LanternException.class)
                    .hasMessage("a secret's name, which names its file, is of the form [A-Za-z_][A-Za-z0-9_]{0,127}");
            assertThatThrownBy(() -> files.remove(name)).isInstanceOf(LanternException.class);
        }
        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(() -> own().put("A".repeat(129), value("canary"))).isInstanceOf(LanternException.class);
    }

    @Test
    void directory_that_is_none_or_a_link_is_refused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
        Path file = Files.createFile(folder.resolve("file"));

        refused(link, "secrets are not put into " + link + ", because it is no directory but a link");
        refused(file, "secrets are not put into " + file + ", because it is no directory but a file");
        refused(folder.resolve("none"), "secrets cannot be put into " + folder.resolve("none"));
    }

    @Test
    void directory_that_becomes_a_link_is_refused() throws IOException {
        SecretFiles files = own();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.delete(directory);
        Files.createSymbolicLink(directory, elsewhere);

        assertThatThrownBy(() -> files.put("API_KEY", value("canary"))).hasMessageContaining("but a link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void directory_that_others_may_write_into_is_refused_where_the_user_is_the_same(String mode) throws IOException {
        mode(mode);

        assertThatThrownBy(this::own)
                .isInstanceOf(LanternException.class)
                .hasMessage("secrets are not put into " + directory
                        + ", because other users may write there and put their own in place of them: chmod go-w");
    }

    /** As the kubelet makes it: what keeps the agent from writing is its mount. */
    @Test
    void shared_directory_may_be_open_to_all() throws IOException {
        mode("rwxrwxrwx");
        shared().put("API_KEY", value("one"));

        assertThat(modeOf("API_KEY")).isEqualTo("rw-r-----");
    }

    @Test
    void value_that_cannot_be_put_there_is_not_shown() throws IOException {
        SecretFiles files = own();
        Files.createDirectories(directory.resolve("API_KEY/inside"));

        assertThatThrownBy(() -> files.put("API_KEY", value("canary")))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("secret API_KEY could not be put into " + directory)
                .hasMessageNotContaining("canary");
        assertThat(names()).containsExactly("API_KEY");
    }

    private void refused(Path where, String message) {
        assertThatThrownBy(() -> SecretFiles.own(where, trouble::add))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith(message);
        assertThatThrownBy(() -> SecretFiles.shared(where, trouble::add)).hasMessageStartingWith(message);
    }

    private SecretFiles own() {
        return SecretFiles.own(directory, trouble::add);
    }

    private SecretFiles shared() {
        return SecretFiles.shared(directory, trouble::add);
    }

    private void mode(String mode) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }

    private String modeOf(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Confidential value(String text) {
        return Confidential.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
