package dev.lantern.testkit.contract;

import dev.lantern.journal.HostLease;
import dev.lantern.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, bounded. */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        until(what, PATIENCE, condition);
    }

    static void until(String what, Duration patience, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > patience.toNanos()) {
                throw new AssertionError("waited " + patience + " for " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** What the backend's clock shows. */
    static Instant now(Journal journal) {
        HostLease probe = journal.join("probe", Duration.ofSeconds(1), PATIENCE);
        journal.leave(probe.host(), PATIENCE);
        return probe.now();
    }
}
