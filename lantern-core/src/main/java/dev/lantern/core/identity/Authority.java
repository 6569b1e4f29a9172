package dev.lantern.core.identity;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.core.identity.Certificates.Span;
import dev.lantern.core.identity.TrustedKeys.Trusted;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.identity.KeyStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * Says who instances are, to them and to everybody, under the keys of a {@link KeyStore}; and tells whether it was said.
 *
 * <p>What is made under a key is verified before it leaves: a store that signs with the wrong key, or wrongly, is an
 * error here and not at whoever relies on it. Methods that take a time read the store's keys and may wait for it; the
 * others answer from the keys as they were read last, and wait for nothing. A key whose time is over is trusted no longer
 * from that moment on, read or not; a key that was taken out of the store before its time is trusted until the next
 * reading. Whoever runs an authority has it {@link #refresh read} regularly.
 *
 * <p>Thread-safe. The store belongs to the caller.
 */
public final class Authority {
    /** What certificates and tokens of instances last. */
    static final Duration LIFETIME = InstanceTokens.MAX_LIFETIME;

    /**
     * How much earlier a certificate begins than it was made: who checks it has another clock. Tokens begin when they are
     * made, and nobody who verifies allows for a skew.
     */
    static final Duration SKEW = Duration.ofMinutes(1);

    /**
     * What a gateway's certificate lasts. Not longer than a key is trusted after its last signature, so that no
     * certificate outlives the trust in it when the key goes at its time.
     */
    static final Duration GATEWAY_LIFETIME = Duration.ofHours(1);

    private static final int TOKEN_ID_LENGTH = 16;

    private final KeyStore store;
    private final TrustDomain domain;
    private final InstantSource clock;
    private final IntFunction<byte[]> random;
    private final AtomicLong readings = new AtomicLong();
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    /**
     * The keys as they were read, and for each the certificate by which it is pinned.
     *
     * @param reading the reading's number: of two at once, the one that began later knows better
     */
    private record Known(long reading, List<AuthorityKey> read, TrustedKeys keys, Map<String, byte[]> certificates) {
        Known or(@Nullable Known other) {
            return other != null && other.reading > reading ? other : this;
        }
    }

    private Authority(KeyStore store, TrustDomain domain, InstantSource clock, IntFunction<byte[]> random) {
        this.store = Objects.requireNonNull(store, "keys");
        this.domain = Objects.requireNonNull(domain, "domain");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = Objects.requireNonNull(random, "random");
    }

    /**
     * An authority; it has read no keys yet.
     *
     * @param keys stays open as long as the authority is used
     * @param random unpredictable bytes, as many as asked for
     */
    public static Authority of(KeyStore keys, TrustDomain domain, InstantSource clock, IntFunction<byte[]> random) {
        return new Authority(keys, domain, clock, random);
    }

    /** Whose instances it names. */
    public TrustDomain domain() {
        return domain;
    }

    /**
     * Certificate and token for an instance's key, both under the key that signs now, and the certificates to pin.
     *
     * @param id an instance of this trust domain; that it may have them has been decided
     * @param publicKey the instance's raw Ed25519 key
     * @param within how long the call may take
     * @throws LanternException if the id is of another domain, the key is none, no key signs, or the store fails
     */
    public IssuedCredentials issue(InstanceId id, byte[] publicKey, InstanceClaims claims, Duration within) {
        if (!id.domain().equals(domain)) {
            throw new LanternException("issuing credentials to " + id + ": this authority is that of " + domain);
        }
        VerificationKey key = VerificationKey.of(publicKey);
        Deadline deadline = Deadline.after(within);
        Known current = read(deadline);
        Instant now = now();
        Trusted signer = current.keys().signingAt(now);
        Instant end = now.plus(LIFETIME);
        TBSCertificate certificate = Certificates.instance(
                signer.id(), id, key, new Span(now.minus(SKEW), end), random.apply(Certificates.SERIAL_LENGTH));
        String token = InstanceTokens.signingInput(
                signer.id(), id, key, claims, now, end, InstanceTokens.base64Url(random.apply(TOKEN_ID_LENGTH)));
        return new IssuedCredentials(
                signed(signer, certificate, deadline),
                signed(signer, token, deadline),
                pinned(current, now),
                end,
                renewal(now, end));
    }

    /**
     * A new key for a TLS server of this host, and its certificate, under the key that signs now.
     *
     * @param within how long the call may take
     * @throws LanternException if no key signs, the store fails, or this JVM has no Ed25519
     */
    public GatewayCredentials gateway(Duration within) {
        Deadline deadline = Deadline.after(within);
        Known current = read(deadline);
        Instant now = now();
        Trusted signer = current.keys().signingAt(now);
        Instant end = now.plus(GATEWAY_LIFETIME);
        byte[] seed = random.apply(Ed25519.SECRET_KEY_SIZE);
        try {
            byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
            Ed25519.generatePublicKey(seed, 0, publicKey, 0);
            TBSCertificate certificate = Certificates.gateway(
                    signer.id(),
                    domain,
                    VerificationKey.of(publicKey),
                    new Span(now.minus(SKEW), end),
                    random.apply(Certificates.SERIAL_LENGTH));
            byte[] leaf = signed(signer, certificate, deadline);
            byte[] authority = pin(signer, deadline);
            return new GatewayCredentials(
                    privateKey(seed),
                    List.of(certificate(leaf), certificate(authority)),
                    signer.id(),
                    end,
                    renewal(now, end));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /**
     * Whether what a server presents may be presented for a while longer: its time has not come, and the key that signed it
     * is the one that signs now, as the keys were read last. Another one may be trusted no longer.
     *
     * @throws LanternException if none were read yet, or no key signs
     */
    public boolean isCurrent(GatewayCredentials credentials) {
        Instant now = clock.instant();
        return now.isBefore(credentials.renewAfter())
                && lastRead().keys().signingAt(now).id().equals(credentials.keyId());
    }

    /**
     * The CA certificates, in DER, of all keys that are trusted now, oldest first: what an instance pins. Every host makes
     * the same bytes for a key whose private half its store has.
     *
     * @param within how long the call may take
     */
    public List<byte[]> authorities(Duration within) {
        return pinned(read(Deadline.after(within)), now());
    }

    /** Reads the store's keys, so that the methods that do not wait know them. */
    public void refresh(Duration within) {
        read(Deadline.after(within));
    }

    /**
     * Whether this chain of DER certificates, as a TLS client presents it, says that its key is an instance's. Waits for
     * nothing and never throws on bad input; before any keys were read, nobody is believed.
     */
    public CertificateVerdict verify(List<byte[]> chain) {
        Known current = known.get();
        TrustedKeys keys = current == null ? TrustedKeys.of(domain, List.of()) : current.keys();
        return CertificateVerifier.verify(chain, keys, clock.instant());
    }

    /**
     * The keys as they were read last, for {@link InstanceTokens#verify}.
     *
     * @throws LanternException if none were read yet
     */
    public TrustedKeys trusted() {
        return lastRead().keys();
    }

    /**
     * The JSON Web Key Set (RFC 7517, RFC 8037) of all keys that are trusted now, as they were read last: what anybody
     * needs to verify instance tokens.
     *
     * @throws LanternException if none were read yet
     */
    public String jwks() {
        return Json.object()
                .put(
                        "keys",
                        Json.array(lastRead().keys().at(clock.instant()).stream()
                                .map(key -> InstanceTokens.jwk(key.verification())
                                        .put("kid", key.id())
                                        .put("use", "sig")
                                        .build())
                                .toList()))
                .build()
                .toString();
    }

    private Known lastRead() {
        return Optional.ofNullable(known.get())
                .orElseThrow(() -> new LanternException(
                        "asking for the keys of trust domain " + domain + ": none were read yet; call refresh before"));
    }

    /** A set that did not change needs no decoding and no signature. */
    private Known read(Deadline deadline) {
        long reading = readings.incrementAndGet();
        List<AuthorityKey> keys = List.copyOf(store.keys(left(deadline)));
        Known before = known.get();
        Known read = before != null && before.read().equals(keys)
                ? new Known(reading, keys, before.keys(), before.certificates())
                : decoded(reading, keys, deadline);
        known.updateAndGet(read::or);
        return read;
    }

    private Known decoded(long reading, List<AuthorityKey> keys, Deadline deadline) {
        TrustedKeys trusted = TrustedKeys.of(domain, keys);
        Map<String, byte[]> certificates = new LinkedHashMap<>();
        for (Trusted key : trusted.at(now())) {
            certificates.put(key.id(), pin(key, deadline));
        }
        return new Known(reading, keys, trusted, certificates);
    }

    /**
     * The certificate by which a key is pinned: signed by itself, or, where the private half is away, by nobody. A trust
     * anchor is a name and a key (RFC 5280, 6.1.1); what stands in the place of its signature is not looked at.
     */
    private byte[] pin(Trusted key, Deadline deadline) {
        TBSCertificate certificate = Certificates.authority(key.key());
        return key.key().everSigns()
                ? signed(key, certificate, deadline)
                : Certificates.signed(certificate, new byte[StrictEd25519.SIGNATURE_LENGTH]);
    }

    /** A key whose time was over when the keys were read has no certificate, and needs none. */
    private static List<byte[]> pinned(Known known, Instant now) {
        return known.keys().at(now).stream()
                .map(key -> Optional.ofNullable(known.certificates().get(key.id())))
                .flatMap(Optional::stream)
                .map(byte[]::clone)
                .collect(Collectors.toList());
    }

    private byte[] signed(Trusted signer, TBSCertificate certificate, Deadline deadline) {
        return Certificates.signed(certificate, signature(signer, Certificates.der(certificate), deadline));
    }

    private String signed(Trusted signer, String token, Deadline deadline) {
        byte[] signature = signature(signer, token.getBytes(StandardCharsets.US_ASCII), deadline);
        return token + "." + InstanceTokens.base64Url(signature);
    }

    private byte[] signature(Trusted signer, byte[] message, Deadline deadline) {
        byte[] signature = store.sign(signer.id(), message.clone(), left(deadline));
        if (!StrictEd25519.verify(signer.verification(), message, signature)) {
            throw new LanternException("signing with authority key " + signer.id() + ": the key store's answer of "
                    + signature.length + " bytes is not this key's Ed25519 signature; look at which key it signs with,"
                    + " and that it does so without prehash");
        }
        return signature;
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofMillis(deadline.millisLeft());
    }

    /** In whole seconds, as certificates and tokens have it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant renewal(Instant begin, Instant end) {
        return begin.plus(Duration.between(begin, end).multipliedBy(2).dividedBy(3));
    }

    private static PrivateKey privateKey(byte[] seed) {
        byte[] encoded = RawKeys.pkcs8(seed);
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new LanternException("making a gateway's key: this JVM has no Ed25519; Java 15 and later have", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new LanternException("reading a certificate that was just made: this JVM does not know its form", e);
        }
    }
}
