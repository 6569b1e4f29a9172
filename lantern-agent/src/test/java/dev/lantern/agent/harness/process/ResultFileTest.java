package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "1.5e3", " [1, null, {\"a\": 0.5, \"a\": 1}]\n", "\"\u00fc\""})
    void json_is_a_result_byte_for_byte(String json) throws Exception {
        Files.writeString(file(), json);

        assertThat(result().read()).hasValueSatisfying(payload -> {
            assertThat(payload.bytes()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
            assertThat(payload.mediaType()).isEqualTo("application/json");
        });
    }

    @Test
    void nothing_there_is_no_result() throws Exception {
        assertThat(result().read()).isEmpty();
        assertThat(new ResultFile(folder.resolve("nowhere/result.json")).read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{\"s3cret\": tru", "{\"s3cret\":1", "{} {}", "s3cret", "'s3cret'", "[1,]", "\ufeff{}"})
    void what_is_no_json_is_refused(String text) throws Exception {
        Files.writeString(file(), text);

        refused(" is not JSON: ");
    }

    @Test
    void other_encodings_are_refused() throws Exception {
        Files.write(file(), "{}".getBytes(StandardCharsets.UTF_16BE));
        refused(" is not JSON: it is no complete JSON, at character 1");
        Files.write(file(), new byte[] {'"', (byte) 0xfc, '"'});
        refused(" is not JSON: it is not in UTF-8");
    }

    @Test
    void largest_payload_is_a_result_and_one_byte_more_is_none() throws Exception {
        byte[] largest = new byte[Opening.MAX_BYTES];
        Arrays.fill(largest, (byte) ' ');
        largest[0] = '1';
        Files.write(file(), largest);
        assertThat(result().read()).isPresent();

        try (RandomAccessFile longer = new RandomAccessFile(file().toFile(), "rw")) {
            longer.setLength(Opening.MAX_BYTES + 1L);
        }
        refused(" has more than the allowed ");
    }

    @Test
    void what_is_no_regular_file_is_refused() throws Exception {
        Files.writeString(folder.resolve("elsewhere"), "{}");
        Files.createSymbolicLink(file(), folder.resolve("elsewhere"));
        refused(" is not a regular file");

        Files.delete(file());
        Files.createSymbolicLink(file(), folder.resolve("nowhere"));
        refused(" is not a regular file");

        Files.delete(file());
        Files.createDirectory(file());
        refused(" is not a regular file");

        Files.delete(file());
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
        refused(" is not a regular file");
    }

    @Test
    void result_that_the_harness_may_not_read_says_what_to_do() throws Exception {
        Files.writeString(file(), "{}");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file()), "root reads everything");

        assertThatThrownBy(() -> result().read())
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("chmod g+r")
                .hasCauseInstanceOf(AccessDeniedException.class);
    }

    private void refused(String why) {
        assertThatThrownBy(() -> result().read())
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(file() + why)
                .hasMessageNotContaining("s3cret");
    }

    private ResultFile result() {
        return new ResultFile(file());
    }

    private Path file() {
        return folder.resolve("result.json");
    }
}
