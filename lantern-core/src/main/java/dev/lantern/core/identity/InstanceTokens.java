package dev.lantern.core.identity;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.core.identity.TokenVerdict.Reason;
import dev.lantern.core.identity.TokenVerdict.Rejected;
import dev.lantern.core.identity.TokenVerdict.Verified;
import dev.lantern.core.identity.TrustedKeys.Trusted;
import dev.lantern.gate.HandlerKind;
import dev.lantern.spec.Isolation;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import dev.lantern.value.internal.Quoted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Instance tokens: WIMSE Workload Identity Tokens in the compact serialization of JWS (RFC 7515), signed with Ed25519.
 *
 * <pre>
 * header  {"alg":"EdDSA","kid":&lt;thumbprint of the authority's key&gt;,"typ":"wit+jwt"}
 * payload {"cnf":{"jwk":{"alg":"EdDSA","crv":"Ed25519","kty":"OKP","x":…}},"exp":…,"iat":…,"iss":"lantern:&lt;domain&gt;",
 *          "jti":…,"lantern.dev/instance":{…},"nbf":…,"sub":"spiffe://…"}
 * </pre>
 *
 * <p>There is one form of each, in canonical JSON. What anybody sees in a token is public; it names a key and is no use
 * to who does not hold that key's private half. Thread-safe: nothing is kept between two calls.
 */
public final class InstanceTokens {
    /** The longest token, in characters. */
    public static final int MAX_LENGTH = 8 * 1024;

    /** The longest that a token may last. */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(15);

    static final String TYPE = "wit+jwt";
    static final String ALGORITHM = "EdDSA";
    /** RFC 9864's name for the same; the older one is what verifiers in use know. */
    static final String NEW_ALGORITHM = "Ed25519";
    /** One object under a domain name of ours, as RFC 7519, 4.2 wants it: nobody else's claims can be meant. */
    static final String INSTANCE = "lantern.dev/instance";

    private static final String[] HEADER = {"alg", "kid", "typ"};
    private static final String[] CLAIMS = {"cnf", "exp", "iat", "iss", "jti", INSTANCE, "nbf", "sub"};
    private static final String[] INSTANCE_CLAIMS = {
        "agent", "epoch", "handler", "image", "isolation", "pod", "run", "spec", "tenant"
    };
    private static final String[] POD_CLAIMS = {"name", "namespace", "node", "uid"};
    private static final String[] JWK = {"alg", "crv", "kty", "x"};

    private static final StrictJson.Bounds HEADER_BOUNDS = new StrictJson.Bounds(1024, 4, 32);
    private static final StrictJson.Bounds PAYLOAD_BOUNDS = new StrictJson.Bounds(MAX_LENGTH, 4, 64);
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern TOKEN_ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    private static final String DIGEST = "sha256:";

    private final TrustedKeys keys;
    private final Instant now;

    private InstanceTokens(TrustedKeys keys, Instant now) {
        this.keys = keys;
        this.now = now;
    }

    /**
     * The bytes that are signed: header and payload as they stand in the token.
     *
     * @param keyId the authority key that is going to sign
     * @param issuedAt in whole seconds, as {@code expiresAt}
     */
    static String signingInput(
            String keyId,
            InstanceId id,
            VerificationKey key,
            InstanceClaims claims,
            Instant issuedAt,
            Instant expiresAt,
            String tokenId) {
        Json.Obj header = Json.object()
                .put("alg", ALGORITHM)
                .put("kid", keyId)
                .put("typ", TYPE)
                .build();
        Json.Obj payload = Json.object()
                .put("cnf", Json.object().put("jwk", jwk(key).build()).build())
                .put("exp", expiresAt.getEpochSecond())
                .put("iat", issuedAt.getEpochSecond())
                .put("iss", id.domain().issuer())
                .put("jti", tokenId)
                .put(INSTANCE, instance(id, claims))
                .put("nbf", issuedAt.getEpochSecond())
                .put("sub", id.toString())
                .build();
        return base64Url(header.bytes()) + "." + base64Url(payload.bytes());
    }

    /** The key as RFC 8037 writes it, to be completed. */
    static Json.Builder jwk(VerificationKey key) {
        return Json.object()
                .put("alg", ALGORITHM)
                .put("crv", "Ed25519")
                .put("kty", "OKP")
                .put("x", base64Url(key.bytes()));
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Json.Obj instance(InstanceId id, InstanceClaims claims) {
        Json.Builder instance = Json.object()
                .put("agent", id.agent())
                .put("epoch", id.epoch())
                .put("handler", word(claims.handler()))
                .put("image", claims.image().map(Digest::toString))
                .put("isolation", claims.isolation().text())
                .put("run", id.run())
                .put("spec", claims.spec().toString())
                .put("tenant", id.tenant());
        claims.pod()
                .ifPresent(pod -> instance.put(
                        "pod",
                        Json.object()
                                .put("name", pod.name())
                                .put("namespace", pod.namespace())
                                .put("node", pod.node())
                                .put("uid", pod.uid())
                                .build()));
        return instance.build();
    }

    private static String word(HandlerKind handler) {
        return handler.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Decides whether the authority said this, and whether it holds at {@code now}, by that clock as it is. Never throws
     * on bad input: whatever goes wrong is a no. Of a token that an authority of ours issues nothing can be left out or
     * added.
     *
     * @param compact the token, and nothing else: no {@code Bearer} before it, no line end behind it
     */
    public static TokenVerdict verify(String compact, TrustedKeys keys, Instant now) {
        try {
            return new InstanceTokens(keys, now).verified(compact);
        } catch (Refusal e) {
            return new Rejected(e.reason, e.detail);
        }
    }

    private Verified verified(String compact) throws Refusal {
        String[] parts = parts(compact);
        Trusted issuer = issuer(header(parts[0]));
        requireSignature(issuer, parts);

        // Nothing of the payload is looked at before it is known who said it.
        Json.Obj claims = object(Reason.PAYLOAD, decoded("payload", parts[1]), PAYLOAD_BOUNDS);
        requireOnly(Reason.CLAIM_UNKNOWN, "", claims, CLAIMS);
        Instant issuedAt = time(claims, "iat");
        Instant expiresAt = time(claims, "exp");
        requireInTime(issuedAt, time(claims, "nbf"), expiresAt);
        requireIssuer(text(claims, "iss"));
        InstanceId id = subject(text(claims, "sub"));
        Json.Obj instance = object(claims, INSTANCE);
        requireOnly(Reason.CLAIM_UNKNOWN, INSTANCE + ".", instance, INSTANCE_CLAIMS);
        requireSame(id, instance);
        return new Verified(
                id, claims(instance), confirmedKey(object(claims, "cnf")), issuedAt, expiresAt, tokenId(claims));
    }

    private static String[] parts(String compact) throws Refusal {
        if (compact.length() > MAX_LENGTH) {
            throw new Refusal(Reason.TOO_LARGE, compact.length() + " characters; allowed are " + MAX_LENGTH);
        }
        for (int i = 0; i < compact.length(); i++) {
            if (!isBase64Url(compact.charAt(i)) && compact.charAt(i) != '.') {
                throw new Refusal(
                        Reason.CHARACTER,
                        "character " + i + " is " + Quoted.name(String.valueOf(compact.charAt(i)))
                                + "; allowed are A-Z a-z 0-9 _ - and two dots");
            }
        }
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw new Refusal(Reason.PARTS, parts.length + " parts between dots; allowed are exactly 3");
        }
        if (parts[2].isEmpty()) {
            throw new Refusal(Reason.UNSIGNED, "nothing stands where the signature has to be");
        }
        return parts;
    }

    private static boolean isBase64Url(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** Encoding it again must give the same: the last character has bits that say nothing. */
    private static byte[] decoded(String what, String part) throws Refusal {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (base64Url(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new Refusal(Reason.BASE64, "the " + what + " is no base64url of whole bytes");
        }
        throw new Refusal(Reason.BASE64, "the " + what + " is not the base64url that encoding its bytes gives");
    }

    private static Json.Obj header(String part) throws Refusal {
        Json.Obj header = object(Reason.HEADER, decoded("header", part), HEADER_BOUNDS);
        // First of all: a key, an address of one, or a critical extension in the header is an attack, not a mistake.
        requireOnly(Reason.HEADER_MEMBER, "", header, HEADER);
        String algorithm = header(header, "alg", Reason.ALGORITHM);
        if (!algorithm.equals(ALGORITHM) && !algorithm.equals(NEW_ALGORITHM)) {
            throw new Refusal(
                    Reason.ALGORITHM,
                    "alg " + Quoted.name(algorithm) + "; allowed are exactly " + ALGORITHM + " and " + NEW_ALGORITHM);
        }
        String type = header(header, "typ", Reason.TYPE);
        if (!type.equals(TYPE)) {
            throw new Refusal(Reason.TYPE, "typ " + Quoted.name(type) + "; allowed is exactly " + TYPE);
        }
        return header;
    }

    private static String header(Json.Obj header, String name, Reason reason) throws Refusal {
        Json value = header.find(name).orElse(null);
        if (value instanceof Json.Text text) {
            return text.value();
        }
        throw new Refusal(reason, "the header's " + name + " is " + kind(value) + ", not a string");
    }

    /** Every key here is an Ed25519 key, so no algorithm can be used with a key of another kind. */
    private Trusted issuer(Json.Obj header) throws Refusal {
        String keyId = header(header, "kid", Reason.KEY_ID);
        if (!THUMBPRINT.matcher(keyId).matches()) {
            throw new Refusal(
                    Reason.KEY_ID,
                    "kid " + Quoted.name(keyId) + "; allowed are the 43 characters of a thumbprint in base64url");
        }
        Trusted issuer = keys.find(keyId)
                .orElseThrow(() -> new Refusal(Reason.KEY_UNKNOWN, "kid " + keyId + " is none of " + keys));
        if (!issuer.key().isTrustedAt(now)) {
            throw new Refusal(
                    Reason.KEY_RETIRED,
                    "kid " + keyId + " was trusted until "
                            + issuer.key().trustedUntil().orElseThrow() + "; it is " + now);
        }
        return issuer;
    }

    private static void requireSignature(Trusted issuer, String[] parts) throws Refusal {
        byte[] signature = decoded("signature", parts[2]);
        if (signature.length != StrictEd25519.SIGNATURE_LENGTH) {
            throw new Refusal(
                    Reason.SIGNATURE_LENGTH,
                    "a signature of " + signature.length + " bytes; allowed are exactly "
                            + StrictEd25519.SIGNATURE_LENGTH);
        }
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!StrictEd25519.verify(issuer.verification(), signed, signature)) {
            throw new Refusal(
                    Reason.SIGNATURE, "the signature is not that of key " + issuer.id() + " over these bytes");
        }
    }

    private void requireInTime(Instant issuedAt, Instant notBefore, Instant expiresAt) throws Refusal {
        String found = "issued at " + issuedAt + ", valid from " + notBefore + " until " + expiresAt;
        Duration lifetime = Duration.between(issuedAt, expiresAt);
        if (lifetime.compareTo(Duration.ZERO) <= 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new Refusal(Reason.LIFETIME, found + "; allowed are at most " + MAX_LIFETIME.toSeconds() + " s");
        }
        if (now.isBefore(notBefore) || now.isBefore(issuedAt)) {
            throw new Refusal(Reason.NOT_YET_VALID, found + "; it is " + now);
        }
        if (!now.isBefore(expiresAt)) {
            throw new Refusal(Reason.EXPIRED, found + "; it is " + now);
        }
    }

    private void requireIssuer(String issuer) throws Refusal {
        if (!issuer.equals(keys.domain().issuer())) {
            throw new Refusal(
                    Reason.ISSUER,
                    "iss " + Quoted.name(issuer) + "; allowed is exactly "
                            + keys.domain().issuer());
        }
    }

    private InstanceId subject(String subject) throws Refusal {
        InstanceId id;
        try {
            id = InstanceId.parse(subject);
        } catch (LanternException e) {
            throw new Refusal(Reason.SUBJECT, "sub: " + e.getMessage());
        }
        if (!id.domain().equals(keys.domain())) {
            throw new Refusal(
                    Reason.FOREIGN_DOMAIN,
                    "an instance of trust domain " + id.domain() + "; this one is " + keys.domain());
        }
        return id;
    }

    private static void requireSame(InstanceId id, Json.Obj instance) throws Refusal {
        boolean same = text(instance, "tenant").equals(id.tenant())
                && text(instance, "agent").equals(id.agent())
                && text(instance, "run").equals(id.run())
                && integer(instance, "epoch") == id.epoch();
        if (!same) {
            throw new Refusal(Reason.OTHER_INSTANCE, "the claims name another instance than sub, which is " + id);
        }
    }

    private static InstanceClaims claims(Json.Obj instance) throws Refusal {
        Optional<Digest> image =
                instance.find("image").isPresent() ? Optional.of(digest(instance, "image")) : Optional.empty();
        Optional<InstanceClaims.Pod> pod =
                instance.find("pod").isPresent() ? Optional.of(pod(object(instance, "pod"))) : Optional.empty();
        String handler = text(instance, "handler");
        HandlerKind kind = List.of(HandlerKind.values()).stream()
                .filter(known -> word(known).equals(handler))
                .findFirst()
                .orElseThrow(() -> form("handler", "is none that is known here"));
        try {
            return new InstanceClaims(
                    digest(instance, "spec"), Isolation.parse(text(instance, "isolation")), kind, image, pod);
        } catch (LanternException e) {
            throw form("isolation", "is no class that is known here");
        }
    }

    private static InstanceClaims.Pod pod(Json.Obj pod) throws Refusal {
        requireOnly(Reason.CLAIM_UNKNOWN, INSTANCE + ".pod.", pod, POD_CLAIMS);
        try {
            return new InstanceClaims.Pod(
                    text(pod, "namespace"), text(pod, "name"), text(pod, "uid"), text(pod, "node"));
        } catch (LanternException e) {
            throw new Refusal(Reason.CLAIM_FORM, e.getMessage());
        }
    }

    private static Digest digest(Json.Obj claims, String name) throws Refusal {
        String text = text(claims, name);
        try {
            if (text.startsWith(DIGEST)) {
                return Digest.ofHex(text.substring(DIGEST.length()));
            }
        } catch (LanternException e) {
            throw form(name, "is no digest: " + e.getMessage());
        }
        throw form(name, "is no digest: it does not begin with " + DIGEST);
    }

    private static String tokenId(Json.Obj claims) throws Refusal {
        String id = text(claims, "jti");
        if (!TOKEN_ID.matcher(id).matches()) {
            throw form("jti", "is not 16 to 64 characters of base64url");
        }
        return id;
    }

    private static VerificationKey confirmedKey(Json.Obj confirmation) throws Refusal {
        requireOnly(Reason.KEY_FORM, "cnf.", confirmation, "jwk");
        Json.Obj jwk = object(confirmation, "jwk");
        if (jwk.find("d").isPresent()) {
            throw new Refusal(
                    Reason.KEY_EXPOSED,
                    "cnf.jwk has a member d: if that is the private half, the key is lost; end the instance");
        }
        requireOnly(Reason.KEY_FORM, "cnf.jwk.", jwk, JWK);
        String algorithm = text(jwk, "alg");
        if (!text(jwk, "kty").equals("OKP")
                || !text(jwk, "crv").equals("Ed25519")
                || !algorithm.equals(ALGORITHM) && !algorithm.equals(NEW_ALGORITHM)) {
            throw new Refusal(Reason.KEY_FORM, "cnf.jwk is no key of kty OKP, crv Ed25519, alg " + ALGORITHM);
        }
        byte[] x = decoded("instance's key", requireBase64Url(text(jwk, "x")));
        try {
            return VerificationKey.of(x);
        } catch (LanternException e) {
            throw new Refusal(Reason.KEY, "cnf.jwk: " + e.getMessage());
        }
    }

    private static String requireBase64Url(String text) throws Refusal {
        if (!text.chars().allMatch(c -> isBase64Url((char) c))) {
            throw new Refusal(Reason.KEY_FORM, "cnf.jwk.x is no base64url");
        }
        return text;
    }

    private static Json.Obj object(Reason reason, byte[] utf8, StrictJson.Bounds bounds) throws Refusal {
        try {
            return StrictJson.parseObject(utf8, bounds);
        } catch (LanternException e) {
            throw new Refusal(reason, e.getMessage());
        }
    }

    private static Json.Obj object(Json.Obj claims, String name) throws Refusal {
        Json value = claim(claims, name);
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw form(name, "is " + kind(value) + ", not an object");
    }

    private static String text(Json.Obj claims, String name) throws Refusal {
        Json value = claim(claims, name);
        if (value instanceof Json.Text text) {
            return text.value();
        }
        throw form(name, "is " + kind(value) + ", not a string");
    }

    private static long integer(Json.Obj claims, String name) throws Refusal {
        Json value = claim(claims, name);
        if (value instanceof Json.Int number) {
            return number.value();
        }
        throw form(name, "is " + kind(value) + ", not an integer");
    }

    private static Instant time(Json.Obj claims, String name) throws Refusal {
        return Instant.ofEpochSecond(integer(claims, name));
    }

    private static Json claim(Json.Obj claims, String name) throws Refusal {
        return claims.find(name).orElseThrow(() -> new Refusal(Reason.CLAIM_MISSING, "claim " + name + " is missing"));
    }

    private static Refusal form(String name, String what) {
        return new Refusal(Reason.CLAIM_FORM, "claim " + name + " " + what);
    }

    private static void requireOnly(Reason reason, String at, Json.Obj object, String... names) throws Refusal {
        try {
            object.requireOnly(names);
        } catch (LanternException e) {
            throw new Refusal(reason, at.isEmpty() ? e.getMessage() : "in " + at + ": " + e.getMessage());
        }
    }

    private static String kind(@Nullable Json value) {
        return value == null
                ? "missing"
                : "of another type (" + value.getClass().getSimpleName() + ")";
    }

    /** The first thing that is wrong. Checked, so that no step forgets to pass it on; it is answered, so it has no stack. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final Reason reason;
        private final String detail;

        Refusal(Reason reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
            this.detail = detail;
        }
    }
}
