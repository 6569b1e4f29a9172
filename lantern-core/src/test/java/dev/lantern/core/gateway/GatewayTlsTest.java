package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.gateway.TestAuthority.Wanted;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.identity.SecurityEvent;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway with TLS lets in, and what each stranger is refused for. */
class GatewayTlsTest {
    private static final GatewayReply ALIVE = new GatewayReply.Alive(false);
    private static final Instant NOW = TestAuthority.NOW;
    private static final String REFUSED = "SSLHandshakeException: Received fatal alert: certificate_unknown";
    /** A client that still writes its handshake when it is refused may find its connection closed before it reads why. */
    private static final String RESET = "reset";

    private static final RunRef OTHER_RUN = new RunRef("acme", "ticket-4712");
    private static final RunRef OTHER_TENANT = new RunRef("globex", "ticket-4711");

    private final TestAuthority authority = TestAuthority.named("authority");
    private final KeyPair key = TestAuthority.ed25519();
    private final BlockingQueue<SecurityEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Presented> presented = new LinkedBlockingQueue<>();
    private final BlockingQueue<GatewayCall> asked = new LinkedBlockingQueue<>();
    private volatile Instant now = NOW;
    private volatile GatewayReply reply = ALIVE;
    private final BoundedSecurityLog security = new BoundedSecurityLog(() -> now, 100_000, events::add);
    private final TestDoor credentials = new TestDoor(authority, () -> now);
    private GatewayServer server;

    @BeforeEach
    void open() {
        server = open(new Limits(), credentials);
    }

    @AfterEach
    void close() {
        server.close();
    }

    // -- who comes in --------------------------------------------------------------------------------------

    @Test
    void instance_is_known_by_its_certificate_and_needs_nothing_else() throws Exception {
        try (RawClient client = certified()) {
            assertThat(client.say(heartbeat()).response().status()).isEqualTo(200);
            assertThat(client.say(heartbeat()).response().status()).isEqualTo(200);
        }
        byte[] spki = key.getPublic().getEncoded();
        assertThat(presented)
                .containsOnly(new Presented.Certificate(new PeerIdentity(
                        Calls.RUN,
                        Calls.EPOCH,
                        HexFormat.of().formatHex(spki, spki.length - 32, spki.length),
                        NOW.plus(Duration.ofMinutes(15)))));
        assertThat(credentials.verified).hasValue(1);
        assertThat(events).isEmpty();
    }

    @Test
    void who_enrols_comes_without_a_certificate_and_with_a_bearer_credential() throws Exception {
        try (RawClient client = TlsClient.nobody().to(server.address())) {
            assertThat(client.say(enrol(bearer())).response().status()).isEqualTo(200);
        }
        assertThat(presented.take()).isInstanceOfSatisfying(Presented.Bearer.class, bearer -> {
            assertThat(HexFormat.of().formatHex(bearer.credential())).isEqualTo(Calls.SECRET);
            assertThat(bearer).hasToString("Bearer[32 bytes]");
        });
        assertThat(events).isEmpty();
    }

    @Test
    void protocol_is_tls_1_3_and_both_certificates_are_ed25519() throws Exception {
        try (RawClient client = certified()) {
            SSLSocket socket = (SSLSocket) client.socket();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(socket.getSession()
                            .getPeerCertificates()[0]
                            .getPublicKey()
                            .getAlgorithm())
                    .isEqualTo("EdDSA");
        }
    }

    @Test
    void client_that_keeps_sessions_has_to_prove_its_key_again_on_each_connection() throws Exception {
        TlsClient client = instanceClient();
        for (int i = 1; i <= 3; i++) {
            try (RawClient connection = client.to(server.address())) {
                assertThat(connection.say(heartbeat()).response().status()).isEqualTo(200);
            }
            assertThat(credentials.verified).hasValue(i);
        }
    }

    // -- certificates that prove nothing -------------------------------------------------------------------

    private record Shown(String reason, Supplier<TlsClient> client) {}

    private List<Shown> certificatesThatProveNothing() {
        TestAuthority foreign = TestAuthority.named("foreign");
        TestAuthority namesake = TestAuthority.named("authority");
        KeyPair ec = TestAuthority.pair("EC");
        KeyPair rsa = TestAuthority.pair("RSA");
        return List.of(
                new Shown("unknown-authority", () -> showing(authority().by(foreign))),
                new Shown("unknown-authority", () -> showing(authority().by(namesake))),
                new Shown(
                        "unknown-authority",
                        () -> TlsClient.showing(key.getPrivate(), authority().by(foreign), authority.certificate())),
                new Shown("self-signed", () -> showing(authority().bySelf(key.getPrivate()))),
                new Shown(
                        "expired",
                        () -> showing(authority()
                                .valid(NOW.minusSeconds(900), NOW.minusSeconds(1))
                                .by(authority))),
                new Shown(
                        "not-yet-valid",
                        () -> showing(authority()
                                .valid(NOW.plusSeconds(1), NOW.plusSeconds(900))
                                .by(authority))),
                new Shown(
                        "extended-key-usage",
                        () -> showing(new Wanted("CN=server", key.getPublic())
                                .uri(TestAuthority.uri(Calls.RUN, Calls.EPOCH))
                                .purpose(KeyPurposeId.id_kp_serverAuth)
                                .by(authority))),
                new Shown(
                        "instance-id",
                        () -> showing(new Wanted("CN=gateway", key.getPublic())
                                .uri(TestAuthority.GATEWAY)
                                .purpose(KeyPurposeId.id_kp_clientAuth)
                                .by(authority))),
                new Shown(
                        "instance-id",
                        () -> showing(new Wanted("CN=other domain", key.getPublic())
                                .uri(TestAuthority.uri(Calls.RUN, Calls.EPOCH).replace(TestAuthority.DOMAIN, "evil"))
                                .purpose(KeyPurposeId.id_kp_clientAuth)
                                .by(authority))),
                new Shown(
                        "key",
                        () -> TlsClient.showing(
                                ec.getPrivate(),
                                authority.instance(ec.getPublic()).by(authority))),
                new Shown(
                        "key",
                        () -> TlsClient.showing(
                                rsa.getPrivate(),
                                authority.instance(rsa.getPublic()).by(authority))),
                new Shown(
                        "chain-length",
                        () -> TlsClient.showing(
                                key.getPrivate(),
                                authority().by(authority),
                                authority.certificate(),
                                authority.certificate(),
                                authority.certificate(),
                                authority.certificate())),
                // The certificate of somebody else, without its key: the handshake's signature does not verify.
                new Shown(
                        "bad-handshake",
                        () -> TlsClient.showing(
                                TestAuthority.ed25519().getPrivate(),
                                authority().by(authority))));
    }

    @Test
    void certificate_that_proves_nothing_ends_the_handshake_with_its_own_reason_and_one_alert() throws Exception {
        List<Shown> cases = certificatesThatProveNothing();
        TreeSet<String> alerts = new TreeSet<>();
        for (Shown one : cases) {
            String end = end(one.client().get());
            if (!one.reason().equals("bad-handshake")) {
                alerts.add(end);
            }
            SecurityEvent event = event();
            assertThat(event.reason()).isEqualTo(one.reason());
            assertThat(event.remote()).startsWith("127.0.0.1:");
            assertThat(event.certificate().orElseThrow()).startsWith("serial ");
        }
        alerts.remove(RESET);
        assertThat(alerts).containsExactly(REFUSED);
        assertThat(asked).isEmpty();
        assertThat(events).isEmpty();
        System.out.println("certificates that prove nothing: " + cases.size() + " cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(13);
    }

    // -- calls that are not the certificate's --------------------------------------------------------------

    private record Attempt(String reason, Supplier<TlsClient> client, String request) {}

    private List<Attempt> callsOfStrangers() {
        TlsClient nobody = TlsClient.nobody();
        TlsClient instance = showing(authority().by(authority));
        return List.of(
                new Attempt("no-certificate", () -> nobody, heartbeat()),
                new Attempt(
                        "no-certificate", () -> nobody, heartbeat().replace("\r\n\r\n", "\r\n" + bearer() + "\r\n")),
                new Attempt("bad-credential", () -> nobody, heartbeat().replace("/heartbeat ", "/unreachable ")),
                new Attempt("bad-credential", () -> nobody, enrol("")),
                new Attempt("bad-credential", () -> nobody, enrol("Authorization: Bearer short\r\n")),
                new Attempt("bad-credential", () -> nobody, enrol(bearer() + bearer())),
                new Attempt("enrol-with-certificate", () -> instance, enrol("")),
                new Attempt("bearer-with-certificate", () -> instance, enrol(bearer())),
                new Attempt(
                        "bearer-with-certificate", () -> instance, heartbeat().replace("Host:", bearer() + "Host:")),
                new Attempt(
                        "bearer-with-certificate",
                        () -> instance,
                        heartbeat().replace("Host:", "authorization: x\r\nHost:")),
                new Attempt("other-instance", () -> certifiedFor(OTHER_RUN, Calls.EPOCH), heartbeat()),
                new Attempt("other-instance", () -> certifiedFor(OTHER_TENANT, Calls.EPOCH), heartbeat()),
                new Attempt("other-instance", () -> certifiedFor(Calls.RUN, Calls.EPOCH - 1), heartbeat()),
                new Attempt("other-instance", () -> certifiedFor(Calls.RUN, Calls.EPOCH + 1), heartbeat()),
                new Attempt("unknown-path", () -> instance, heartbeat().replace("/v1/", "/v2/")),
                new Attempt("unknown-path", () -> nobody, heartbeat().replace("POST", "GET")));
    }

    @Test
    void call_of_a_stranger_has_its_own_reason_in_the_log_and_one_answer_on_the_wire() throws Exception {
        TreeSet<String> answers = new TreeSet<>();
        List<Attempt> cases = callsOfStrangers();
        for (Attempt one : cases) {
            try (RawClient client = one.client().get().to(server.address())) {
                RawClient.Response response = client.say(one.request()).response();
                answers.add(response.status() + " " + response.body());
                assertThat(response.closes()).as(one.request()).isTrue();
                assertThat(client.isClosedByPeer()).isTrue();
            }
            SecurityEvent event = event();
            assertThat(event.reason()).as(one.request()).isEqualTo(one.reason());
            if (!one.reason().equals("unknown-path")) {
                assertThat(event.run()).contains(Calls.RUN);
                assertThat(event.epoch()).hasValue(Calls.EPOCH);
            }
        }
        reply = new GatewayReply.Refused(Problem.of(Problem.Code.UNKNOWN_INSTANCE, "no such instance"));
        try (RawClient client = certified()) {
            RawClient.Response response = client.say(heartbeat()).response();
            answers.add(response.status() + " " + response.body());
        }
        assertThat(event().reason()).isEqualTo("unknown-instance");

        assertThat(answers).hasSize(1);
        assertThat(asked).hasSize(1);
        System.out.println("calls of strangers: " + (cases.size() + 1) + " cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(15);
    }

    @Test
    void certificate_that_expired_since_the_handshake_ends_the_connection_at_the_next_call() throws Exception {
        try (RawClient client = certified()) {
            assertThat(client.say(heartbeat()).response().status()).isEqualTo(200);
            now = NOW.plus(Duration.ofMinutes(15));
            assertThat(client.say(heartbeat()).response().status()).isEqualTo(200);
            now = NOW.plus(Duration.ofMinutes(15)).plusNanos(1);

            RawClient.Response response = client.say(heartbeat()).response();

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.body()).contains("\"code\":\"unknown-instance\"");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(event().reason()).isEqualTo("certificate-expired");
    }

    @Test
    void verifier_that_fails_or_names_another_key_lets_nobody_in() throws Exception {
        List<PeerVerdict> verdicts = new ArrayList<>();
        restart(new Limits(), new DoorCredentials() {
            @Override
            public DoorIdentity current() {
                return credentials.current();
            }

            @Override
            public PeerVerdict verify(List<byte[]> derChain) {
                if (verdicts.isEmpty()) {
                    throw new IllegalStateException("a defect");
                }
                return verdicts.get(0);
            }
        });
        assertThat(end(instanceClient())).isIn(REFUSED, RESET);
        assertThat(event().reason()).isEqualTo("host-trouble");

        verdicts.add(new PeerVerdict.Certified(
                new PeerIdentity(Calls.RUN, Calls.EPOCH, "00".repeat(32), NOW.plusSeconds(60))));
        assertThat(end(instanceClient())).isIn(REFUSED, RESET);
        assertThat(event().reason()).isEqualTo("key");
    }

    @Test
    void host_without_a_certificate_says_so_in_its_log_and_takes_nobody_in() throws Exception {
        restart(new Limits(), new DoorCredentials() {
            @Override
            public DoorIdentity current() {
                throw new dev.lantern.value.LanternException("the authority has no key that signs now");
            }

            @Override
            public PeerVerdict verify(List<byte[]> derChain) {
                return credentials.verify(derChain);
            }
        });
        assertThat(end(instanceClient())).contains("handshake_failure");
        SecurityEvent event = event();
        assertThat(event.reason()).isEqualTo("host-trouble");
        assertThat(event.detail()).isEqualTo("the authority has no key that signs now");
    }

    // -- no TLS, old TLS, slow TLS -------------------------------------------------------------------------

    @Test
    void what_is_no_tls_1_3_is_told_apart_in_the_log_and_gets_nothing() throws Exception {
        record Case(String reason, String bytes) {}
        List<Case> cases = List.of(
                new Case("plain-http", heartbeat()),
                new Case("plain-http", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                new Case("not-tls", "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007"),
                new Case("not-tls", "\u00ff".repeat(64)),
                new Case("not-tls", "ssh-2.0-x\r\n"),
                new Case("bad-handshake", "\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0000"),
                new Case("bad-handshake", "\u0017\u0003\u0003\u0000\u0001\u0000"));
        for (Case one : cases) {
            try (RawClient client = RawClient.to(server.address())) {
                String rest = rest(client.say(one.bytes()));
                assertThat(rest).as(one.bytes()).doesNotContain("HTTP");
            }
            assertThat(event().reason()).as(one.bytes()).isEqualTo(one.reason());
        }
        System.out.println("what is no TLS 1.3: " + cases.size() + " cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(7);
        assertThat(asked).isEmpty();
    }

    @Test
    void client_of_tls_1_2_is_refused() throws Exception {
        assertThat(end(TlsClient.nobody("TLSv1.2"))).contains("protocol_version");

        assertThat(event().reason()).isEqualTo("tls-version");
    }

    @Test
    void handshake_has_ten_seconds_with_the_first_head_in_all() throws Exception {
        restart(new Limits().firstCall(Duration.ofMillis(300)), credentials);
        try (RawClient silent = RawClient.to(server.address())) {
            rest(silent);
            assertThat(event().reason()).isEqualTo("slow-handshake");
        }
        try (RawClient half = RawClient.to(server.address())) {
            rest(half.say("\u0016\u0003\u0001\u0002\u0000\u0001"));
            assertThat(event().reason()).isEqualTo("slow-handshake");
        }
        try (RawClient mute = certified()) {
            assertThat(mute.isClosedByPeer()).isTrue();
        }
        assertThat(GatewayLimits.overNetwork(1).firstCallWithin()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void handshake_that_is_left_is_told_and_nothing_of_it_stays() throws Exception {
        RawClient.to(server.address()).say("\u0016\u0003\u0001").close();

        assertThat(event().reason()).isEqualTo("abandoned-handshake");
        await(() -> server.open() == 0 && server.handshakes() == 0);
    }

    /** Load balancers and harnesses do it all day long. */
    @Test
    void knock_at_the_door_is_no_offence() throws Exception {
        for (int i = 0; i < 3; i++) {
            RawClient.to(server.address()).close();
        }
        await(() -> server.open() == 0 && server.handshakes() == 0);
        RawClient.to(server.address()).say("GET / HTTP/1.1\r\n\r\n").close();

        assertThat(event().reason()).as("the first that is told").isEqualTo("plain-http");
    }

    // -- floods --------------------------------------------------------------------------------------------

    @Test
    void handshakes_at_once_of_one_address_are_bounded_and_others_come_in() throws Exception {
        restart(new Limits().handshakes(4, 1_000), credentials);
        List<RawClient> half = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            half.add(RawClient.to(server.address()).say("\u0016"));
        }
        await(() -> server.handshakes() == 4);
        for (int i = 0; i < 20; i++) {
            try (RawClient more = RawClient.to(server.address())) {
                assertThat(rest(more)).isEmpty();
            }
            assertThat(event().reason()).isEqualTo("too-many-handshakes");
        }
        try (RawClient other = instanceClient().from("127.0.0.2", server.address())) {
            assertThat(other.say(heartbeat()).response().status()).isEqualTo(200);
        }
        for (RawClient client : half) {
            client.close();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(event().reason()).isEqualTo("abandoned-handshake");
        }
        try (RawClient client = certified()) {
            assertThat(client.say(heartbeat()).response().status()).isEqualTo(200);
        }
    }

    @Test
    void handshakes_in_a_row_of_one_address_are_bounded() throws Exception {
        restart(new Limits().handshakes(8, 1), credentials);
        for (int i = 0; i < 40; i++) {
            try (RawClient client = RawClient.to(server.address())) {
                rest(client.say("GET / HTTP/1.1\r\n\r\n"));
            }
            assertThat(event().reason()).isIn("plain-http", "too-many-handshakes");
        }
        // One a second comes on top of the eight, and the test may take a few.
        assertThat(security.counts().get("plain-http")).isBetween(8L, 28L);
        assertThat(credentials.asked).hasValue(0);
    }

    @Test
    void calls_of_one_instance_are_bounded_and_it_is_told_to_come_again() throws Exception {
        restart(new Limits().calls(1, 5), credentials);
        int served = 0;
        try (RawClient client = certified();
                RawClient again = certified()) {
            for (int i = 0; i < 10; i++) {
                RawClient.Response response =
                        (i % 2 == 0 ? client : again).say(heartbeat()).response();
                if (response.status() == 200) {
                    served++;
                } else {
                    assertThat(response.status()).isEqualTo(503);
                    assertThat(response.head().toLowerCase(java.util.Locale.ROOT))
                            .contains("retry-after: 1");
                    assertThat(response.body()).contains("\"code\":\"unavailable\"");
                    assertThat(response.closes()).isFalse();
                    assertThat(event().reason()).isEqualTo("too-many-calls");
                }
            }
        }
        assertThat(served).isBetween(5, 9);
        try (RawClient other = certifiedFor(OTHER_RUN, 1).to(server.address())) {
            String request =
                    "POST /v1/instances/acme/ticket-4712/1/heartbeat HTTP/1.1\r\nHost: gateway\r\nContent-Type:"
                            + " application/json\r\nContent-Length: 9\r\n\r\n{\"seq\":0}";
            assertThat(other.say(request).response().status()).isEqualTo(200);
        }
        assertThat(Problem.Code.UNAVAILABLE.endsInstance()).isFalse();
        assertThat(Problem.Code.UNAVAILABLE.repeatable()).isTrue();
    }

    // -- connections ---------------------------------------------------------------------------------------

    @Test
    void pipelined_requests_and_large_bodies_go_through() throws Exception {
        byte[] large = WireCodec.write(Calls.output(16 * 1024 * 1024));
        String path = CallPath.of(Calls.output(0)).toString();
        try (RawClient client = certified()) {
            client.say(heartbeat() + heartbeat() + heartbeat());
            for (int i = 0; i < 3; i++) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            reply = new GatewayReply.Recorded(Calls.opening(16 * 1024 * 1024));
            client.say(
                    "POST " + path + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: "
                            + large.length + "\r\n\r\n");
            client.socket().getOutputStream().write(large);
            RawClient.Response response = client.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body().length()).isGreaterThan(16 * 1024 * 1024);
        }
        assertThat(asked).hasSize(4);
        assertThat(server.budgetLeft()).isEqualTo(256L << 20);
    }

    @Test
    void malformed_request_is_answered_and_the_end_of_the_connection_is_said() throws Exception {
        try (RawClient client = certified()) {
            assertThat(client.say("NONSENSE\r\n\r\n").response().status()).isEqualTo(400);
            // A socket of the JDK throws unless the server said that this is the end.
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(event().reason()).isEqualTo("bad-http");
    }

    @Test
    void record_that_was_changed_on_its_way_ends_the_connection() throws Exception {
        URI uri = URI.create(server.address());
        try (Socket raw = new Socket(uri.getHost(), uri.getPort());
                RawClient client = instanceClient().over(raw)) {
            assertThat(client.say(heartbeat()).response().status()).isEqualTo(200);
            raw.getOutputStream().write(HexFormat.of().parseHex("1703030020" + "ab".repeat(32)));
            raw.getOutputStream().flush();
            assertThat(event().reason()).isEqualTo("broken-tls");
        }
    }

    @Test
    void new_certificate_of_the_host_is_shown_to_who_connects_and_open_connections_stay() throws Exception {
        X509Certificate first = credentials.identity.chain().get(0);
        try (RawClient before = certified()) {
            assertThat(shownBy(before)).isEqualTo(first);
            credentials.identity = authority.gateway();
            X509Certificate second = credentials.identity.chain().get(0);
            try (RawClient after = certified()) {
                assertThat(shownBy(after)).isEqualTo(second).isNotEqualTo(first);
                assertThat(after.say(heartbeat()).response().status()).isEqualTo(200);
            }
            assertThat(before.say(heartbeat()).response().status()).isEqualTo(200);
        }
        assertThat(credentials.identity)
                .asString()
                .startsWith("DoorIdentity[serial ")
                .doesNotContain("rivate");
    }

    @Test
    void closing_says_so_to_who_is_connected_and_answers_what_is_under_way() throws Exception {
        BlockingQueue<Consumer<GatewayReply>> waiting = new LinkedBlockingQueue<>();
        server.close();
        server = GatewayServer.open(settings(new Limits(), credentials), (shown, call, answer) -> waiting.add(answer));
        try (RawClient working = certified();
                RawClient idle = certified()) {
            working.say(heartbeat());
            Consumer<GatewayReply> answer = waiting.take();
            Thread closer = new Thread(server::close);
            closer.start();
            assertThat(idle.isClosedByPeer()).isTrue();
            answer.accept(ALIVE);
            RawClient.Response response = working.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.closes()).isTrue();
            assertThat(working.isClosedByPeer()).isTrue();
            closer.join();
        }
    }

    // -- helpers -------------------------------------------------------------------------------------------

    private GatewayServer open(Limits limits, DoorCredentials tls) {
        return GatewayServer.open(settings(limits, tls), (shown, call, answer) -> {
            presented.add(shown);
            asked.add(call);
            answer.accept(reply);
        });
    }

    private GatewaySettings settings(Limits limits, DoorCredentials tls) {
        return new GatewaySettings(
                new InetSocketAddress("127.0.0.1", 0),
                limits.limits(),
                CallerCredential.secret(),
                Optional.of(tls),
                security,
                () -> now);
    }

    private void restart(Limits limits, DoorCredentials tls) {
        server.close();
        server = open(limits, tls);
    }

    private Wanted authority() {
        return authority.instance(key.getPublic());
    }

    private TlsClient showing(X509Certificate certificate) {
        return TlsClient.showing(key.getPrivate(), certificate);
    }

    private TlsClient instanceClient() {
        return showing(authority().by(authority));
    }

    private TlsClient certifiedFor(RunRef run, int epoch) {
        return showing(authority.instance(key.getPublic(), run, epoch).by(authority));
    }

    private RawClient certified() throws IOException {
        return instanceClient().to(server.address());
    }

    /** How a connection ends that says nothing after its handshake. */
    private String end(TlsClient client) throws IOException {
        try (RawClient raw = client.to(server.address())) {
            return raw.isClosedByPeer() ? "closed" : "open";
        } catch (SocketException stillWriting) {
            return RESET;
        } catch (IOException e) {
            return e.getClass().getSimpleName() + ": "
                    + String.valueOf(e.getMessage()).replaceFirst("^\\([a-z_]+\\) ", "");
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
            never.await(10, TimeUnit.MILLISECONDS);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** What comes until the end; a reset is an end as well. */
    private static String rest(RawClient client) {
        try {
            return client.rest();
        } catch (IOException reset) {
            return "";
        }
    }

    private static X509Certificate shownBy(RawClient client) throws IOException {
        return (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
    }

    private SecurityEvent event() throws InterruptedException {
        SecurityEvent event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event of the security log").isNotNull();
        return event;
    }

    private static String heartbeat() {
        return request(Calls.heartbeat(), "");
    }

    private static String enrol(String headers) {
        return request(Calls.each().get(0), headers);
    }

    private static String bearer() {
        return "Authorization: Bearer " + Calls.SECRET + "\r\n";
    }

    private static String request(GatewayCall call, String headers) {
        byte[] body = WireCodec.write(call);
        return "POST " + CallPath.of(call) + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
                + headers + "Content-Length: " + body.length + "\r\n\r\n" + new String(body, StandardCharsets.UTF_8);
    }

    /** Limits with names, so that a test shows the one that it is about. */
    private static final class Limits {
        private Duration firstCall = Duration.ofSeconds(10);
        private int calls = 1_000_000;
        private int burst = 1_000_000;
        private int handshakes = 256;
        private int handshakesPerSecond = 1_000;

        Limits firstCall(Duration within) {
            firstCall = within;
            return this;
        }

        Limits calls(int perSecond, int atOnce) {
            calls = perSecond;
            burst = atOnce;
            return this;
        }

        Limits handshakes(int atOnce, int perSecond) {
            handshakes = atOnce;
            handshakesPerSecond = perSecond;
            return this;
        }

        GatewayLimits limits() {
            Duration minute = Duration.ofMinutes(1);
            return new GatewayLimits(
                    10_000,
                    10_000,
                    8 * 1024,
                    WireCodec.MAX_CALL_BYTES,
                    256L << 20,
                    256L << 20,
                    firstCall,
                    Duration.ofSeconds(10),
                    minute,
                    minute,
                    minute,
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(5),
                    calls,
                    burst,
                    handshakes,
                    handshakesPerSecond);
        }
    }
}
