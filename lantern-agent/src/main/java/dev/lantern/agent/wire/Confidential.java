package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * A secret's value on its way from the host to the harness. It shows itself in one named call only, and not in a
 * {@link #toString}. Thread-safe but for {@link #wipe}.
 */
public final class Confidential {
    /** The longest value in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private final byte[] bytes;

    private Confidential(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws LanternException if it is empty or longer than {@value #MAX_BYTES} bytes */
    public static Confidential of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new LanternException("a secret's value has 1 to " + MAX_BYTES + " bytes, found " + bytes.length);
        }
        return new Confidential(bytes.clone());
    }

    static Confidential ofBase64(String text) {
        if (!Base64Text.isCanonical(text)) {
            throw new LanternException("member \"value\" must be padded base64");
        }
        return of(Base64.getDecoder().decode(text));
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A copy of the value; whoever takes it keeps it out of logs, messages and other people's files. */
    public byte[] reveal() {
        return bytes.clone();
    }

    /** Overwrites the value, which is of no use from then on. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    /** In constant time for values of equal length. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Confidential that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** The same for all: a hash of a secret says something about it. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "Confidential[…]";
    }
}
