package dev.lantern.core.keys;

import java.time.Duration;

/** Whoever signs where the private keys are, such as a KMS. Thread-safe. */
@FunctionalInterface
public interface ExternalSigner {

    /**
     * The 64 bytes of the pure Ed25519 signature (RFC 8032; some services call it EDDSA with "RAW" messages) of that key
     * over this message.
     *
     * @param keyId the thumbprint of the key, for the service's own name of it
     * @param within how long the call may take
     * @throws dev.lantern.value.LanternException if the service does not answer, or with something else
     */
    byte[] sign(String keyId, byte[] message, Duration within);
}
