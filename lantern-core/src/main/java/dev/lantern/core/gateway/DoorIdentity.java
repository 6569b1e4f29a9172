package dev.lantern.core.gateway;

import dev.lantern.value.LanternException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * An Ed25519 key and the certificates that speak for it. Immutable; {@code toString} shows nothing of the key.
 *
 * @param chain the key's own certificate first
 */
public record DoorIdentity(PrivateKey key, List<X509Certificate> chain) {
    static final String ALGORITHM = "EdDSA";

    /** @throws LanternException if there is no certificate, or one of them or the key is of another algorithm */
    public DoorIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new LanternException("a gateway's TLS identity has at least one certificate, found none");
        }
        requireEd25519(key.getAlgorithm());
        chain.forEach(certificate -> requireEd25519(certificate.getPublicKey().getAlgorithm()));
    }

    @Override
    public String toString() {
        X509Certificate own = chain.get(0);
        return "DoorIdentity[serial " + own.getSerialNumber().toString(16) + ", until "
                + own.getNotAfter().toInstant() + "]";
    }

    private static void requireEd25519(String algorithm) {
        if (!algorithm.equals(ALGORITHM)) {
            throw new LanternException("keys and certificates of a gateway are Ed25519, found " + algorithm);
        }
    }
}
