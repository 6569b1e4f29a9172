package dev.lantern.crash;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process does, by looking. */
public final class Wait {
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private Wait() {}

    public static void until(String what, BooleanSupplier seen) {
        until(AT_MOST, what, seen);
    }

    public static void until(Duration atMost, String what, BooleanSupplier seen) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not seen within " + atMost + ": " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }
}
