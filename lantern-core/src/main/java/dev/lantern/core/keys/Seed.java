package dev.lantern.core.keys;

import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The private half of an Ed25519 key: the 32 bytes of RFC 8032. Thread-safe.
 *
 * <p>{@link #close} wipes them; what the library derived from them while it signed goes with the garbage collector.
 */
final class Seed implements AutoCloseable {
    static final int LENGTH = Ed25519.SECRET_KEY_SIZE;

    private final byte[] bytes;
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    private boolean closed;

    private Seed(byte[] bytes) {
        this.bytes = bytes;
        Ed25519.generatePublicKey(bytes, 0, publicKey, 0);
    }

    /** Of a copy of these 32 bytes; wipe yours. */
    static Seed of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new LanternException("an Ed25519 private key has " + LENGTH + " bytes, found " + bytes.length);
        }
        return new Seed(bytes.clone());
    }

    static Seed random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new Seed(bytes);
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    synchronized byte[] sign(byte[] message) {
        requireOpen();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(bytes, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    /** A copy, to be wiped by the caller. */
    synchronized byte[] copy() {
        requireOpen();
        return bytes.clone();
    }

    /** Wipes the bytes. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    private void requireOpen() {
        if (closed) {
            throw new LanternException("authority key " + AuthorityKey.thumbprint(publicKey)
                    + " was closed, and its private half is wiped");
        }
    }

    @Override
    public String toString() {
        return "Seed[" + AuthorityKey.thumbprint(publicKey) + "]";
    }
}
