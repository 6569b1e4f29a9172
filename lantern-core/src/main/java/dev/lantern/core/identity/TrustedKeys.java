package dev.lantern.core.identity;

import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of a trust domain's authority, as they were read at some moment: what they are trusted for follows from the
 * time at which one asks. Every key was validated in full, no two are the same, and no two ever sign at one moment.
 * Immutable.
 */
public final class TrustedKeys {
    private final TrustDomain domain;
    private final List<Trusted> keys;
    private final TreeMap<String, Trusted> byId = new TreeMap<>();

    /**
     * A key and its decoded point.
     *
     * @param key the key and its times
     * @param verification what verifies
     */
    record Trusted(AuthorityKey key, VerificationKey verification) {
        String id() {
            return key.keyId();
        }
    }

    private TrustedKeys(TrustDomain domain, List<Trusted> keys) {
        this.domain = domain;
        this.keys = keys;
        keys.forEach(key -> byId.put(key.id(), key));
    }

    /**
     * Takes these keys as those of the domain's authority.
     *
     * @throws LanternException if one is no valid key, stands there twice, or signs while another one does
     */
    public static TrustedKeys of(TrustDomain domain, List<AuthorityKey> keys) {
        Objects.requireNonNull(domain, "domain");
        List<AuthorityKey> sorted = inOrder(keys);
        return new TrustedKeys(
                domain, sorted.stream().map(TrustedKeys::validated).toList());
    }

    /**
     * These keys, oldest first.
     *
     * @throws LanternException if one stands there twice, or signs while another one does
     */
    public static List<AuthorityKey> inOrder(List<AuthorityKey> keys) {
        List<AuthorityKey> sorted = new ArrayList<>(keys);
        sorted.sort(Comparator.comparing(AuthorityKey::signsFrom).thenComparing(AuthorityKey::keyId));
        requireDistinct(sorted);
        requireOneSigner(sorted);
        return sorted;
    }

    /** Whose authority it is. */
    public TrustDomain domain() {
        return domain;
    }

    /** Every key that is trusted at that moment, oldest first. */
    List<Trusted> at(Instant moment) {
        return keys.stream().filter(key -> key.key().isTrustedAt(moment)).toList();
    }

    Optional<Trusted> find(String keyId) {
        return Optional.ofNullable(byId.get(keyId));
    }

    /** @throws LanternException if no key signs at that moment */
    Trusted signingAt(Instant moment) {
        return keys.stream()
                .filter(key -> key.key().signsAt(moment))
                .findFirst()
                .orElseThrow(() -> new LanternException("signing for trust domain " + domain + " at " + moment
                        + ": no key of the authority signs then, of "
                        + keys.stream().map(Trusted::key).toList()
                        + "; rotate the key store so that one does"));
    }

    private static Trusted validated(AuthorityKey key) {
        try {
            return new Trusted(key, VerificationKey.of(key.publicKey()));
        } catch (LanternException e) {
            throw new LanternException("authority key " + key.keyId() + ": " + e.getMessage(), e);
        }
    }

    private static void requireDistinct(List<AuthorityKey> keys) {
        TreeMap<String, AuthorityKey> seen = new TreeMap<>();
        for (AuthorityKey key : keys) {
            if (seen.put(key.keyId(), key) != null) {
                throw new LanternException("authority key " + key.keyId() + " stands there twice; say its times once");
            }
        }
    }

    private static void requireOneSigner(List<AuthorityKey> sorted) {
        List<AuthorityKey> signers =
                sorted.stream().filter(AuthorityKey::everSigns).toList();
        for (int i = 1; i < signers.size(); i++) {
            AuthorityKey earlier = signers.get(i - 1);
            AuthorityKey later = signers.get(i);
            if (earlier.signsUntil().map(later.signsFrom()::isBefore).orElse(true)) {
                throw new LanternException("authority keys " + earlier.keyId() + " and " + later.keyId()
                        + " both sign at " + later.signsFrom() + "; let the one stop when the other begins");
            }
        }
    }

    /** The domain and the keys; there is no secret here. */
    @Override
    public String toString() {
        return "TrustedKeys[" + domain + ", " + keys.stream().map(Trusted::id).toList() + "]";
    }
}
