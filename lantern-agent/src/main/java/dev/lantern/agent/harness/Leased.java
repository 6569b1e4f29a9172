package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Optional;

/**
 * One secret under one lease after the other. Once {@link #vend} was called there is always one call or one timer that
 * brings it on, until {@link #end}. One thread at a time.
 *
 * <p>A lease is counted from the moment in which its answer was asked for, because the host began to count no earlier: an
 * answer that was long on its way makes it shorter and never longer. When it is over the value is gone, whatever is still
 * unanswered; an answer that comes later brings it back.
 */
final class Leased {
    /** Before what was refused is tried again: the secret may be back in its store by then. */
    static final Duration PAUSE = Duration.ofSeconds(5);
    /** A host that gives leases too short to be used is not asked in a loop. */
    static final Duration SHORTEST = Duration.ofMillis(100);

    private static final Clockwork.Timer NONE = () -> {};

    /** Told how it goes, in turns. */
    interface Owner {
        /** The value is in its place. */
        void put();

        /** @return whether to try again after a pause */
        boolean refused(String name, Problem problem);

        /** The place did not do as it was told. */
        void failed(String name, LanternException why);
    }

    private final String name;
    private final LeaseCalls calls;
    private final Clockwork clockwork;
    private final SecretsPlace place;
    private final Owner owner;
    private Optional<String> lease = Optional.empty();
    private Optional<Confidential> value = Optional.empty();
    private long until;
    private Clockwork.Timer next = NONE;
    private Clockwork.Timer expiry = NONE;
    private boolean ended;

    Leased(String name, LeaseCalls calls, Clockwork clockwork, SecretsPlace place, Owner owner) {
        this.name = name;
        this.calls = calls;
        this.clockwork = clockwork;
        this.place = place;
        this.owner = owner;
    }

    HeldSecret held() {
        return isThere()
                ? new HeldSecret(name, value, Duration.ofNanos(until - clockwork.nanos()))
                : new HeldSecret(name, Optional.empty(), Duration.ZERO);
    }

    /** Not after its lease, even if the turn that removes it is late. */
    boolean isThere() {
        return value.isPresent() && until - clockwork.nanos() > 0;
    }

    /** Asks for it anew. */
    void vend() {
        calls.vend(name, this::answered);
    }

    /**
     * Asks for nothing any more and forgets the value; what lies in the place is the caller's to remove.
     *
     * @return the lease to give back, if there is one
     */
    Optional<String> end() {
        ended = true;
        next.cancel();
        expiry.cancel();
        value = Optional.empty();
        Optional<String> last = lease;
        lease = Optional.empty();
        return last;
    }

    /** Or asks anew if there is no lease to renew. */
    private void renew() {
        lease.ifPresentOrElse(known -> calls.renew(known, this::answered), this::vend);
    }

    private void answered(GatewayReply reply, long askedAt) {
        if (reply instanceof GatewayReply.Vended vended) {
            if (ended) {
                calls.giveBack(vended.lease(), () -> {});
            } else {
                granted(vended, askedAt);
            }
        } else if (!ended) {
            refused(Refusals.problem(lease.isPresent() ? "renew-lease" : "vend", reply));
        }
    }

    private void granted(GatewayReply.Vended vended, long askedAt) {
        lease = Optional.of(vended.lease());
        long now = clockwork.nanos();
        long end = askedAt + vended.ttl().toNanos();
        if (end - now <= 0) {
            next = clockwork.later(SHORTEST, this::renew);
            return;
        }
        if (!put(vended.value())) {
            return;
        }
        until = end;
        expiry.cancel();
        expiry = clockwork.later(Duration.ofNanos(end - now), this::expired);
        long renewAt = askedAt + vended.ttl().multipliedBy(2).dividedBy(3).toNanos();
        next = clockwork.later(Duration.ofNanos(Math.max(renewAt - now, SHORTEST.toNanos())), this::renew);
        owner.put();
    }

    private boolean put(Confidential given) {
        if (value.equals(Optional.of(given))) {
            return true;
        }
        try {
            place.put(name, given);
        } catch (LanternException e) {
            owner.failed(name, e);
            return false;
        }
        value = Optional.of(given);
        return true;
    }

    private void refused(Problem problem) {
        boolean closed = problem.code() == Problem.Code.LEASE_CLOSED;
        if (closed && lease.isPresent()) {
            lease = Optional.empty();
            vend();
        } else if (closed || owner.refused(name, problem)) {
            // Closed before it was ever answered: its answers were lost for as long as it lasted.
            next = clockwork.later(PAUSE, this::renew);
        }
    }

    private void expired() {
        value = Optional.empty();
        try {
            place.remove(name);
        } catch (LanternException e) {
            owner.failed(name, e);
        }
    }
}
