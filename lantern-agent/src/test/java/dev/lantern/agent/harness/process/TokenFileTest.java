package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenFileTest {
    @TempDir
    private Path folder;

    @Test
    void word_in_the_file_is_read_each_time() throws IOException {
        TokenFile token = new TokenFile(file());

        Files.writeString(file(), "one\n");
        assertThat(token.secret()).isEqualTo("one");
        Files.writeString(file(), "two");
        assertThat(token.secret()).isEqualTo("two");
        Files.writeString(file(), "x".repeat(16 * 1024));
        assertThat(token.secret()).hasSize(16 * 1024);
        Files.delete(file());
        assertThatThrownBy(token::secret)
                .isInstanceOf(LanternException.class)
                .hasMessage("cannot read the enrolment secret in " + file() + " (NoSuchFileException)");
        Files.writeString(file(), "three");
        assertThat(token.secret()).isEqualTo("three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two w0rds", "w0rd\nw0rd", "w0rd\u0000", "w\u00f6rd", "w0rd\u007f"})
    void something_else_is_refused_and_not_shown(String content) throws IOException {
        Files.writeString(file(), content);

        assertThatThrownBy(new TokenFile(file())::secret)
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("the enrolment secret must be one word of printable ASCII, at most 16384 bytes")
                .hasMessageNotContaining("w0rd");
    }

    @Test
    void more_than_its_limit_is_refused() throws IOException {
        Files.writeString(file(), "x".repeat(16 * 1024 + 1));

        assertThatThrownBy(new TokenFile(file())::secret).hasMessageNotContaining("xx");
    }

    private Path file() {
        return folder.resolve("token");
    }
}
