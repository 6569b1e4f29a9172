package dev.lantern.core.turns;

import java.time.Duration;

/** Runs turns one after the other, in the order in which they were given. A turn never blocks. */
public interface Loop {

    /** Runs {@code turn} soon. */
    void run(Runnable turn);

    /** Runs {@code turn} after {@code delay}. */
    Timer later(Duration delay, Runnable turn);

    /** A turn that is still to come. */
    interface Timer {
        /** Takes the turn back if it has not begun. Harmless if it has. */
        void cancel();
    }
}
