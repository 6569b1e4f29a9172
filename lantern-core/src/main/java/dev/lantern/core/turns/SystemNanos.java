package dev.lantern.core.turns;

import java.util.function.LongSupplier;

/** A clock that only runs forward, for what has no {@link Turns} because it is made before there is a runtime. */
public final class SystemNanos {
    private SystemNanos() {}

    /** The system's, in nanoseconds from an arbitrary origin. */
    public static LongSupplier source() {
        return System::nanoTime;
    }
}
