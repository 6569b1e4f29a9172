package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.gate.NodeId;
import dev.lantern.substrate.PodId;
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
 * @param pod what it is to the platform, once a checkpoint has told
 * @param violated whether its boundary was found to be another one than was admitted
 */
record Instance(
        int epoch,
        Digest secret,
        Instant startedAt,
        Optional<String> publicKey,
        List<String> verified,
        Optional<NodeId> node,
        Optional<PodId> pod,
        boolean violated) {
    Instance {
        verified = List.copyOf(verified);
    }

    static Instance started(int epoch, Digest secret, Instant at) {
        return new Instance(epoch, secret, at, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), false);
    }

    boolean enrolled() {
        return publicKey.isPresent();
    }

    Instance enrolled(String key) {
        return new Instance(epoch, secret, startedAt, Optional.of(key), verified, node, pod, violated);
    }

    Instance verified(RunEvent.BoundaryVerified passed) {
        List<String> all = new ArrayList<>(verified);
        all.add(passed.checkpoint());
        Optional<NodeId> at = passed.node().isPresent() ? passed.node() : node;
        Optional<PodId> as = passed.pod().isPresent() ? passed.pod() : pod;
        return new Instance(epoch, secret, startedAt, publicKey, all, at, as, violated);
    }

    Instance withViolation() {
        return new Instance(epoch, secret, startedAt, publicKey, verified, node, pod, true);
    }
}
