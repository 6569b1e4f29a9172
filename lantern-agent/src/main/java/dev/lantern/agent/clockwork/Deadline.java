package dev.lantern.agent.clockwork;

import java.time.Duration;

/** A moment on this process's monotonic clock until which something may take. Immutable. */
public final class Deadline {
    private final long at;

    private Deadline(long at) {
        this.at = at;
    }

    /** The moment that is {@code span} from now. */
    public static Deadline after(Duration span) {
        return new Deadline(System.nanoTime() + span.toNanos());
    }

    /** What is left, rounded up to milliseconds as sockets count; 0 when it has passed. */
    public int millisLeft() {
        long left = at - System.nanoTime();
        return left <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
    }

    /** Whether nothing is left. */
    public boolean passed() {
        return millisLeft() == 0;
    }
}
