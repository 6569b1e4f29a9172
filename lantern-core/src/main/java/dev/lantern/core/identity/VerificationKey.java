package dev.lantern.core.identity;

import dev.lantern.value.LanternException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key (RFC 8032) that was validated in full: 32 bytes, the canonical encoding of a point of
 * prime order. A key that is not cannot be made. Immutable and thread-safe.
 *
 * <p>The validation costs as much as a signature's; it is done once, when a key comes in, and the decoded point is
 * kept. That a key is valid does not make it trusted.
 */
public final class VerificationKey {
    /** Length of an encoded key in bytes. */
    public static final int LENGTH = Ed25519.PUBLIC_KEY_SIZE;

    private final byte[] encoded;
    private final Ed25519.PublicPoint point;

    private VerificationKey(byte[] encoded, Ed25519.PublicPoint point) {
        this.encoded = encoded;
        this.point = point;
    }

    /**
     * Takes a key that is to be trusted, after full validation.
     *
     * @param encoded the raw key as RFC 8032 encodes it, without ASN.1 around it
     * @throws LanternException if it has another length, is no canonical encoding of a point, or is of small or
     *     mixed order
     */
    public static VerificationKey of(byte[] encoded) {
        if (encoded.length != LENGTH) {
            throw new LanternException("an Ed25519 public key has " + LENGTH + " bytes, found " + encoded.length);
        }
        byte[] own = encoded.clone();
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(own, 0);
        if (point == null) {
            throw new LanternException(
                    "the Ed25519 public key " + HexFormat.of().formatHex(own)
                            + " is not the canonical encoding of a point of prime order; no honest key generator makes it");
        }
        return new VerificationKey(own, point);
    }

    /**
     * Reads the form that {@link #hex()} writes.
     *
     * @throws LanternException if it is not 64 lower-case hexadecimal digits, or not a key as {@link #of} wants it
     */
    public static VerificationKey ofHex(String hex) {
        if (hex.length() != 2 * LENGTH
                || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new LanternException("an Ed25519 public key is written as " + 2 * LENGTH
                    + " lower-case hexadecimal digits, found " + hex.length() + " characters of another form");
        }
        return of(HexFormat.of().parseHex(hex));
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return encoded.clone();
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(encoded);
    }

    Ed25519.PublicPoint point() {
        return point;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerificationKey that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** {@code ed25519:} and the hexadecimal form; public keys are no secret. */
    @Override
    public String toString() {
        return "ed25519:" + hex();
    }
}
