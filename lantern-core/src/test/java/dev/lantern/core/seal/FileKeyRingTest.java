package dev.lantern.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyRingTest {
    private static final String ONE = "one " + "01".repeat(32) + "\n";
    private static final String TWO = "two " + "02".repeat(32) + "\n";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void chooseFile() {
        file = directory.resolve("keys/seal.keys");
    }

    @Test
    void a_new_file_is_for_its_owner_alone_and_is_read_again() throws IOException {
        FileKeyRing made = FileKeyRing.openOrCreate(file);
        FileKeyRing read = FileKeyRing.openOrCreate(file);

        assertThat(read.current().id()).isEqualTo(made.current().id()).matches("key-[0-9a-f]{8}");
        assertThat(read.current().copy()).isEqualTo(made.current().copy());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).startsWith("# Seal keys of Lantern");
    }

    @Test
    void a_missing_file_is_made_only_when_asked_for() {
        assertThatThrownBy(() -> FileKeyRing.open(file))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("there is no such file; put it back");
        assertThat(file).doesNotExist();
    }

    @Test
    void the_first_line_seals_and_all_open() throws IOException {
        FileKeyRing ring = FileKeyRing.open(written("# for people\n" + TWO + "\n" + ONE));

        assertThat(ring.ids()).containsExactly("two", "one");
        assertThat(ring.current().copy()).isEqualTo(Fixed.key("two", 2).copy());
        assertThat(ring.find("one").orElseThrow().copy())
                .isEqualTo(Fixed.key("one", 1).copy());
        assertThat(ring.find("three")).isEmpty();
    }

    @Test
    void a_file_that_others_may_read_is_refused() throws IOException {
        for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
            Path readable = written(ONE);
            Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> FileKeyRing.open(readable))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("open to others than their owner (" + open + ")")
                    .hasMessageContaining("chmod 600");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(FileKeyRing.open(file).ids()).containsExactly("one");
    }

    @Test
    void a_file_of_another_form_is_refused_and_not_shown() throws IOException {
        String digits = "5a".repeat(32);
        refused("", "it holds no key");
        refused("# nothing\n", "it holds no key");
        refused("one " + digits, "its last line has no end: it was cut");
        refused("one " + digits.substring(2) + "\n", "line 1 is not");
        refused(ONE + "two " + digits.substring(1) + "\n", "line 2 is not");
        refused("one  " + digits.substring(1) + "\n", "is no hexadecimal digit");
        refused("one " + digits.substring(1) + "g\n", "is no hexadecimal digit");
        refused(" " + digits + "\n", "line 1 is not");
        refused("a b " + digits + "\n", "a seal key's id");
        refused(ONE + ONE, "two seal keys have the id \"one\"");
        refused("#".repeat(70_000) + "\n", "larger than 65536 bytes");
    }

    private void refused(String content, String reason) throws IOException {
        Path malformed = written(content);
        assertThatThrownBy(() -> FileKeyRing.open(malformed))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(reason)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("5a5a"));
    }

    @Test
    void rotating_writes_the_new_key_before_it_seals_and_keeps_the_former() throws IOException {
        FileKeyRing ring = FileKeyRing.open(written(ONE), Fixed.random(1));

        String fresh = ring.rotate();

        assertThat(ring.current().id()).isEqualTo(fresh);
        FileKeyRing again = FileKeyRing.open(file);
        assertThat(again.ids()).containsExactly(fresh, "one");
        assertThat(again.current().copy()).isEqualTo(ring.current().copy());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void a_file_that_was_opened_to_others_meanwhile_is_not_written() throws IOException {
        FileKeyRing ring = FileKeyRing.open(written(ONE));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(ring::rotate).hasMessageContaining("chmod 600");
        assertThat(ring.ids()).containsExactly("one");
        assertThat(Files.readString(file)).isEqualTo(ONE);
    }

    @Test
    void a_former_key_is_forgotten_and_the_current_one_is_not() throws IOException {
        FileKeyRing ring = FileKeyRing.open(written(TWO + ONE));
        SealKey one = ring.find("one").orElseThrow();

        assertThatThrownBy(() -> ring.forget("two"))
                .hasMessageContaining("it is the current one; call rotate() before");
        assertThatThrownBy(() -> ring.forget("none")).hasMessageContaining("the ring holds [two, one]");
        ring.forget("one");

        assertThat(ring.ids()).containsExactly("two");
        assertThat(FileKeyRing.open(file).ids()).containsExactly("two");
        assertThatThrownBy(one::copy).hasMessageContaining("was closed");
    }

    @Test
    void a_ring_shows_its_ids_and_no_key() throws IOException {
        FileKeyRing ring = FileKeyRing.open(written(TWO + ONE));

        assertThat(ring.toString()).contains("[two, one]").doesNotContain("0202");
        assertThat(HexFormat.of().formatHex(ring.current().copy())).isEqualTo("02".repeat(32));
    }

    private Path written(String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }
}
