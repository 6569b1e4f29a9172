package dev.lantern.core.seal;

import dev.lantern.core.turns.SystemRandom;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.PayloadSeal;
import dev.lantern.value.RunRef;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;

/**
 * Seals payloads with AES-256-GCM under a {@link KeyRing}: each one under a key of its own, derived from the ring's
 * current key and 192 random bits (XAES-256-GCM), bound to its run, its place, and the envelope's header.
 *
 * <pre>{@code
 * Lantern.runtime()
 *         .seal(EnvelopeSeal.under(FileKeyRing.openOrCreate(Path.of("/var/lib/lantern/seal.keys"))))
 *         …
 * }</pre>
 *
 * <p>The envelope names its key, so what was sealed before a change of the current key opens for as long as the ring
 * holds the former one; {@link Resealing} ends that need. One key may seal 2^80 payloads before the chance that two
 * of them share a nonce reaches 2^-32. Thread-safe. The ring belongs to the seal and is closed with it.
 */
public final class EnvelopeSeal implements PayloadSeal {
    private final KeyRing keys;
    private final SecureRandom random;

    private EnvelopeSeal(KeyRing keys, SecureRandom random) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.random = Objects.requireNonNull(random, "random");
    }

    /** A seal under these keys. */
    public static EnvelopeSeal under(KeyRing keys) {
        return under(keys, SystemRandom.source());
    }

    /** As {@link #under(KeyRing)}, with nonces from {@code random}, which must never repeat itself. */
    public static EnvelopeSeal under(KeyRing keys, SecureRandom random) {
        return new EnvelopeSeal(keys, random);
    }

    @Override
    public byte[] seal(RunRef run, Digest place, byte[] plain) {
        SealKey key = keys.current();
        Envelope envelope = Envelope.under(key);
        byte[] nonce = new byte[Xaes256Gcm.NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] header = envelope.header();
        int at = header.length + nonce.length;
        byte[] sealed = Arrays.copyOf(header, at + plain.length + Xaes256Gcm.TAG_LENGTH);
        System.arraycopy(nonce, 0, sealed, header.length, nonce.length);
        byte[] bytes = key.copy();
        try {
            Xaes256Gcm.encrypt(bytes, nonce, envelope.authenticated(run, place), plain, sealed, at);
        } catch (GeneralSecurityException e) {
            throw new LanternException("sealing a payload of run " + run + ": this JVM offers no AES-256-GCM", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        return sealed;
    }

    @Override
    public byte[] open(RunRef run, Digest place, byte[] sealed) {
        Envelope envelope = Envelope.of(run, sealed);
        SealKey key = key(run, envelope);
        int at = envelope.header().length;
        byte[] nonce = Arrays.copyOfRange(sealed, at, at + Xaes256Gcm.NONCE_LENGTH);
        byte[] bytes = key.copy();
        try {
            return Xaes256Gcm.decrypt(
                    bytes, nonce, envelope.authenticated(run, place), sealed, at + Xaes256Gcm.NONCE_LENGTH);
        } catch (AEADBadTagException e) {
            throw new LanternException(
                    "opening a payload of run " + run + " under seal key \"" + key.id()
                            + "\": it was changed, or sealed for another run or another place in it",
                    e);
        } catch (GeneralSecurityException e) {
            throw new LanternException("opening a payload of run " + run + ": this JVM offers no AES-256-GCM", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Whether these bytes are an envelope under the current key. */
    boolean isCurrent(byte[] sealed) {
        return Envelope.find(sealed)
                .filter(envelope -> envelope.isUnder(keys.current()))
                .isPresent();
    }

    /** Whether these bytes have the form of an envelope, under whatever key. */
    boolean isEnvelope(byte[] sealed) {
        return Envelope.find(sealed).isPresent();
    }

    @Override
    public void close() {
        keys.close();
    }

    private SealKey key(RunRef run, Envelope envelope) {
        SealKey key = keys.find(envelope.keyId())
                .orElseThrow(
                        () -> new LanternException("opening a payload of run " + run + ": it is sealed under key \""
                                + envelope.keyId() + "\", which is not on the key ring (the current one is \""
                                + keys.current().id() + "\"); put that key back, nothing else opens it"));
        if (!envelope.isUnder(key)) {
            throw new LanternException(
                    "opening a payload of run " + run + ": the key ring holds another key of the id \"" + key.id()
                            + "\" than the one it was sealed under; find that key, and give each key an id of its own");
        }
        return key;
    }

    @Override
    public String toString() {
        return "EnvelopeSeal[" + keys.current() + "]";
    }
}
