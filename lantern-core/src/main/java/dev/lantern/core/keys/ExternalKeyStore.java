package dev.lantern.core.keys;

import dev.lantern.core.identity.TrustedKeys;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.identity.KeyStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Keys whose private halves somebody else holds. Their times are said here, once; a host that learns of new keys while it
 * runs implements {@link KeyStore} instead. Immutable, and as thread-safe as its signer.
 */
public final class ExternalKeyStore implements KeyStore {
    private final List<AuthorityKey> keys;
    private final ExternalSigner signer;

    private ExternalKeyStore(List<AuthorityKey> keys, ExternalSigner signer) {
        this.keys = keys;
        this.signer = signer;
    }

    /**
     * These keys.
     *
     * @param signer signs with each of them that signs at some time
     * @throws LanternException if one stands there twice, or signs while another one does
     */
    public static ExternalKeyStore of(List<AuthorityKey> keys, ExternalSigner signer) {
        return new ExternalKeyStore(List.copyOf(TrustedKeys.inOrder(keys)), Objects.requireNonNull(signer, "signer"));
    }

    @Override
    public List<AuthorityKey> keys(Duration within) {
        return keys;
    }

    @Override
    public byte[] sign(String keyId, byte[] message, Duration within) {
        if (keys.stream().noneMatch(key -> key.everSigns() && key.keyId().equals(keyId))) {
            throw new LanternException(
                    "signing with authority key " + Quoted.name(keyId) + ": none of this name signs here, of " + keys);
        }
        return signer.sign(keyId, message, within);
    }

    /** Holds nothing to be closed; the signer belongs to the caller. */
    @Override
    public void close() {}
}
