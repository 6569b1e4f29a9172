package dev.lantern.core.turns;

import java.time.Instant;

/** Everything that makes one execution differ from the next. Thread-safe. */
public interface Turns {

    /** The wall clock. */
    Instant now();

    /** A clock that only runs forward, in nanoseconds from an arbitrary origin. */
    long nanos();

    /** Unpredictable bytes, for salts, secrets and ids. */
    byte[] random(int length);

    /** The loop with this number; the same number gives the same loop. Numbers may be any integer. */
    Loop loop(int number);

    /**
     * Runs {@code work} on a thread of its own and returns at once; for what waits as long as a host lives.
     *
     * @param name names the thread while it works
     */
    void work(String name, Runnable work);

    /** Where blocking calls of this kind are made. */
    Lane lane(LaneName name);
}
