package dev.lantern.core.seal;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * A key to seal payloads under, and its name. Thread-safe.
 *
 * <p>The bytes cannot be read from outside this package and are in no message. {@link #close} wipes them; what Java's
 * own ciphers copied while they were in use goes with the garbage collector.
 */
public final class SealKey implements AutoCloseable {
    /** Length of a key in bytes. */
    public static final int LENGTH = Xaes256Gcm.KEY_LENGTH;

    /** The most characters that a key's id has. */
    static final int MAX_ID_LENGTH = 64;

    static final int CHECK_LENGTH = 8;

    private static final byte[] CHECK_DOMAIN = "lantern/seal-key/v1\n".getBytes(StandardCharsets.US_ASCII);

    private final String id;
    private final byte[] bytes;
    private final byte[] check;
    private boolean closed;

    private SealKey(String id, byte[] bytes) {
        this.id = id;
        this.bytes = bytes;
        this.check = Arrays.copyOf(Digest.sha256(CHECK_DOMAIN, bytes).bytes(), CHECK_LENGTH);
    }

    /**
     * A key of a copy of these bytes; wipe yours.
     *
     * @param id 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; stands in every envelope, and is never used for
     *     another key
     * @param bytes 32 bytes that nobody can guess: not a passphrase, nor its digest
     * @throws LanternException if the id or the length is another
     */
    public static SealKey of(String id, byte[] bytes) {
        if (!isId(id)) {
            throw new LanternException("a seal key's id is 1 to " + MAX_ID_LENGTH
                    + " characters of A-Z a-z 0-9 . _ -, found another of " + id.length() + " characters");
        }
        if (bytes.length != LENGTH) {
            throw new LanternException("seal key \"" + id + "\" has " + LENGTH + " bytes, found " + bytes.length);
        }
        return new SealKey(id, bytes.clone());
    }

    /** A new key. */
    public static SealKey random(String id, SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        try {
            random.nextBytes(bytes);
            return of(id, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The key's name. */
    public String id() {
        return id;
    }

    /** Wipes the bytes; from now on the key neither seals nor opens. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** A copy, to be wiped by the caller. */
    synchronized byte[] copy() {
        if (closed) {
            throw new LanternException("seal key \"" + id + "\" was closed, and its bytes are wiped");
        }
        return bytes.clone();
    }

    /** Tells two keys of one id apart; says nothing about the key. Shared, not to be changed. */
    byte[] check() {
        return check;
    }

    static boolean isId(String id) {
        Objects.requireNonNull(id, "id");
        return !id.isEmpty() && id.length() <= MAX_ID_LENGTH && id.chars().allMatch(SealKey::isIdCharacter);
    }

    private static boolean isIdCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    @Override
    public String toString() {
        return "SealKey[" + id + "]";
    }
}
