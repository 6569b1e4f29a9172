package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import java.time.Duration;

/** The time that is left of a call with a deadline. Immutable. */
final class Within {
    private final Duration whole;
    private final long end;

    private Within(Duration whole) {
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    /** From now on. */
    static Within of(Duration whole) {
        return new Within(whole);
    }

    /** Never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** What is left, but no more than this. */
    Duration atMost(Duration most) {
        Duration left = left();
        return left.compareTo(most) < 0 ? left : most;
    }

    /**
     * Ends a call whose time is over.
     *
     * @param what what was not done, or did not happen
     */
    void require(String what) {
        if (left().isZero()) {
            throw new LanternException(what + " within " + whole.toMillis()
                    + " ms; see the API server's health, and how" + " busy the cluster is; it is looked at again");
        }
    }
}
