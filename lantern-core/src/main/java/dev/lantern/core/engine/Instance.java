package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.gate.NodeId;
import dev.lantern.value.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newest instance, from the moment its start was durable until it was lost or stopped.
 *
 * @param epoch its number
 * @param secret the SHA-256 of what its harness proves itself with
 * @param startedAt when its start became durable
 * @param publicKey its raw Ed25519 key in hexadecimal, once it enrolled
 * @param verified the checkpoints that it has passed behind the gate
 * @param node where it runs, once a checkpoint has told
 */
record Instance(
        int epoch,
        Digest secret,
        Instant startedAt,
        Optional<String> publicKey,
        List<String> verified,
        Optional<NodeId> node) {
    Instance {
        verified = List.copyOf(verified);
    }

    static Instance started(int epoch, Digest secret, Instant at) {
        return new Instance(epoch, secret, at, Optional.empty(), List.of(), Optional.empty());
    }

    boolean enrolled() {
        return publicKey.isPresent();
    }

    Instance enrolled(String key) {
        return new Instance(epoch, secret, startedAt, Optional.of(key), verified, node);
    }

    Instance verified(RunEvent.BoundaryVerified passed) {
        List<String> all = new ArrayList<>(verified);
        all.add(passed.checkpoint());
        return new Instance(
                epoch, secret, startedAt, publicKey, all, passed.node().isPresent() ? passed.node() : node);
    }
}
