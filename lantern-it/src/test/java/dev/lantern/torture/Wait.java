package dev.lantern.torture;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do, by looking. */
final class Wait {
    /** For what must happen, however busy the machine is. */
    static final Duration LONG = Duration.ofMinutes(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private Wait() {}

    static void until(String what, Duration atMost, BooleanSupplier seen) throws InterruptedException {
        if (!isSeen(atMost, seen)) {
            throw new IllegalStateException("not seen within " + atMost.toSeconds() + " s: " + what);
        }
    }

    static boolean isSeen(Duration atMost, BooleanSupplier seen) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            aMoment();
        }
        return true;
    }

    /** Between two looks. */
    static void aMoment() throws InterruptedException {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException("while waiting for another process");
        }
    }
}
