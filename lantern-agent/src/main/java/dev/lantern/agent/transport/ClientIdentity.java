package dev.lantern.agent.transport;

import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.value.LanternException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What an instance shows of itself over TLS: nothing before it has enrolled, then the newest certificate of its key.
 * Thread-safe: what is shown changes for the connections that begin afterwards, and connections that showed something older
 * are not used again.
 */
public final class ClientIdentity {
    private final JdkInstanceSigner signer;
    private final Object lock = new Object();
    private volatile Shown newest = new Shown(0, Optional.empty());

    /** @param signer holds the key that certificates are for */
    public ClientIdentity(JdkInstanceSigner signer) {
        this.signer = signer;
    }

    /**
     * Shows this certificate from now on.
     *
     * @param derChain the certificate, and behind it what its issuer wants to be sent along
     * @throws LanternException if these are no certificates or the first one is for another key; what was shown before stays
     */
    public void show(List<byte[]> derChain) {
        X509ExtendedKeyManager keys = signer.keys(Certificates.of(derChain));
        synchronized (lock) {
            newest = new Shown(newest.number() + 1, Optional.of(keys));
        }
    }

    /** Whether there is a certificate to show. */
    public boolean isCertified() {
        return newest.isCertified();
    }

    Shown newest() {
        return newest;
    }

    /**
     * What one connection shows.
     *
     * @param number counts the certificates; 0 before the first
     */
    record Shown(int number, Optional<X509ExtendedKeyManager> keys) {
        boolean isCertified() {
            return keys.isPresent();
        }
    }
}
