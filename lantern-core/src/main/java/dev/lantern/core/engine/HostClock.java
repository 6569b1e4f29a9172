package dev.lantern.core.engine;

import dev.lantern.core.turns.Turns;
import java.time.Duration;
import java.time.Instant;

/**
 * The journal's clock, as far as this host can tell without asking: what it showed at the last renewal and what the
 * host's monotonic clock counted since. The host's wall clock may jump as it likes; nothing here sees it after the
 * first reading. Thread-safe.
 */
final class HostClock {
    private record Reading(Instant shown, long nanos) {}

    private final Turns turns;
    private volatile Reading last;

    HostClock(Turns turns) {
        this.turns = turns;
        this.last = new Reading(turns.now(), turns.nanos());
    }

    Instant now() {
        return at(turns.nanos());
    }

    /** The journal's clock showed {@code seen} at some moment between these two of ours: it is taken from the middle. */
    void set(long before, Instant seen, long after) {
        last = new Reading(seen.plusNanos((after - before) / 2), after);
    }

    /**
     * The journal's clock showed {@code seen} at some moment between these two of ours. Ours is moved no further than
     * that proves it wrong, so that a slow answer does not make it worse.
     */
    void correct(long before, Instant seen, long after) {
        Instant earliest = seen;
        Instant latest = seen.plus(Duration.ofNanos(after - before));
        Instant ours = at(after);
        Instant corrected = ours.isBefore(earliest) ? earliest : ours.isAfter(latest) ? latest : ours;
        last = new Reading(corrected, after);
    }

    private Instant at(long nanos) {
        Reading reading = last;
        return reading.shown().plusNanos(nanos - reading.nanos());
    }
}
