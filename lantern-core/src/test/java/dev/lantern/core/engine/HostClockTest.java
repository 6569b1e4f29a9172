package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HostClockTest {
    private static final Instant JOURNAL = Instant.parse("2030-05-05T05:05:05Z");

    private final ManualTurns turns = new ManualTurns();
    private final HostClock clock = new HostClock(turns);

    @Test
    void first_reading_is_taken_from_the_middle_of_the_call() {
        long before = turns.nanos();
        turns.pass(Duration.ofSeconds(2));
        clock.set(before, JOURNAL, turns.nanos());

        assertThat(clock.now()).isEqualTo(JOURNAL.plusSeconds(1));
        turns.pass(Duration.ofMillis(5));
        assertThat(clock.now()).isEqualTo(JOURNAL.plusSeconds(1).plusMillis(5));
    }

    @Test
    void wall_clock_that_jumps_is_not_seen() {
        clock.set(turns.nanos(), JOURNAL, turns.nanos());
        turns.jump(Duration.ofDays(400));

        assertThat(clock.now()).isEqualTo(JOURNAL);
    }

    @Test
    void slow_answer_that_proves_nothing_moves_nothing() {
        clock.set(turns.nanos(), JOURNAL, turns.nanos());
        long before = turns.nanos();
        turns.pass(Duration.ofSeconds(20));
        clock.correct(before, JOURNAL.plusSeconds(1), turns.nanos());

        assertThat(clock.now()).isEqualTo(JOURNAL.plusSeconds(20));
    }

    @Test
    void clock_that_is_behind_or_ahead_is_moved_as_far_as_is_proven() {
        clock.set(turns.nanos(), JOURNAL, turns.nanos());
        clock.correct(turns.nanos(), JOURNAL.plusSeconds(30), turns.nanos());
        assertThat(clock.now()).isEqualTo(JOURNAL.plusSeconds(30));

        long before = turns.nanos();
        turns.pass(Duration.ofSeconds(1));
        clock.correct(before, JOURNAL.plusSeconds(10), turns.nanos());
        assertThat(clock.now()).isEqualTo(JOURNAL.plusSeconds(11));
    }
}
