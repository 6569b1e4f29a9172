package dev.lantern.core.identity;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Verifies Ed25519 signatures so strictly that whatever is accepted here is accepted by every common verifier.
 *
 * <p>Verifiers disagree about points of small and mixed order, about encodings that are not canonical and about the
 * cofactor; a signature that some accept and others refuse would make two readers of one journal disagree about what
 * an instance said. So key and R must be canonical encodings of points of prime order and S must be below the group's
 * order; for such input all verification equations in use agree. No honest signer makes anything else. That of S the
 * library asks by itself.
 */
public final class StrictEd25519 {
    /** Length of a signature in bytes. */
    public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_SIZE;

    private StrictEd25519() {}

    /**
     * Whether {@code signature} is the key's signature over {@code message}. Never throws on bad input: whatever goes
     * wrong is a no.
     */
    public static boolean verify(VerificationKey key, byte[] message, byte[] signature) {
        try {
            return signature.length == SIGNATURE_LENGTH
                    && Ed25519.validatePublicKeyFull(signature, 0)
                    && Ed25519.verify(signature, 0, key.point(), message, 0, message.length);
        } catch (RuntimeException e) {
            // Not swallowed but answered: a verifier that fails on its input has not verified it.
            return false;
        }
    }
}
