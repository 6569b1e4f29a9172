package dev.lantern.core.identity;

import java.util.Arrays;
import java.util.Optional;

/**
 * Ed25519 keys in the ASN.1 that others want around them (RFC 8410). Each form is a fixed head and the raw 32 bytes, so
 * nothing has to be parsed, and nothing else is taken.
 */
public final class RawKeys {
    /** Section 7: PKCS#8 of version 1, without attributes. */
    private static final byte[] PRIVATE_HEAD = {
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
    };
    /** Section 4: SubjectPublicKeyInfo. */
    private static final byte[] PUBLIC_HEAD = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private RawKeys() {}

    /** The seed in PKCS#8, for the caller to wipe. */
    public static byte[] pkcs8(byte[] seed) {
        byte[] encoded = Arrays.copyOf(PRIVATE_HEAD, PRIVATE_HEAD.length + seed.length);
        System.arraycopy(seed, 0, encoded, PRIVATE_HEAD.length, seed.length);
        return encoded;
    }

    /** The seed out of PKCS#8, for the caller to wipe; empty if these bytes are anything else. */
    public static Optional<byte[]> seed(byte[] pkcs8) {
        return behind(PRIVATE_HEAD, pkcs8);
    }

    /** The raw key out of a SubjectPublicKeyInfo; empty if these bytes are anything else. */
    public static Optional<byte[]> publicKey(byte[] info) {
        return behind(PUBLIC_HEAD, info);
    }

    private static Optional<byte[]> behind(byte[] head, byte[] encoded) {
        return encoded.length == head.length + VerificationKey.LENGTH
                        && Arrays.equals(head, 0, head.length, encoded, 0, head.length)
                ? Optional.of(Arrays.copyOfRange(encoded, head.length, encoded.length))
                : Optional.empty();
    }
}
