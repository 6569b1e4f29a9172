package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.LogPosition;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which lines of a log were told already. */
class LogCursorTest {
    @Test
    void log_of_which_nothing_is_kept_is_read_from_its_beginning() {
        LogCursor cursor = new LogCursor(LogPosition.START);

        assertThat(cursor.since()).isEmpty();
        cursor.begin();
        assertThat(cursor.next(at("00:00:20.5"))).isEqualTo(at("00:00:20.5"));
        assertThat(cursor.since()).contains(Instant.parse("2026-01-01T00:00:10Z"));
    }

    @Test
    void line_of_a_clock_that_went_back_is_told_with_the_time_of_the_line_before_and_counted_with_it() {
        LogCursor cursor = new LogCursor(LogPosition.START);
        cursor.begin();
        cursor.next(at("00:00:50"));
        assertThat(cursor.next(at("00:00:20"))).isEqualTo(at("00:00:50"));

        assertThat(cursor.position()).isEqualTo(new LogPosition(Instant.parse("2026-01-01T00:00:50Z"), 2));
        assertThat(cursor.since()).as("the earlier one, too").contains(Instant.parse("2026-01-01T00:00:10Z"));
        cursor.begin();
        assertThat(cursor.next(at("00:00:50"))).isEmpty();
        assertThat(cursor.next(at("00:00:20"))).isEmpty();
        assertThat(cursor.next(at("00:00:21"))).isEqualTo(at("00:00:50"));
        assertThat(cursor.next(at("00:00:51"))).isEqualTo(at("00:00:51"));
        assertThat(cursor.since()).contains(Instant.parse("2026-01-01T00:00:41Z"));
    }

    @Test
    void end_of_a_line_that_began_before_what_was_asked_for_was_told() {
        LogCursor cursor = new LogCursor(new LogPosition(Instant.parse("2026-01-01T00:00:50Z"), 1));
        cursor.begin();

        assertThat(cursor.next(Optional.empty())).isEmpty();
        assertThat(cursor.next(at("00:00:50"))).isEmpty();
        assertThat(cursor.next(Optional.empty()))
                .as("behind a line: never lost")
                .isEqualTo(at("00:00:50"));
    }

    @Test
    void times_within_a_microsecond_are_one_time() {
        LogCursor cursor = new LogCursor(new LogPosition(Instant.parse("2026-01-01T00:00:50.000001Z"), 2));
        cursor.begin();

        assertThat(cursor.next(at("00:00:50.000001100"))).isEmpty();
        assertThat(cursor.next(at("00:00:50.000001200"))).isEmpty();
        assertThat(cursor.next(at("00:00:50.000001300"))).isEqualTo(at("00:00:50.000001"));
    }

    private static Optional<Instant> at(String time) {
        return Optional.of(Instant.parse("2026-01-01T" + time + "Z"));
    }
}
