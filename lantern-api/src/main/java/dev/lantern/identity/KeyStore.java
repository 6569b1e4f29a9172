package dev.lantern.identity;

import java.time.Duration;
import java.util.List;

/**
 * The authority's Ed25519 keys, wherever their private halves are: a file, or a service that signs elsewhere. Nothing
 * else than a signature is ever asked of a private half.
 *
 * <p>Implementations are thread-safe. Calls block for no more than their own I/O, heed the time that they are given and
 * interruption, and throw a {@link dev.lantern.value.LanternException} whenever they cannot answer: there is no weaker
 * answer. All hosts of one deployment see the same keys, possibly at different moments, which is why a key is published
 * before it signs.
 */
public interface KeyStore extends AutoCloseable {

    /**
     * All keys that anybody may still have to trust, oldest first: by {@link AuthorityKey#signsFrom()}, then by
     * {@link AuthorityKey#keyId()}. Never do two sign at one moment.
     *
     * @param within how long the call may take
     */
    List<AuthorityKey> keys(Duration within);

    /**
     * The 64 bytes of the pure Ed25519 signature (RFC 8032, without prehash or context) of that key over exactly this
     * message. The caller verifies it before it leaves the host.
     *
     * @param keyId one of {@link #keys} that signs, will, or did: by its own signature the certificate is made by which it is
     *     pinned. A key whose private half is away is {@link AuthorityKey#trusted}, and is not asked for
     * @param within how long the call may take
     * @throws dev.lantern.value.LanternException if there is no such key, or it cannot sign
     */
    byte[] sign(String keyId, byte[] message, Duration within);

    /** Forgets what it holds, as far as it can; nothing signs from now on. Idempotent. */
    @Override
    void close();
}
