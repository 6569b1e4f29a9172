package dev.lantern.core.identity;

import dev.lantern.core.engine.Signatures;
import dev.lantern.value.LanternException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Strict Ed25519, with the keys of late kept, so that each is validated once. Thread-safe. */
public final class StrictSignatures implements Signatures {
    private static final int KEPT = 20_000;

    private final Map<String, VerificationKey> keys = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, VerificationKey> eldest) {
            return size() > KEPT;
        }
    };

    @Override
    public boolean isKey(byte[] publicKey) {
        try {
            VerificationKey.of(publicKey);
            return true;
        } catch (LanternException e) {
            return false;
        }
    }

    @Override
    public boolean verify(String publicKey, byte[] message, byte[] signature) {
        return StrictEd25519.verify(key(publicKey), message, signature);
    }

    private VerificationKey key(String hex) {
        synchronized (keys) {
            return keys.computeIfAbsent(hex, VerificationKey::ofHex);
        }
    }
}
