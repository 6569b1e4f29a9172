package dev.lantern.value;

import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A payload with the salt that hides it behind its {@link Commitment}.
 *
 * <p>As a file it is one header line of canonical JSON, {@code {"mediaType":…,"salt":…}} with the salt in
 * lower-case hexadecimal, a newline, and the payload's bytes. The commitment is the plain SHA-256 of that file.
 * Salts are made by whoever makes the payload and are used once. Immutable; {@link #toString} shows no byte of it.
 */
public final class Opening {
    /** Length of a salt in bytes. */
    public static final int SALT_LENGTH = 32;
    /** The largest payload that a journal takes, in bytes (16 MiB). */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    private final String mediaType;
    private final byte[] salt;
    private final byte[] bytes;

    private Opening(String mediaType, byte[] salt, byte[] bytes) {
        this.mediaType = mediaType;
        this.salt = salt;
        this.bytes = bytes;
    }

    /**
     * An opening of copies of these bytes.
     *
     * @throws LanternException if the salt is not {@value #SALT_LENGTH} bytes long, the payload is longer than
     *     {@link #MAX_BYTES}, or the media type is empty, longer than 255 characters or not printable ASCII
     */
    public static Opening of(String mediaType, byte[] salt, byte[] bytes) {
        Objects.requireNonNull(mediaType, "mediaType");
        if (mediaType.isEmpty()
                || mediaType.length() > 255
                || !mediaType.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new LanternException(
                    "a media type is 1 to 255 printable ASCII characters, found " + mediaType.length() + " characters");
        }
        if (salt.length != SALT_LENGTH) {
            throw new LanternException("a salt has " + SALT_LENGTH + " bytes, found " + salt.length);
        }
        if (bytes.length > MAX_BYTES) {
            throw new LanternException("a payload has at most " + MAX_BYTES + " bytes, found " + bytes.length
                    + "; store it elsewhere and pass a reference with its digest");
        }
        return new Opening(mediaType, salt.clone(), bytes.clone());
    }

    /** The media type that the header line names. */
    public String mediaType() {
        return mediaType;
    }

    /** A copy of the salt. */
    public byte[] salt() {
        return salt.clone();
    }

    /** A copy of the payload's bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The number of payload bytes. */
    public int size() {
        return bytes.length;
    }

    /** The file whose SHA-256 is the commitment. */
    public byte[] file() {
        byte[] header = header();
        byte[] file = Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, file, header.length, bytes.length);
        return file;
    }

    /** The SHA-256 of {@link #file()}. */
    public Commitment commitment() {
        return new Commitment(Digest.sha256(header(), bytes));
    }

    /** Whether these bytes under this media type, salted as here, give the same commitment: equality without revealing. */
    public boolean opens(String otherMediaType, byte[] otherBytes) {
        return mediaType.equals(otherMediaType) && MessageDigest.isEqual(bytes, otherBytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Opening that
                && mediaType.equals(that.mediaType)
                && MessageDigest.isEqual(salt, that.salt)
                && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    @Override
    public String toString() {
        return "Opening[" + mediaType + ", " + bytes.length + " bytes]";
    }

    private byte[] header() {
        String json = Json.object()
                .put("mediaType", mediaType)
                .put("salt", HexFormat.of().formatHex(salt))
                .build()
                .toString();
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
