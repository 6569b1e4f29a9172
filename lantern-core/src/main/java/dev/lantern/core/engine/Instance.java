package dev.lantern.core.engine;

import dev.lantern.value.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * The newest instance, from the moment its start was durable until it was lost or stopped.
 *
 * @param epoch its number
 * @param secret the SHA-256 of what its harness proves itself with
 * @param startedAt when its start became durable
 * @param publicKey its raw Ed25519 key in hexadecimal, once it enrolled
 */
record Instance(int epoch, Digest secret, Instant startedAt, Optional<String> publicKey) {

    boolean enrolled() {
        return publicKey.isPresent();
    }

    Instance enrolled(String key) {
        return new Instance(epoch, secret, startedAt, Optional.of(key));
    }
}
