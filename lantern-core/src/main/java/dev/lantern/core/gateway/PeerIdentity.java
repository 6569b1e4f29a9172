package dev.lantern.core.gateway;

import dev.lantern.value.RunRef;
import java.time.Instant;

/**
 * Whom a client certificate of the host's own authority names. Immutable.
 *
 * @param publicKeyHex the raw 32 bytes of the instance's Ed25519 key in lower-case hexadecimal
 * @param notAfter the last moment at which the certificate is valid
 */
public record PeerIdentity(RunRef run, int epoch, String publicKeyHex, Instant notAfter) {

    /** Whether a call names the instance that this certificate was issued to. */
    boolean isOf(RunRef called, int calledEpoch) {
        return run.equals(called) && epoch == calledEpoch;
    }
}
