package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration LEAST = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofSeconds(1);

    @Test
    void pauses_double_up_to_the_longest_and_begin_anew_after_a_success() {
        BackOff pauses = new BackOff(LEAST, MOST, always(0));

        assertThat(millis(pauses)).containsExactly(200L, 400L, 800L, 1000L, 1000L);
        pauses.reset();
        assertThat(millis(pauses)).startsWith(200L, 400L);
    }

    @Test
    void chance_cuts_a_pause_by_up_to_a_half() {
        assertThat(millis(new BackOff(LEAST, MOST, always(1L << 63)))).containsExactly(150L, 300L, 600L, 750L, 750L);
        assertThat(millis(new BackOff(LEAST, MOST, always(-1)))).containsExactly(100L, 200L, 400L, 500L, 500L);
    }

    private static List<Long> millis(BackOff pauses) {
        return Stream.generate(pauses::next).limit(5).map(Duration::toMillis).toList();
    }

    private static RandomGenerator always(long bits) {
        return () -> bits;
    }
}
