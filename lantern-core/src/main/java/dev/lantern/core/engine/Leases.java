package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Ends leases: those whose time is over, and those of instances that are no more. A static one has ended when that is
 * recorded; a dynamic one when its store has ended it, and then that is recorded.
 */
final class Leases {
    private Leases() {}

    /** Ends what has to end by now; {@code over} if nothing of the run stands any more. */
    static void sweep(Turn turn, Vitals vitals, boolean over) {
        for (Lease lease : List.copyOf(turn.state().leases().open())) {
            why(turn, lease, over)
                    .or(() -> vitals.secrets().ending(lease.id()))
                    .ifPresent(how -> close(turn, vitals, lease, how));
        }
    }

    /** Ends a lease; of a dynamic one the store is asked to, again and again. */
    static void close(Turn turn, Vitals vitals, Lease lease, String how) {
        if (!lease.isDynamic()) {
            turn.record(new RunEvent.LeaseClosed(lease.id(), how));
        } else if (vitals.secrets().mayRevoke(lease.id(), turn.now())) {
            vitals.secrets().revoking(lease.id(), how);
            turn.act(new Act.RevokeSecret(lease, how));
        }
    }

    /** The store has ended a dynamic secret. */
    static void revoked(Turn turn, Vitals vitals, Stimulus.SecretRevoked revoked) {
        vitals.secrets().revoked(revoked.lease());
        if (turn.state().leases().open(revoked.lease()).isPresent()
                && !turn.state().sealed()) {
            turn.record(new RunEvent.LeaseClosed(revoked.lease(), revoked.how() + "; revoked"));
        }
    }

    /** When the next one ends by itself. */
    static Optional<Instant> nextExpiry(RunState state) {
        return state.leases().open().stream().map(Lease::expiresAt).min(Instant::compareTo);
    }

    private static Optional<String> why(Turn turn, Lease lease, boolean over) {
        boolean alive = turn.state()
                .instance()
                .filter(instance -> instance.epoch() == lease.epoch())
                .isPresent();
        if (!alive) {
            return Optional.of("instance " + lease.epoch() + " is no more");
        } else if (over) {
            return Optional.of("the run has ended");
        }
        return turn.now().isBefore(lease.expiresAt()) ? Optional.empty() : Optional.of("expired");
    }
}
