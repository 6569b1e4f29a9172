package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.value.Digest;
import java.util.Optional;

/** The furthest head that an acknowledgement named; answers may arrive in any order. One thread at a time. */
final class LastHead {
    private long seq;
    private Optional<Digest> hash = Optional.empty();

    void acknowledged(GatewayReply.Accepted accepted) {
        if (accepted.seq() > seq) {
            seq = accepted.seq();
            hash = Optional.of(accepted.hash());
        }
    }

    long seq() {
        return seq;
    }

    Optional<Digest> hash() {
        return hash;
    }
}
