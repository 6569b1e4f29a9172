package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Digest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose tokens and pods were identified, and which pods are gone for ever: the last ones, of a token no more than its
 * digest. Thread-safe.
 */
final class Identities {
    private final Object lock = new Object();
    private final Map<Digest, Identity> byToken;
    private final Map<String, Identity> byPod;
    private final Map<String, NotIdentified> gone;

    /** @param most how many tokens, and how many pods */
    Identities(int most) {
        this.byToken = eldestGoes(most);
        this.byPod = eldestGoes(most);
        this.gone = eldestGoes(most);
    }

    /** Whose a pod is, and what its token said of it. */
    record Identity(InstanceRef instance, PodClaims pod) {
        boolean isOf(PodClaims claims) {
            return pod.uid().equals(claims.uid())
                    && pod.namespace().equals(claims.namespace())
                    && pod.pod().equals(claims.pod())
                    && pod.node().equals(claims.node());
        }
    }

    Optional<Identity> ofToken(Digest token, Instant now) {
        synchronized (lock) {
            return Optional.ofNullable(byToken.get(token))
                    .filter(known -> now.isBefore(known.pod().until().plus(PodClaims.LEEWAY)));
        }
    }

    Optional<Identity> ofPod(PodClaims claims) {
        synchronized (lock) {
            return Optional.ofNullable(byPod.get(claims.uid())).filter(known -> known.isOf(claims));
        }
    }

    /** A UID does not come again, and who is being deleted is not pardoned: why, without asking once more. */
    Optional<NotIdentified> whyGone(PodClaims claims) {
        synchronized (lock) {
            return Optional.ofNullable(gone.get(life(claims)));
        }
    }

    void gone(PodClaims claims, NotIdentified why) {
        synchronized (lock) {
            gone.put(life(claims), why);
        }
    }

    void add(Digest token, Identity identity) {
        synchronized (lock) {
            byToken.put(token, identity);
            byPod.put(identity.pod().uid(), identity);
        }
    }

    private static String life(PodClaims claims) {
        return claims.namespace() + "/" + claims.pod() + "/" + claims.uid();
    }

    private static <K, V> Map<K, V> eldestGoes(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
