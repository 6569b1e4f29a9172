package dev.lantern.core.engine;

import dev.lantern.core.turns.Turns;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether this host can be sure, without asking, that nobody has adopted its runs. Thread-safe.
 *
 * <p>It counts from the moment at which the renewal was asked for, so it ends no later than the journal's own count.
 * Both of the host's clocks must agree that it has not ended: the monotonic one stands still while a machine is
 * suspended, the wall clock can be set back.
 *
 * <p>Each time the lease may have lapsed begins a new {@link #term}. What a host believed in an earlier term must be
 * confirmed by the journal before anybody is answered from it.
 */
final class OwnLease {
    /** When a lease was asked for, on both clocks. */
    record Grant(long nanos, Instant wall, Duration lease, long term) {}

    private final Turns turns;
    private volatile Grant last;

    OwnLease(Turns turns) {
        this.turns = turns;
        this.last = new Grant(turns.nanos(), turns.now(), Duration.ZERO, 0);
    }

    /** A moment from which a lease may count: taken before the journal is asked. */
    Grant asking(Duration lease) {
        return new Grant(turns.nanos(), turns.now(), lease, last.term());
    }

    /** The journal granted what was asked for with {@code asked}. */
    void granted(Grant asked) {
        if (asked.nanos() < last.nanos()) {
            // A later renewal was answered first.
            return;
        }
        long term = holds() ? last.term() : last.term() + 1;
        last = new Grant(asked.nanos(), asked.wall(), asked.lease(), term);
    }

    boolean holds() {
        Grant grant = last;
        return turns.nanos() - grant.nanos() < grant.lease().toNanos()
                && Duration.between(grant.wall(), turns.now()).compareTo(grant.lease()) < 0;
    }

    /** Counts the times after which everything had to be confirmed anew. */
    long term() {
        return last.term();
    }
}
