package dev.lantern.core.identity;

import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Verifies Ed25519 signatures so strictly that whatever is accepted here is accepted by every common verifier.
 *
 * <p>Verifiers disagree about points of small and mixed order, about encodings that are not canonical and about the
 * cofactor; a signature that some accept and others refuse would make two readers of one journal disagree about what
 * an instance said. So key and R must be canonical encodings of points of prime order and S must be below the group's
 * order; for such input all verification equations in use agree. No honest signer makes anything else.
 */
public final class StrictEd25519 {
    /** Length of a signature in bytes. */
    public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_SIZE;

    private static final int POINT_LENGTH = Ed25519.PUBLIC_KEY_SIZE;

    /** L = 2^252 + 27742317777372353535851937790883648493, little-endian as S is. */
    private static final byte[] ORDER =
            HexFormat.of().parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    private StrictEd25519() {}

    /**
     * Whether {@code signature} is the key's signature over {@code message}. Never throws on bad input: whatever goes
     * wrong is a no.
     */
    public static boolean verify(VerificationKey key, byte[] message, byte[] signature) {
        try {
            return signature.length == SIGNATURE_LENGTH
                    && Ed25519.validatePublicKeyFull(signature, 0)
                    && isBelowOrder(signature)
                    && Ed25519.verify(signature, 0, key.point(), message, 0, message.length);
        } catch (RuntimeException e) {
            // Not swallowed but answered: a verifier that fails on its input has not verified it.
            return false;
        }
    }

    /** Whether S < L, byte by byte from the most significant. Signatures are public, so time may tell. */
    private static boolean isBelowOrder(byte[] signature) {
        for (int i = ORDER.length - 1; i >= 0; i--) {
            int difference = (signature[POINT_LENGTH + i] & 0xff) - (ORDER[i] & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }
}
