package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Until when a call may run, and what it is called in messages. One thread at a time. */
final class Deadline {
    private final String attempt;
    private final Duration within;
    private final long end;

    private Deadline(String attempt, Duration within, long end) {
        this.attempt = attempt;
        this.within = within;
        this.end = end;
    }

    /**
     * Starts a call.
     *
     * @throws LanternException if it has no time, or the thread is interrupted already
     */
    static Deadline start(String attempt, Duration within) {
        Deadline deadline = new Deadline(attempt, within, System.nanoTime() + within.toNanos());
        deadline.check();
        return deadline;
    }

    String attempt() {
        return attempt;
    }

    /** @throws LanternException if the time has passed or the thread was interrupted */
    void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(null);
        }
        if (remainingNanos() <= 0) {
            throw passed();
        }
    }

    long remainingNanos() {
        return end - System.nanoTime();
    }

    /** What is left, at least one; nearly the whole counts as the whole, so that equal calls need equal limits. */
    int limitMillis() {
        long remaining = remainingNanos();
        long whole = within.toNanos();
        long limit = remaining > whole - whole / 8 ? whole : remaining;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit / 1_000_000));
    }

    /** Takes a lock within the deadline. */
    void enter(Lock lock) {
        try {
            if (!lock.tryLock(remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw passed();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    LanternException passed() {
        return new LanternException(attempt + ": gave up, its time of " + within + " has passed");
    }

    LanternException interrupted(@Nullable Throwable cause) {
        Thread.currentThread().interrupt();
        return new LanternException(attempt + ": gave up, the thread was interrupted", cause);
    }
}
