package dev.lantern.k8s;

import java.time.Duration;

/** How long something has held without a break. One thread at a time. */
final class Lasting {
    private boolean holds;
    private long since;

    /** What holds now. */
    Lasting now(boolean itHolds, long now) {
        if (itHolds && !holds) {
            since = now;
        }
        holds = itHolds;
        return this;
    }

    /** Whether it has held for so long. */
    boolean outlasts(Duration patience, long now) {
        return holds && now - since >= patience.toNanos();
    }

    boolean holds() {
        return holds;
    }

    /** In how many nanoseconds it will have held for so long. */
    long left(Duration patience, long now) {
        return Math.max(0, since + patience.toNanos() - now);
    }
}
