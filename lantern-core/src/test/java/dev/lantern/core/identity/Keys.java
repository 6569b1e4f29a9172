package dev.lantern.core.identity;

import dev.lantern.identity.AuthorityKey;
import dev.lantern.identity.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** A key store of keys from seeds that are no secret. One thread. */
final class Keys implements KeyStore {
    static final Instant MADE = Instant.parse("2026-01-31T12:00:00Z");

    private final Map<String, TestSigner> signers = new TreeMap<>();
    private final List<AuthorityKey> keys = new ArrayList<>();
    private BinaryOperator<byte[]> fault = (message, signature) -> signature;
    private Runnable before = () -> {};
    int signatures;

    /** One key, which signs without end. */
    static Keys one() {
        return new Keys()
                .with(TestSigner.RFC8032_TEST_1, AuthorityKey.of(publicKey(TestSigner.RFC8032_TEST_1), MADE, MADE));
    }

    static byte[] publicKey(TestSigner signer) {
        return signer.key().bytes();
    }

    static String id(TestSigner signer) {
        return AuthorityKey.thumbprint(publicKey(signer));
    }

    Keys with(TestSigner signer, AuthorityKey key) {
        keys.removeIf(known -> known.keyId().equals(key.keyId()));
        keys.add(key);
        signers.put(key.keyId(), signer);
        return this;
    }

    void remove(TestSigner signer) {
        keys.removeIf(key -> key.keyId().equals(id(signer)));
    }

    /** What happens while somebody waits for a signature. */
    void beforeSigning(Runnable before) {
        this.before = before;
    }

    /** What comes out instead of the signature over a message. */
    Keys failing(BinaryOperator<byte[]> change) {
        fault = change;
        return this;
    }

    @Override
    public List<AuthorityKey> keys(Duration within) {
        return keys;
    }

    @Override
    public byte[] sign(String keyId, byte[] message, Duration within) {
        before.run();
        signatures++;
        return fault.apply(message, signers.get(keyId).sign(message));
    }

    @Override
    public void close() {}
}
