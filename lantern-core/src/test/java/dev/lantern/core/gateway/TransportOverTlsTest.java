package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.Transport.Outcome;
import dev.lantern.agent.transport.ClientIdentity;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.transport.GatewayTls;
import dev.lantern.agent.transport.GatewayTrust;
import dev.lantern.agent.transport.HttpTransport;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.gateway.TestAuthority.Wanted;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.identity.SecurityEvent;
import dev.lantern.value.LanternException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The harness's transport and the gateway, each against what the other one may turn out to be. */
class TransportOverTlsTest {
    private static final Instant NOW = TestAuthority.NOW;
    private static final GatewayReply ALIVE = new GatewayReply.Alive(false);
    private static final GatewayCall ENROL = Calls.each().get(0);

    private final List<Throwable> failures = new ArrayList<>();
    private final SystemClockwork clockwork = SystemClockwork.start(failures::add);
    private final TestAuthority authority = TestAuthority.named("authority");
    private final TestDoor credentials = new TestDoor(authority, () -> NOW);
    private final BlockingQueue<Presented> presented = new LinkedBlockingQueue<>();
    private final BlockingQueue<SecurityEvent> events = new LinkedBlockingQueue<>();
    private final JdkInstanceSigner signer = JdkInstanceSigner.generate();
    private final ClientIdentity identity = new ClientIdentity(signer);
    private final GatewayTrust trust = new GatewayTrust(TestAuthority.DOMAIN, List.of(authority.der()), () -> NOW);
    private GatewayServer server = open(credentials);
    private HttpTransport transport = transport(server.address(), clockwork);

    @AfterEach
    void close() throws IOException {
        transport.close();
        server.close();
        clockwork.close();
        assertThat(failures).isEmpty();
    }

    // -- from bearer to certificate ------------------------------------------------------------------------

    @Test
    void instance_enrols_with_its_secret_and_calls_with_its_certificate_over_another_connection() throws Exception {
        assertThat(sent(ENROL)).isEqualTo(new Outcome.Answered(ALIVE));
        assertThat(presented.take()).isInstanceOf(Presented.Bearer.class);
        assertThat(server.open()).isEqualTo(1);

        identity.show(List.of(certificate(NOW.plusSeconds(900))));
        assertThat(sent(Calls.heartbeat())).isEqualTo(new Outcome.Answered(ALIVE));
        assertThat(sent(Calls.heartbeat())).isEqualTo(new Outcome.Answered(ALIVE));

        Presented.Certificate shown = (Presented.Certificate) presented.take();
        assertThat(shown.peer().publicKeyHex()).isEqualTo(HexFormat.of().formatHex(signer.publicKey()));
        assertThat(presented.take()).isEqualTo(shown);
        // The connection that enrolled proves nothing, and has ended; the other one served both calls.
        await(() -> server.open() == 1);
        assertThat(credentials.verified).hasValue(1);
        assertThat(events).isEmpty();
    }

    @Test
    void certificate_of_another_key_is_refused_before_it_is_shown() {
        byte[] other = TestAuthority.der(
                authority.instance(TestAuthority.ed25519().getPublic()).by(authority));

        assertThatThrownBy(() -> identity.show(List.of(other)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("is not for this instance's key; the key "
                        + HexFormat.of().formatHex(signer.publicKey()) + " needs one of its own");
        assertThatThrownBy(() -> identity.show(List.of(new byte[] {1})))
                .hasMessage("certificate 1 of 1 is no X.509 certificate in DER");
        assertThatThrownBy(() -> identity.show(List.of())).hasMessage("at least one certificate is needed, found none");
        assertThat(identity.isCertified()).isFalse();
    }

    @Test
    void nothing_is_sent_without_tls_whoever_asks_for_it() throws Exception {
        assertThat(sent(Optional.of("http://127.0.0.1:1"), Calls.heartbeat()))
                .isEqualTo(new Outcome.Lost("LanternException: this instance calls gateways over TLS only,"
                        + " found the address http://127.0.0.1:1"));
        assertThatThrownBy(() -> transport("http://127.0.0.1:1", clockwork))
                .hasMessage("this instance calls gateways over TLS only, found the address http://127.0.0.1:1");
        assertThat(sent(Optional.of(server.address()), ENROL)).isEqualTo(new Outcome.Answered(ALIVE));
    }

    // -- servers that are not the gateway ------------------------------------------------------------------

    private record Impostor(String found, DoorIdentity shown) {}

    private List<Impostor> impostors() {
        KeyPair own = TestAuthority.ed25519();
        TestAuthority foreign = TestAuthority.named("foreign");
        TestAuthority namesake = TestAuthority.named("authority");
        return List.of(
                new Impostor("its authority is unknown: CN=foreign", foreign.gateway()),
                new Impostor("its certificate is not signed by the authority that it names", namesake.gateway()),
                // The JDK accepts the first of these.
                new Impostor(
                        "its certificate is not signed by the authority that it names",
                        resigned(authority.gateway(), signature -> Arrays.copyOf(signature, signature.length + 1))),
                new Impostor(
                        "its certificate is not signed by the authority that it names",
                        resigned(authority.gateway(), TransportOverTlsTest::plusOrder)),
                new Impostor(
                        "its certificate is not signed by the authority that it names",
                        resigned(authority.gateway(), signature -> new byte[signature.length])),
                new Impostor(
                        "its certificate is self-signed",
                        of(own, gateway(own, TestAuthority.GATEWAY).bySelf(own.getPrivate()))),
                new Impostor(
                        "its certificate was valid until 2031-05-06T07:08:08Z, it is 2031-05-06T07:08:09Z",
                        of(
                                own,
                                gateway(own, TestAuthority.GATEWAY)
                                        .valid(NOW.minusSeconds(900), NOW.minusSeconds(1))
                                        .by(authority))),
                new Impostor(
                        "its certificate is not valid before 2031-05-06T07:08:10Z, it is 2031-05-06T07:08:09Z",
                        of(
                                own,
                                gateway(own, TestAuthority.GATEWAY)
                                        .valid(NOW.plusSeconds(1), NOW.plusSeconds(900))
                                        .by(authority))),
                new Impostor(
                        "it is named [spiffe://evil.test/gateway], the gateway is spiffe://door.test/gateway",
                        of(own, gateway(own, "spiffe://evil.test/gateway").by(authority))),
                new Impostor(
                        "it is named [spiffe://door.test/gateway/x]",
                        of(own, gateway(own, "spiffe://door.test/gateway/x").by(authority))),
                new Impostor(
                        "it is named [" + TestAuthority.uri(Calls.RUN, Calls.EPOCH) + "]",
                        of(
                                own,
                                gateway(own, TestAuthority.uri(Calls.RUN, Calls.EPOCH))
                                        .by(authority))),
                // JDK 17 reads no name there, JDK 25 refuses to read it and quotes it.
                new Impostor(
                        "gateway",
                        of(own, gateway(own, "spiffe://door.test/\ngateway\n").by(authority))),
                new Impostor(
                        "it is named [], the gateway is",
                        of(
                                own,
                                new Wanted("CN=gateway", own.getPublic())
                                        .purpose(KeyPurposeId.id_kp_serverAuth)
                                        .by(authority))),
                new Impostor(
                        "its certificate is not for servers",
                        of(
                                own,
                                new Wanted("CN=gateway", own.getPublic())
                                        .uri(TestAuthority.GATEWAY)
                                        .purpose(KeyPurposeId.id_kp_clientAuth)
                                        .by(authority))),
                new Impostor(
                        "its certificate is not for servers",
                        of(
                                own,
                                new Wanted("CN=gateway", own.getPublic())
                                        .uri(TestAuthority.GATEWAY)
                                        .by(authority))),
                new Impostor(
                        "its certificate is an authority's own",
                        of(own, gateway(own, TestAuthority.GATEWAY).authority().by(authority))));
    }

    @Test
    void server_that_is_not_the_gateway_gets_nothing_and_what_was_found_is_named() throws Exception {
        List<Impostor> cases = impostors();
        for (Impostor one : cases) {
            credentials.identity = one.shown();

            Outcome outcome = sent(ENROL);

            assertThat(outcome).isInstanceOf(Outcome.Lost.class);
            assertThat(((Outcome.Lost) outcome).why())
                    .contains("the server is not the gateway: ")
                    .contains(one.found())
                    .matches("[ -~]+");
            assertThat(events.poll(20, TimeUnit.SECONDS).reason()).isEqualTo("client-alert");
        }
        assertThat(presented).isEmpty();
        credentials.identity = authority.gateway();
        assertThat(sent(ENROL)).isEqualTo(new Outcome.Answered(ALIVE));
        System.out.println("servers that are not the gateway: " + cases.size() + " cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(16);
    }

    @Test
    void server_of_another_algorithm_or_version_or_without_tls_is_a_lost_call() throws Exception {
        for (String algorithm : List.of("EC", "RSA")) {
            KeyPair own = TestAuthority.pair(algorithm);
            X509Certificate certificate = gateway(own, TestAuthority.GATEWAY).by(authority);
            try (JdkTlsServer other = new JdkTlsServer("TLSv1.3", own.getPrivate(), certificate)) {
                assertThat(lost(other.address())).contains("its key is for " + algorithm + ", a gateway's is Ed25519");
            }
        }
        DoorIdentity real = authority.gateway();
        try (JdkTlsServer old =
                new JdkTlsServer("TLSv1.2", real.key(), real.chain().get(0))) {
            assertThat(lost(old.address())).contains("protocol_version");
            await(() -> old.broken() == 1);
        }
        try (GatewayServer plain = GatewayServer.open((shown, call, reply) -> presented.add(shown))) {
            assertThat(lost(plain.address().replace("http:", "https:"))).contains("SSLException");
        }
        assertThat(presented).isEmpty();
    }

    @Test
    void server_that_never_answers_the_handshake_is_left_in_time() throws Exception {
        Clockwork hasty = new Hasty(clockwork);
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));
                HttpTransport waiting = transport("https://127.0.0.1:" + mute.getLocalPort(), hasty)) {
            assertThat(sent(waiting, Optional.empty(), ENROL)).isInstanceOf(Outcome.Lost.class);
        }
    }

    // -- what changes while calls are made -----------------------------------------------------------------

    /** It closes the socket: of a connection that stands it would cut off whatever it carries by then. */
    @Test
    void nothing_is_left_of_the_timer_of_a_handshake_that_was_in_time() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger standing = new AtomicInteger();
        Clockwork counting = new Clockwork() {
            @Override
            public Timer later(Duration delay, Runnable turn) {
                Timer timer = clockwork.later(delay, turn);
                if (delay.isZero()) {
                    return timer;
                }
                begun.incrementAndGet();
                standing.incrementAndGet();
                return () -> {
                    standing.decrementAndGet();
                    timer.cancel();
                };
            }

            @Override
            public long nanos() {
                return clockwork.nanos();
            }

            @Override
            public byte[] random(int length) {
                return clockwork.random(length);
            }
        };
        try (HttpTransport timed = transport(server.address(), counting)) {
            assertThat(sent(timed, Optional.empty(), ENROL)).isEqualTo(new Outcome.Answered(ALIVE));
        }

        assertThat(begun).hasValue(1);
        assertThat(standing).hasValue(0);
    }

    @Test
    void renewed_certificates_and_keys_of_both_ends_lose_no_call() throws Exception {
        identity.show(List.of(certificate(NOW.plusSeconds(900))));
        TestAuthority next = TestAuthority.named("next authority");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        List<Outcome> bad = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            callOn(over, calls, bad, done);
        }
        TreeSet<Instant> shown = new TreeSet<>();
        for (int renewal = 1; renewal <= 20; renewal++) {
            int seen = calls.get();
            identity.show(List.of(certificate(NOW.plusSeconds(900 + renewal))));
            if (renewal == 10) {
                trust.replace(List.of(authority.der(), next.der()));
                credentials.identity = next.gateway();
            } else {
                credentials.identity = renewal < 10 ? authority.gateway() : next.gateway();
            }
            await(() -> calls.get() >= seen + 20);
        }
        over.set(true);
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        presented.forEach(one -> shown.add(((Presented.Certificate) one).peer().notAfter()));

        assertThat(bad).isEmpty();
        assertThat(shown).hasSize(21);
        assertThat(events).isEmpty();
        System.out.println("calls through 20 renewals: " + calls.get());
        assertThat(calls.get()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void gateway_that_closes_under_load_answers_what_it_took() throws Exception {
        identity.show(List.of(certificate(NOW.plusSeconds(900))));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        List<Outcome> lost = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            callOn(over, calls, lost, done);
        }
        await(() -> calls.get() >= 100);

        server.close();
        over.set(true);
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

        // Each call that reached the host was answered, and those answers arrived: none was cut off.
        assertThat(presented).hasSize(calls.get() - lost.size());
    }

    @Test
    void authority_whose_certificate_is_over_or_has_not_begun_is_not_believed() throws Exception {
        trust.replace(List.of(TestAuthority.der(authority.certificate(NOW.minusSeconds(60), NOW.minusSeconds(1)))));
        assertThat(((Outcome.Lost) sent(ENROL)).why())
                .contains("its authority's certificate was valid until " + NOW.minusSeconds(1) + ", it is " + NOW);
        trust.replace(List.of(TestAuthority.der(authority.certificate(NOW.plusSeconds(1), NOW.plusSeconds(60)))));
        assertThat(((Outcome.Lost) sent(ENROL)).why())
                .contains("its authority's certificate is not valid before " + NOW.plusSeconds(1));

        trust.replace(List.of(TestAuthority.der(authority.certificate(NOW, NOW))));
        assertThat(sent(ENROL)).isEqualTo(new Outcome.Answered(ALIVE));
    }

    @Test
    void authority_that_is_no_longer_handed_over_is_no_longer_believed() throws Exception {
        assertThat(sent(ENROL)).isEqualTo(new Outcome.Answered(ALIVE));
        trust.replace(List.of(TestAuthority.named("next authority").der()));
        server.close();
        server = open(credentials);
        transport.close();
        transport = transport(server.address(), clockwork);

        assertThat(((Outcome.Lost) sent(ENROL)).why()).contains("its authority is unknown: CN=authority");
        byte[] noAuthority = certificate(NOW.plusSeconds(900));
        assertThatThrownBy(() -> trust.replace(List.of(noAuthority)))
                .hasMessage("a pinned certificate is an authority's, found one that may not issue others: CN=instance");
        assertThatThrownBy(() -> trust.replace(List.of())).hasMessage("at least one certificate is needed, found none");
    }

    // -- helpers -------------------------------------------------------------------------------------------

    /** The same certificate with another signature behind it. */
    private static DoorIdentity resigned(DoorIdentity whole, UnaryOperator<byte[]> change) {
        try {
            ASN1Sequence parts = ASN1Sequence.getInstance(whole.chain().get(0).getEncoded());
            byte[] signature = ASN1BitString.getInstance(parts.getObjectAt(2)).getOctets();
            byte[] der = new DERSequence(new ASN1Encodable[] {
                        parts.getObjectAt(0), parts.getObjectAt(1), new DERBitString(change.apply(signature))
                    })
                    .getEncoded();
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new DoorIdentity(whole.key(), List.of(certificate));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** S and the group's order: the same to whoever does not look whether S is below it. */
    private static byte[] plusOrder(byte[] signature) {
        byte[] order = HexFormat.of().parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        byte[] changed = signature.clone();
        int carry = 0;
        for (int i = 0; i < order.length; i++) {
            int sum = (changed[32 + i] & 0xff) + (order[i] & 0xff) + carry;
            changed[32 + i] = (byte) sum;
            carry = sum >>> 8;
        }
        return changed;
    }

    private void callOn(AtomicBoolean over, AtomicInteger calls, List<Outcome> bad, CountDownLatch done) {
        if (over.get()) {
            done.countDown();
            return;
        }
        transport.send(Optional.empty(), Calls.heartbeat(), outcome -> {
            if (!(outcome instanceof Outcome.Answered)) {
                bad.add(outcome);
            }
            calls.incrementAndGet();
            callOn(over, calls, bad, done);
        });
    }

    private GatewayServer open(DoorCredentials tls) {
        return GatewayServer.open(
                new GatewaySettings(
                        new InetSocketAddress("127.0.0.1", 0),
                        GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES),
                        CallerCredential.secret(),
                        Optional.of(tls),
                        new BoundedSecurityLog(() -> NOW, 100_000, events::add),
                        () -> NOW),
                (shown, call, reply) -> {
                    presented.add(shown);
                    reply.accept(ALIVE);
                });
    }

    private HttpTransport transport(String address, Clockwork timers) {
        return new HttpTransport(
                GatewayAddress.parse(address),
                () -> Calls.SECRET,
                new GatewayTls(identity, trust),
                SocketFactory.getDefault(),
                clockwork,
                timers);
    }

    private String lost(String address) throws Exception {
        try (HttpTransport to = transport(address, clockwork)) {
            return ((Outcome.Lost) sent(to, Optional.empty(), ENROL)).why();
        }
    }

    private Outcome sent(GatewayCall call) throws Exception {
        return sent(Optional.empty(), call);
    }

    private Outcome sent(Optional<String> owner, GatewayCall call) throws Exception {
        return sent(transport, owner, call);
    }

    private static Outcome sent(HttpTransport over, Optional<String> owner, GatewayCall call) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        over.send(owner, call, outcome::complete);
        return outcome.get(60, TimeUnit.SECONDS);
    }

    private byte[] certificate(Instant notAfter) throws Exception {
        return TestAuthority.der(authority
                .instance(publicKey())
                .valid(NOW.minusSeconds(60), notAfter)
                .by(authority));
    }

    private PublicKey publicKey() throws Exception {
        String spki = "302a300506032b6570032100" + HexFormat.of().formatHex(signer.publicKey());
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(spki)));
    }

    private static Wanted gateway(KeyPair own, String uri) {
        return new Wanted("CN=gateway", own.getPublic()).uri(uri).purpose(KeyPurposeId.id_kp_serverAuth);
    }

    private static DoorIdentity of(KeyPair own, X509Certificate certificate) {
        return new DoorIdentity(own.getPrivate(), List.of(certificate));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 6000 && !condition.getAsBoolean(); i++) {
            never.await(10, TimeUnit.MILLISECONDS);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** Runs what is due later after a hundredth of the time. */
    private record Hasty(SystemClockwork real) implements Clockwork {
        @Override
        public Timer later(Duration delay, Runnable turn) {
            return real.later(delay.dividedBy(100), turn);
        }

        @Override
        public long nanos() {
            return real.nanos();
        }

        @Override
        public byte[] random(int length) {
            return real.random(length);
        }
    }
}
