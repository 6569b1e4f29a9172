package dev.lantern.secrets;

import dev.lantern.value.LanternException;
import java.util.Arrays;

/**
 * The bytes of a secret. Thread-safe.
 *
 * <p>They are read in one call, {@link #reveal}, which is what to search the code for. They are in no message and no
 * {@link #toString}; two values are never compared by what they hold. {@link #close} wipes them; copies that others made
 * are theirs to wipe.
 *
 * <pre>{@code
 * byte[] bytes = value.reveal();
 * try {
 *     hand(bytes);
 * } finally {
 *     Arrays.fill(bytes, (byte) 0);
 * }
 * }</pre>
 */
public final class SecretValue implements AutoCloseable {
    /** The most bytes that a value has. */
    public static final int MAX_LENGTH = 64 * 1024;

    private final byte[] bytes;
    private boolean closed;

    private SecretValue(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A value of a copy of these bytes; wipe yours.
     *
     * @throws LanternException if they are none, or more than {@link #MAX_LENGTH}
     */
    public static SecretValue of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
            throw new LanternException("a secret's value has 1 to " + MAX_LENGTH + " bytes, found " + bytes.length);
        }
        return new SecretValue(bytes.clone());
    }

    /**
     * A copy of the bytes, to be wiped by the caller.
     *
     * @throws LanternException if the value was closed
     */
    public synchronized byte[] reveal() {
        if (closed) {
            throw new LanternException("a secret's value was closed, and its bytes are wiped; have it issued again");
        }
        return bytes.clone();
    }

    /** Wipes the bytes. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** A mask: not even the length. */
    @Override
    public String toString() {
        return "SecretValue[…]";
    }
}
