package dev.lantern.logs;

import dev.lantern.value.RunRef;
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

    /** Idempotent. */
    @Override
    void close();
}
