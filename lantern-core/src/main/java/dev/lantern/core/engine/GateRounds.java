package dev.lantern.core.engine;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the gate is asked about a run's next instance, and when it may be asked again. Confined to the mailbox. */
final class GateRounds {
    private boolean asked;
    private int refusals;
    private @Nullable Instant notBefore;

    void asked() {
        asked = true;
    }

    /** Whoever was asked has answered, or failed to. */
    void answered() {
        asked = false;
    }

    void admitted() {
        refusals = 0;
        notBefore = null;
    }

    /** @return how often in a row it has refused now */
    int refused() {
        return ++refusals;
    }

    void notBefore(Instant again) {
        notBefore = again;
    }

    /** Never twice at a time. */
    boolean mayAsk(Instant now) {
        return !asked && (notBefore == null || !now.isBefore(notBefore));
    }

    /** When a gate that refused is asked again; empty if it did not refuse, or is being asked. */
    Optional<Instant> next() {
        return asked ? Optional.empty() : Optional.ofNullable(notBefore);
    }
}
