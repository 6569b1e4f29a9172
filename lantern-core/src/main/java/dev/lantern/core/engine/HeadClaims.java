package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds what an instance says was acknowledged to it against what this host knows to be durable. An owner that does not
 * know the acknowledged event is owner no longer, or its journal has gone back; only the journal tells which. Confined
 * to the mailbox.
 */
final class HeadClaims {
    /** Heads that may be claimed and need no look; older ones cost a look. */
    private static final int REMEMBERED = 64;

    private final TreeMap<Long, Digest> durable = new TreeMap<>();
    private long verified;

    /** The chain ends here, durably: an answer may name it. */
    void durable(Head head) {
        durable.put(head.seq(), head.hash());
        if (durable.size() > REMEMBERED) {
            durable.pollFirstEntry();
        }
    }

    /** The journal holds the event that an instance claims. */
    void verified(long seq) {
        verified = Math.max(verified, seq);
        durable.headMap(verified).clear();
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
        if (hash.isPresent() && hash.equals(Optional.ofNullable(durable.get(seq)))) {
            verified(seq);
            return false;
        }
        return true;
    }
}
