package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.value.Commitment;
import dev.lantern.value.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which payloads an event commits to, and in what form they stand beside it. */
final class Payloads {
    /** Larger payloads are stored before their event, outside of the group that writes it. */
    static final int INLINE_BYTES = 64 * 1024;

    private Payloads() {}

    /** In the event's row, or by commitment where it is too large for that. */
    static StoredOpening whole(Opening opening) {
        return isLarge(opening)
                ? new StoredOpening.Elsewhere(opening.mediaType(), opening.salt())
                : new StoredOpening.Inline(opening);
    }

    /** Only what equality needs. */
    static StoredOpening saltOnly(Opening opening) {
        return new StoredOpening.SaltOnly(opening.mediaType(), opening.salt());
    }

    static boolean isLarge(Opening opening) {
        return opening.size() > INLINE_BYTES;
    }

    /** What a call brings that is too large for its event's row. */
    static Optional<Opening> large(GatewayCall call) {
        if (call instanceof GatewayCall.Complete complete) {
            return Optional.of(complete.result()).filter(Payloads::isLarge);
        } else if (call instanceof GatewayCall.Output output) {
            return Optional.of(output.output()).filter(Payloads::isLarge);
        }
        return Optional.empty();
    }

    /** How many bytes of payloads a call brings. */
    static long size(GatewayCall call) {
        if (call instanceof GatewayCall.Begin begin) {
            return size(begin.input());
        } else if (call instanceof GatewayCall.Complete complete) {
            return size(complete.input()) + complete.result().size();
        } else if (call instanceof GatewayCall.Output output) {
            return output.output().size();
        }
        return 0;
    }

    private static long size(Optional<Opening> opening) {
        return opening.map(Opening::size).orElse(0);
    }

    /** The event's commitments, in the order in which openings stand beside it. */
    static List<Commitment> commitments(RunEvent event) {
        if (event instanceof RunEvent.RunCreated e) {
            return List.of(e.input());
        } else if (event instanceof RunEvent.StepStarted e) {
            return listed(e.input());
        } else if (event instanceof RunEvent.StepCompleted e) {
            List<Commitment> both = new ArrayList<>(listed(e.record().input()));
            both.add(e.record().result());
            return both;
        } else if (event instanceof RunEvent.ResultReady e) {
            return List.of(e.record().output());
        }
        return List.of();
    }

    private static List<Commitment> listed(Optional<Commitment> commitment) {
        return commitment.map(List::of).orElseGet(List::of);
    }
}
