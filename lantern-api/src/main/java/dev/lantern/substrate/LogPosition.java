package dev.lantern.substrate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * How far an instance's lines are kept: whoever can read them again from their source goes on behind it.
 *
 * @param time of the last line that is kept, in whole microseconds, which every store keeps
 * @param lines how many lines with this very time are kept
 */
public record LogPosition(Instant time, int lines) {
    /** Nothing is kept. */
    public static final LogPosition START = new LogPosition(Instant.EPOCH, 0);

    public LogPosition {
        Objects.requireNonNull(time, "time");
        time = time.truncatedTo(ChronoUnit.MICROS);
    }

    /** The position behind one more line, which is not older. */
    public LogPosition plus(Instant at) {
        Instant micros = at.truncatedTo(ChronoUnit.MICROS);
        return micros.equals(time) ? new LogPosition(time, lines + 1) : new LogPosition(micros, 1);
    }
}
