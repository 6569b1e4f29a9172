package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Holds what an instance says was acknowledged to it against what this host knows to be durable. An owner that does not
 * know the acknowledged event is owner no longer, or its journal has gone back; only the journal tells which. Confined
 * to the mailbox.
 */
final class HeadClaims {
    /** A claim is nearly always the newest head or the one before; older ones cost a look, and heads cost memory. */
    private static final int REMEMBERED = 4;

    private final ArrayDeque<Head> durable = new ArrayDeque<>(REMEMBERED);
    private long verified;

    /** The chain ends here, durably: an answer may name it. */
    void durable(Head head) {
        if (durable.size() == REMEMBERED) {
            durable.removeFirst();
        }
        durable.add(head);
    }

    /** The journal holds the event that an instance claims. */
    void verified(long seq) {
        verified = Math.max(verified, seq);
    }

    /** Whether the journal must be asked before the call may be answered. */
    boolean mustLook(GatewayCall call) {
        if (call instanceof GatewayCall.Begin begin) {
            return mustLook(begin.seq(), begin.hash());
        } else if (call instanceof GatewayCall.Heartbeat heartbeat) {
            return mustLook(heartbeat.seq(), heartbeat.hash());
        }
        return false;
    }

    private boolean mustLook(long seq, Optional<Digest> hash) {
        if (seq <= verified) {
            // Older than what the same instance was found to be right about.
            return false;
        }
        if (hash.isPresent() && durable.contains(new Head(seq, hash.get()))) {
            verified(seq);
            return false;
        }
        return true;
    }
}
