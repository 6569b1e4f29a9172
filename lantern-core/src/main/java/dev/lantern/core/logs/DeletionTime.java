package dev.lantern.core.logs;

import dev.lantern.value.LanternException;
import java.time.Duration;

/** What a store says that has no time left for deleting. */
final class DeletionTime {
    private DeletionTime() {}

    /** @throws LanternException if nothing is left */
    static void require(int runs, int done, Duration left) {
        if (left.isNegative() || left.isZero()) {
            throw new LanternException("deleting the log lines of " + runs + " runs: " + done
                    + " are done and the time is over; calling again goes on");
        }
    }
}
