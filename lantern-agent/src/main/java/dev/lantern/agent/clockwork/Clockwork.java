package dev.lantern.agent.clockwork;

import java.time.Duration;

/**
 * Turns, timers and randomness: all that the harness may take from the world besides its transport.
 *
 * <p>A turn is a piece of work that runs alone: turns of one clockwork never overlap and see each other's
 * writes, so what runs in them needs no locks. The real one has a thread, a simulated one a queue under a seed.
 */
public interface Clockwork {

    /**
     * Runs {@code turn} once, not before {@code delay} has passed. Callable from any thread; never runs it
     * inside the call.
     */
    Timer later(Duration delay, Runnable turn);

    /** A clock that only runs forward, in nanoseconds from an arbitrary origin. Callable from any thread. */
    long nanos();

    /** Fills a new array with bytes that nobody can foresee (outside of a simulation). */
    byte[] random(int length);

    /** Runs {@code turn} once, as soon as no other turn runs. */
    default void soon(Runnable turn) {
        later(Duration.ZERO, turn);
    }

    /** A turn that has not run yet. */
    interface Timer {
        /** The turn will not run, unless it already has. Repeating this does nothing. */
        void cancel();
    }
}
