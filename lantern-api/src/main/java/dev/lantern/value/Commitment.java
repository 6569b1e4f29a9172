package dev.lantern.value;

/**
 * What events, step records and receipts hold in the place of a payload: the SHA-256 of the payload's
 * {@link Opening}.
 *
 * <p>It binds whoever wrote it to the bytes and their media type, and once salt and bytes are erased it says
 * nothing about them. {@code sha256sum} over an opening's file prints it.
 *
 * @param digest the plain SHA-256 of the opening's file
 */
public record Commitment(Digest digest) {

    /**
     * Reads 64 lower-case hexadecimal digits.
     *
     * @throws LanternException if {@code hex} has another form
     */
    public static Commitment ofHex(String hex) {
        return new Commitment(Digest.ofHex(hex));
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return digest.hex();
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
