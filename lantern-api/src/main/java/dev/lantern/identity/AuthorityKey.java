package dev.lantern.identity;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public key of the authority and what it is good for at which time. Immutable.
 *
 * <pre>
 * createdAt ──────── signsFrom ──────── signsUntil ──────── trustedUntil
 *     published          signs              trusted             gone
 * </pre>
 *
 * <p>It is trusted from the moment it is known, so everybody knows it before its first signature, and for as long after
 * its last one as what it signed lasts. Each end is exclusive; an end that nobody has set yet is open.
 */
public final class AuthorityKey {
    /** Length of an Ed25519 public key in bytes. */
    public static final int LENGTH = 32;

    private final byte[] publicKey;
    private final String keyId;
    private final Instant createdAt;
    private final Instant signsFrom;
    private final @Nullable Instant signsUntil;
    private final @Nullable Instant trustedUntil;

    private AuthorityKey(
            byte[] publicKey,
            Instant createdAt,
            Instant signsFrom,
            @Nullable Instant signsUntil,
            @Nullable Instant trustedUntil) {
        this.publicKey = publicKey;
        this.keyId = thumbprint(publicKey);
        this.createdAt = createdAt;
        this.signsFrom = signsFrom;
        this.signsUntil = signsUntil;
        this.trustedUntil = trustedUntil;
        boolean ordered = !signsFrom.isBefore(createdAt)
                && (signsUntil == null || !signsUntil.isBefore(signsFrom))
                && (trustedUntil == null || signsUntil != null && !trustedUntil.isBefore(signsUntil));
        if (!ordered) {
            throw new LanternException("authority key " + keyId + ": made " + createdAt + ", signs from " + signsFrom
                    + " until " + shown(signsUntil) + ", is trusted until " + shown(trustedUntil)
                    + "; allowed are times in this order, and an end of trust only behind an end of signing");
        }
    }

    /**
     * A key that signs from a moment on, with no end in sight.
     *
     * @param publicKey the raw 32 bytes of RFC 8032
     * @param createdAt when it was published
     * @param signsFrom when it takes over, which is not before that
     * @throws LanternException if the length or the order is another
     */
    public static AuthorityKey of(byte[] publicKey, Instant createdAt, Instant signsFrom) {
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(signsFrom, "signsFrom");
        if (publicKey.length != LENGTH) {
            throw new LanternException(
                    "an authority key is an Ed25519 key of " + LENGTH + " bytes, found " + publicKey.length);
        }
        return new AuthorityKey(publicKey.clone(), createdAt, signsFrom, null, null);
    }

    /**
     * A key that is trusted and does not sign, because its private half is not here, or not in use.
     *
     * @param publicKey the raw 32 bytes of RFC 8032
     * @param createdAt when it was published
     */
    public static AuthorityKey trusted(byte[] publicKey, Instant createdAt) {
        return of(publicKey, createdAt, createdAt).signingUntil(createdAt);
    }

    /**
     * This key with an end to its signing, and none to its trust.
     *
     * @throws LanternException if it is before {@link #signsFrom()}
     */
    public AuthorityKey signingUntil(Instant signsUntil) {
        return new AuthorityKey(
                publicKey, createdAt, signsFrom, Objects.requireNonNull(signsUntil, "signsUntil"), null);
    }

    /**
     * This key with an end to its signing and to its trust. Between the two lies at least what an instance's certificate
     * lasts, or its instances are cut off.
     *
     * @throws LanternException if they are not in order
     */
    public AuthorityKey retired(Instant signsUntil, Instant trustedUntil) {
        return new AuthorityKey(
                publicKey,
                createdAt,
                signsFrom,
                Objects.requireNonNull(signsUntil, "signsUntil"),
                Objects.requireNonNull(trustedUntil, "trustedUntil"));
    }

    /** The RFC 7638 thumbprint of the key, in 43 characters of base64url. */
    public String keyId() {
        return keyId;
    }

    /** A copy of the raw 32 bytes. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** When the key was published. */
    public Instant createdAt() {
        return createdAt;
    }

    /** From when on it signs. */
    public Instant signsFrom() {
        return signsFrom;
    }

    /** From when on it does not sign any longer; empty while nobody has said so. */
    public Optional<Instant> signsUntil() {
        return Optional.ofNullable(signsUntil);
    }

    /** From when on nobody trusts it any longer; empty while nobody has said so. */
    public Optional<Instant> trustedUntil() {
        return Optional.ofNullable(trustedUntil);
    }

    /** Whether it is the key that signs at that moment. */
    public boolean signsAt(Instant moment) {
        return !moment.isBefore(signsFrom) && (signsUntil == null || moment.isBefore(signsUntil));
    }

    /** Whether there is a time at which it signs; where not, its private half is not here, or not in use. */
    public boolean everSigns() {
        return signsUntil == null || signsFrom.isBefore(signsUntil);
    }

    /** Whether what it signed is believed at that moment. */
    public boolean isTrustedAt(Instant moment) {
        return trustedUntil == null || moment.isBefore(trustedUntil);
    }

    /**
     * The RFC 7638 thumbprint of a raw Ed25519 key: SHA-256 over the canonical JWK of RFC 8037, in base64url.
     *
     * @param publicKey 32 bytes; whether they are a point of the curve is not asked here
     */
    public static String thumbprint(byte[] publicKey) {
        Base64.Encoder base64Url = Base64.getUrlEncoder().withoutPadding();
        String jwk = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + base64Url.encodeToString(publicKey) + "\"}";
        return base64Url.encodeToString(
                Digest.sha256(jwk.getBytes(StandardCharsets.US_ASCII)).bytes());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuthorityKey that
                && Arrays.equals(publicKey, that.publicKey)
                && createdAt.equals(that.createdAt)
                && signsFrom.equals(that.signsFrom)
                && Objects.equals(signsUntil, that.signsUntil)
                && Objects.equals(trustedUntil, that.trustedUntil);
    }

    @Override
    public int hashCode() {
        return Objects.hash(keyId, createdAt, signsFrom, signsUntil, trustedUntil);
    }

    /** The public key and its times; there is no secret here. */
    @Override
    public String toString() {
        return "AuthorityKey[" + keyId + ", " + HexFormat.of().formatHex(publicKey) + ", made " + createdAt
                + ", signs from " + signsFrom + " until " + shown(signsUntil) + ", trusted until " + shown(trustedUntil)
                + "]";
    }

    private static String shown(@Nullable Instant end) {
        return end == null ? "further notice" : end.toString();
    }
}
