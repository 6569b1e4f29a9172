package dev.lantern.core.seal;

import java.util.Optional;

/**
 * Where an {@link EnvelopeSeal} has its keys from: one that seals, and those that open what was sealed before.
 *
 * <p>Implementations are thread-safe and answer from memory: they are asked for every payload. Whoever fetches keys
 * from elsewhere fetches them before, and hands a changed ring's keys out from one call to the next.
 */
public interface KeyRing extends AutoCloseable {

    /** The key under which payloads are sealed from now on. */
    SealKey current();

    /** The key of this id, current or not; empty if the ring does not hold it. */
    Optional<SealKey> find(String id);

    /** Closes the keys. Idempotent. */
    @Override
    void close();

    /**
     * A ring of keys that the caller has; they belong to the ring.
     *
     * @param former opened, not sealed under
     * @throws dev.lantern.value.LanternException if two have one id
     */
    static KeyRing of(SealKey current, SealKey... former) {
        return HeldKeys.of(current, former);
    }
}
