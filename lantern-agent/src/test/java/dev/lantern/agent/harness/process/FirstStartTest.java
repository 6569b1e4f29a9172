package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstStartTest {
    @TempDir
    private Path scratch;

    @Test
    void first_start_is_one_and_every_later_one_is_not() {
        assertThat(FirstStart.claim(scratch)).isTrue();
        assertThat(FirstStart.claim(scratch)).isFalse();
        assertThat(FirstStart.claim(scratch)).isFalse();
    }

    @Test
    void start_is_none_where_no_mark_can_be_left() {
        Path nowhere = scratch.resolve("nowhere");

        assertThatThrownBy(() -> FirstStart.claim(nowhere))
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "cannot tell whether this is the first start of the harness in this pod: no mark can be left"
                                + " in " + nowhere + " (NoSuchFileException)");
    }
}
