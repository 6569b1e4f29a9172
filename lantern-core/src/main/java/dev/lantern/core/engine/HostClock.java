package dev.lantern.core.engine;

import dev.lantern.core.turns.Turns;
import java.time.Duration;
import java.time.Instant;

/** The host's clock with the offset to the journal's, as seen at the last renewal. Thread-safe. */
final class HostClock {
    private final Turns turns;
    private volatile Duration offset = Duration.ZERO;

    HostClock(Turns turns) {
        this.turns = turns;
    }

    Instant now() {
        return turns.now().plus(offset);
    }

    /** The journal's clock showed {@code seen} at some moment between the two readings of ours. */
    void correct(Instant before, Instant seen, Instant after) {
        offset = Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), seen);
    }
}
