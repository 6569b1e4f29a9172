package dev.lantern.k8s;

import dev.lantern.substrate.LogPosition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Knows which lines of a log were told, however often it is read again, and when each of them is said to have been
 * written. One thread at a time.
 *
 * <p>A line is named by its time and by how many lines with that time stand before it. A node's clock may go back, times
 * that are told may not: a line that claims to be older than the one before it is told with that one's time. So the line
 * that made a time the latest stands in the log before all others that are told with it, and whoever reads from before
 * that line counts the same.
 */
final class LogCursor {
    /** The API server takes whole seconds, and a clock that is set back while nobody reads must not hide lines. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private LogPosition position;
    /** What the lines at the position claimed at the least: all of them have to be read again, or they are miscounted. */
    private Instant lowest;

    private Instant latest = Instant.MIN;
    private int same;
    private boolean behind;

    LogCursor(LogPosition position) {
        this.position = position;
        this.lowest = position.time();
    }

    /** From when on the log has to be read; empty for all of it. */
    Optional<Instant> since() {
        return position.equals(LogPosition.START)
                ? Optional.empty()
                : Optional.of(lowest.minus(MARGIN).truncatedTo(ChronoUnit.SECONDS));
    }

    LogPosition position() {
        return position;
    }

    /** The log is read again, from {@link #since} on or from any time before. */
    void begin() {
        behind = !position.equals(LogPosition.START);
        latest = behind ? Instant.MIN : position.time();
        same = 0;
    }

    /**
     * The next line.
     *
     * @param claimed when it was written; empty if the log does not say, which it does not of the end of a line whose
     *     beginning is older than what was asked for
     * @return when it is said to have been written; empty if it was told before
     */
    Optional<Instant> next(Optional<Instant> claimed) {
        if (claimed.isEmpty() && latest.equals(Instant.MIN)) {
            return Optional.empty();
        }
        Instant time =
                claimed.map(exact -> exact.truncatedTo(ChronoUnit.MICROS)).orElse(latest);
        latest = time.isAfter(latest) ? time : latest;
        if (behind && wasTold()) {
            return Optional.empty();
        }
        behind = false;
        lowest = latest.isAfter(position.time()) || time.isBefore(lowest) ? time : lowest;
        position = position.plus(latest);
        return Optional.of(latest);
    }

    private boolean wasTold() {
        if (latest.isBefore(position.time())) {
            return true;
        }
        same++;
        return latest.equals(position.time()) && same <= position.lines();
    }
}
