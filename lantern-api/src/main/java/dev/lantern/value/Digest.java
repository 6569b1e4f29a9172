package dev.lantern.value;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest (FIPS 180-4). Immutable. */
public final class Digest {
    /** Length of the digest in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The digest of the concatenation of {@code parts}. */
    public static Digest sha256(byte[]... parts) {
        MessageDigest sha = newSha256();
        for (byte[] part : parts) {
            sha.update(part);
        }
        return new Digest(sha.digest());
    }

    /**
     * Takes a digest computed elsewhere.
     *
     * @throws LanternException unless there are exactly {@value #LENGTH} bytes
     */
    public static Digest ofBytes(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new LanternException("a SHA-256 digest has " + LENGTH + " bytes, found " + bytes.length);
        }
        return new Digest(bytes.clone());
    }

    /**
     * Reads the form that {@link #hex()} writes: 64 lower-case hexadecimal digits.
     *
     * @throws LanternException if {@code hex} has another form
     */
    public static Digest ofHex(String hex) {
        if (!isLowerHex(hex)) {
            throw new LanternException("a SHA-256 digest is written as 64 lower-case hexadecimal digits, found "
                    + hex.length() + (hex.length() == 2 * LENGTH ? " of another kind" : ""));
        }
        return new Digest(HexFormat.of().parseHex(hex));
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@code sha256:} and the hexadecimal form, as OCI writes digests. */
    @Override
    public String toString() {
        return "sha256:" + hex();
    }

    private static boolean isLowerHex(String text) {
        return text.length() == 2 * LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new LanternException("this JVM has no SHA-256, which every Java platform must provide", e);
        }
    }
}
