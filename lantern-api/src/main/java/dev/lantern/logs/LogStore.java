package dev.lantern.logs;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;

/**
 * Keeps what agents write, up to a size and an age. Thread-safe; calls block for no more than their own I/O.
 *
 * <p>A store caps the length of a line, replaces control characters, and drops the oldest lines of a run that
 * grows beyond its share. Cursors of dropped lines stay valid: reading behind one continues with the oldest line
 * that is left.
 */
public interface LogStore extends AutoCloseable {

    /** Keeps these lines, in order. They may be lost in a crash that follows at once. */
    void append(List<LogEntry> lines);

    /**
     * Reads lines of a run.
     *
     * @param after the cursor of the last line that is known; empty for the oldest line that is kept
     * @param max at most so many
     * @return in order; empty when nothing stands behind the cursor
     * @throws dev.lantern.value.LanternException if the cursor is none of this store
     */
    List<LogLine> read(RunRef run, String after, int max);

    /**
     * How far the lines of an instance are kept: the time of the last one and how many have it, of those that
     * {@link #append} took before; {@link LogPosition#START} of an instance of which nothing is kept. Dropped lines may
     * count or not. Reads all that is kept of the run unless a store knows better.
     */
    default LogPosition position(InstanceRef instance) {
        LogPosition position = LogPosition.START;
        String cursor = "";
        List<LogLine> lines;
        do {
            lines = read(instance.run(), cursor, 500);
            for (LogLine line : lines) {
                position = line.epoch() == instance.epoch() ? position.plus(line.time()) : position;
                cursor = line.cursor();
            }
        } while (!lines.isEmpty());
        return position;
    }

    /**
     * Drops everything that is kept of these runs, for good when the call returns. Called for runs that write no more, in
     * batches, before they are deleted from the journal. A run of which nothing is kept is none too many, so a repeat is
     * harmless. A line that comes late is kept as that of a new run, and goes by its age.
     *
     * @param within how long the call may take; with zero or less nothing is dropped
     * @throws dev.lantern.value.LanternException if not all could be dropped; some may be, and calling again goes on
     */
    void delete(List<RunRef> runs, Duration within);

    /** Idempotent. */
    @Override
    void close();
}
