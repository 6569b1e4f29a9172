package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.transport.HttpTransport;
import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.value.LanternException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayServerTest {
    private static final GatewayReply ALIVE = new GatewayReply.Alive(false);
    private static final byte[] HEARTBEAT = WireCodec.write(Calls.heartbeat());

    private final BlockingQueue<GatewayCall> asked = new LinkedBlockingQueue<>();
    private final SystemClockwork clockwork = SystemClockwork.start(failure -> {
        throw new AssertionError(failure);
    });
    private volatile GatewayReply reply = ALIVE;
    private GatewayServer server = GatewayServer.open(this::yes);

    @AfterEach
    void close() {
        server.close();
        clockwork.close();
    }

    // -- round trips ---------------------------------------------------------------------------------------

    @Test
    void every_call_arrives_as_it_was_sent() throws Exception {
        for (GatewayCall call : Calls.each()) {
            assertThat(sent(call)).isEqualTo(new Transport.Outcome.Answered(ALIVE));
            GatewayCall arrived = asked.take();
            assertThat(CallPath.of(arrived)).isEqualTo(CallPath.of(call));
            assertThat(WireCodec.write(arrived)).isEqualTo(WireCodec.write(call));
        }
    }

    @Test
    void every_reply_arrives_as_it_was_given() throws Exception {
        for (GatewayReply one : Calls.eachReply()) {
            reply = one;
            assertThat(sent(Calls.heartbeat())).isEqualTo(new Transport.Outcome.Answered(one));
        }
    }

    @Test
    void largest_payload_fits() throws Exception {
        GatewayCall call = Calls.output(16 * 1024 * 1024);

        assertThat(sent(call)).isEqualTo(new Transport.Outcome.Answered(ALIVE));
        assertThat(((GatewayCall.Output) asked.take()).output().size()).isEqualTo(16 * 1024 * 1024);
        assertThat(server.budgetLeft())
                .isEqualTo(GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES).maxBufferedBytes());
    }

    @Test
    void owner_is_named_to_who_asks_the_wrong_host() throws Exception {
        reply = new GatewayReply.Refused(
                new Problem(Problem.Code.NOT_OWNER, "another host owns it", Optional.of("http://127.0.0.1:9")));
        RawClient.Response response = once(request());

        assertThat(response.status()).isEqualTo(421);
        assertThat(response.head()).contains("application/problem+json");
        assertThat(response.body())
                .isEqualTo("{\"code\":\"not-owner\",\"detail\":\"another host owns it\","
                        + "\"owner\":\"http://127.0.0.1:9\",\"status\":421,\"title\":\"not owner\","
                        + "\"type\":\"https://lantern.dev/problems/not-owner\"}");
    }

    @Test
    void curl_gets_an_answer() throws Exception {
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "-H",
                        "Authorization: Bearer " + Calls.SECRET,
                        "-H",
                        "Content-Type: application/json",
                        "-H",
                        "Expect: 100-continue",
                        "--data",
                        "{\"seq\":0}",
                        server.address() + CallPath.of(Calls.heartbeat()))
                .redirectErrorStream(true)
                .start();

        assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"reply\":\"alive\",\"stop\":false}");
    }

    // -- connections ---------------------------------------------------------------------------------------

    @Test
    void connection_is_kept_and_pipelined_requests_are_answered_in_order() throws Exception {
        List<Consumer<GatewayReply>> waiting = new ArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        restart(limits(), (secret, call, answer) -> {
            synchronized (waiting) {
                waiting.add(answer);
            }
            first.countDown();
        });
        try (RawClient client = RawClient.to(server.address())) {
            client.say(request() + request() + request());
            first.await();
            for (int i = 0; i < 3; i++) {
                int number = i;
                await(() -> size(waiting) == number + 1);
                synchronized (waiting) {
                    waiting.get(i).accept(new GatewayReply.RunIt("key-" + i, 1));
                }
                assertThat(client.response().body()).contains("key-" + i);
            }
        }
    }

    @Test
    void answer_that_comes_twice_is_written_once() throws Exception {
        restart(limits(), (secret, call, answer) -> {
            answer.accept(ALIVE);
            answer.accept(new GatewayReply.RunIt("second", 1));
        });
        try (RawClient client = RawClient.to(server.address())) {
            assertThat(client.say(request()).response().body()).contains("alive");
            assertThat(client.say(request()).response().body()).contains("alive");
        }
    }

    @Test
    void chunked_request_is_read() throws Exception {
        RawClient.Response response =
                once(head("Transfer-Encoding: chunked") + "4\r\n{\"se\r\n5;x=y\r\nq\":0}\r\n0\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void request_that_arrives_byte_by_byte_is_read() throws Exception {
        try (RawClient client = RawClient.to(server.address())) {
            client.socket().setTcpNoDelay(true);
            for (char c : request().toCharArray()) {
                client.say(String.valueOf(c));
            }
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    @Test
    void client_that_wants_the_connection_closed_gets_it() throws Exception {
        try (RawClient client = RawClient.to(server.address())) {
            RawClient.Response response = client.say(request().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                    .response();
            assertThat(response.closes()).isTrue();
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void connection_cut_at_any_byte_of_the_answer_is_a_lost_answer_and_harms_nobody() throws Exception {
        int whole = wholeAnswer().length;
        int lost = 0;
        for (int cut = 0; cut < whole; cut++) {
            try (Cutter cutter = new Cutter(server.address(), cut)) {
                HttpTransport transport = transport(cutter.address());
                Transport.Outcome outcome = sent(transport, Calls.heartbeat());
                assertThat(outcome).as("cut after %d bytes", cut).isInstanceOf(Transport.Outcome.Lost.class);
                transport.close();
                lost++;
            }
        }
        assertThat(sent(Calls.heartbeat())).isEqualTo(new Transport.Outcome.Answered(ALIVE));
        System.out.println("answer cut at each byte: " + lost + " cases");
        assertThat(lost).isGreaterThanOrEqualTo(120);
    }

    // -- strangers -----------------------------------------------------------------------------------------

    @Test
    void strangers_learn_nothing() throws Exception {
        reply = new GatewayReply.Refused(Problem.of(Problem.Code.UNKNOWN_INSTANCE, "no such instance"));
        String ofTheEngine = once(request()).body();
        List<String> requests = List.of(
                request().replace("/v1/instances/", "/v2/instances/"),
                request().replace("/heartbeat", "/no-such-call"),
                request().replace("/heartbeat", ""),
                request().replace("/acme/", "/ac%6de/"),
                request().replace("/acme/", "/../acme/"),
                request().replace("/heartbeat", "/heartbeat?x=1"),
                request().replace("/3/", "/03/"),
                request().replace("POST", "GET"),
                request().replace("POST", "CONNECT"),
                request().replace("POST /v1", "POST http://127.0.0.1/v1"),
                request().replace("Authorization: Bearer " + Calls.SECRET + "\r\n", ""),
                request().replace("Bearer", "Basic"),
                request().replace(Calls.SECRET, "short"),
                request().replace(Calls.SECRET, Calls.SECRET.toUpperCase(java.util.Locale.ROOT)),
                request().replace("Authorization:", "Authorization: Bearer " + Calls.SECRET + "\r\nAuthorization:"));
        for (String request : requests) {
            RawClient.Response response = once(request);
            assertThat(response.status()).as(request).isEqualTo(404);
            assertThat(response.body()).as(request).isEqualTo(ofTheEngine);
            assertThat(response.closes()).as(request).isTrue();
        }
        assertThat(ofTheEngine).doesNotContain("acme").doesNotContain("4711");
        assertThat(asked).hasSize(1);
    }

    @Test
    void malformed_requests_are_refused_and_the_connection_ends() throws Exception {
        record Case(int status, String request) {}
        String body = new String(HEARTBEAT, StandardCharsets.UTF_8);
        List<Case> cases = List.of(
                new Case(400, head("Content-Length: 9", "Transfer-Encoding: chunked") + "0\r\n\r\n" + smuggled()),
                new Case(400, head("Transfer-Encoding: chunked", "Content-Length: 9") + "0\r\n\r\n" + smuggled()),
                new Case(400, head("Content-Length: 9", "Content-Length: 9") + body + smuggled()),
                new Case(400, head("Content-Length: 9", "Content-Length: 0") + body + smuggled()),
                new Case(400, head("Content-Length: 9, 9") + body + smuggled()),
                new Case(400, head("Content-Length: +9") + body),
                new Case(400, head("Content-Length: -9") + body),
                new Case(400, head("Content-Length: 0x9") + body),
                new Case(400, head("Content-Length: 9 9") + body),
                new Case(400, head("Content-Length : 9") + body),
                new Case(400, head("Content-Length: 99999999999999999999") + body),
                new Case(501, head("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n"),
                new Case(501, head("Transfer-Encoding: xchunked") + "0\r\n\r\n"),
                new Case(501, head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
                new Case(501, head("Transfer-Encoding: identity") + body),
                new Case(400, head("Transfer-Encoding: chunked") + "zz\r\n"),
                new Case(400, head("Transfer-Encoding: chunked") + "-1\r\n"),
                new Case(400, head("Transfer-Encoding: chunked") + "9\r\n" + body + "XX0\r\n\r\n"),
                new Case(400, request().replace("Host: gateway\r\n", "")),
                new Case(400, request().replace("Host: gateway", "Host: a\r\nHost: b")),
                new Case(400, request().replace("Host: gateway", "Host: gateway\nX-A: b")),
                new Case(400, request().replace("Host: gateway", "Bad Name: x\r\nHost: gateway")),
                new Case(400, request().replace("Host: gateway", "X: a\0b\r\nHost: gateway")),
                new Case(505, request().replace("HTTP/1.1", "HTTP/1.0")),
                new Case(505, request().replace("HTTP/1.1", "HTTP/2.0")),
                new Case(400, "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"),
                new Case(400, "HELO\r\n\r\n"),
                new Case(417, head("Content-Length: 9", "Expect: a-miracle") + body),
                new Case(415, request().replace("Content-Type: application/json", "Content-Type: text/plain")),
                new Case(415, request().replace("Content-Type: application/json\r\n", "")),
                new Case(415, head("Content-Length: 9", "Content-Encoding: gzip") + body),
                new Case(413, head("Content-Length: " + (WireCodec.MAX_CALL_BYTES + 1)) + body),
                new Case(414, "POST /" + "a".repeat(3000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                new Case(431, request().replace("Host: gateway", "X: " + "a".repeat(9000) + "\r\nHost: gateway")));
        for (Case one : cases) {
            try (RawClient client = RawClient.to(server.address())) {
                RawClient.Response response = client.say(one.request()).response();
                assertThat(response.status()).as(one.request()).isEqualTo(one.status());
                assertThat(response.closes()).as(one.request()).isTrue();
                assertThat(client.rest())
                        .as("nothing is answered after %s", one.request())
                        .isEmpty();
            }
        }
        assertThat(asked).isEmpty();
        System.out.println("malformed requests: " + cases.size() + " cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(34);
    }

    @Test
    void body_that_is_no_call_is_refused_and_the_connection_stays() throws Exception {
        try (RawClient client = RawClient.to(server.address())) {
            RawClient.Response response =
                    client.say(head("Content-Length: 2") + "[]").response();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).contains("\"code\":\"invalid\"");
            assertThat(client.say(request()).response().status()).isEqualTo(200);
        }
    }

    @Test
    void chunked_body_that_grows_too_long_is_refused() throws Exception {
        restart(limitsOfBody(1000), this::yes);
        String chunk = "100\r\n" + "a".repeat(256) + "\r\n";

        assertThat(once(head("Transfer-Encoding: chunked") + chunk.repeat(4)).status())
                .isEqualTo(413);
        assertThat(server.budgetLeft()).isEqualTo(1 << 20);
    }

    // -- load and time -------------------------------------------------------------------------------------

    @Test
    void bodies_together_are_bounded() throws Exception {
        restart(new Limits().buffered(10_000).limits(), this::yes);
        try (RawClient slow = RawClient.to(server.address())) {
            slow.say(head("Content-Length: 9000") + "a".repeat(8000));
            await(() -> server.budgetLeft() == 2000);

            RawClient.Response response = once(head("Content-Length: 5000") + "a".repeat(5000));

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.head().toLowerCase(java.util.Locale.ROOT)).contains("retry-after: 1");
        }
        await(() -> server.budgetLeft() == 10_000);
    }

    @Test
    void one_address_takes_no_more_connections_than_its_share() throws Exception {
        restart(new Limits().connectionsOfOne(2).limits(), this::yes);
        List<RawClient> greedy = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            greedy.add(RawClient.to(server.address()));
            assertThat(greedy.get(i).say(request()).response().status()).isEqualTo(200);
        }
        try (RawClient third = RawClient.to(server.address())) {
            RawClient.Response refused = third.response();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("2 connections from this address are open: come again");
        }
        try (RawClient other = RawClient.from("127.0.0.2", server.address())) {
            assertThat(other.say(request()).response().status()).isEqualTo(200);
        }
        greedy.get(0).close();
        await(() -> server.open() < 2);
        assertThat(once(request()).status()).isEqualTo(200);
        greedy.get(1).close();
        await(() -> server.peers() == 0);
    }

    @Test
    void one_address_leaves_room_for_the_bodies_of_others() throws Exception {
        restart(
                new Limits()
                        .maxBody(10_000)
                        .buffered(20_000)
                        .bufferedOfOne(10_000)
                        .limits(),
                this::yes);
        String most = head("Content-Length: 9000") + "x".repeat(8_000);
        try (RawClient greedy = RawClient.to(server.address());
                RawClient second = RawClient.to(server.address());
                RawClient other = RawClient.from("127.0.0.2", server.address())) {
            greedy.say(most);
            await(() -> server.budgetLeft() == 12_000);
            assertThat(second.say(most).response().status()).isEqualTo(503);
            assertThat(other.say(request()).response().status()).isEqualTo(200);
            other.say(most);
            await(() -> server.budgetLeft() == 4_000);
        }
        await(() -> server.budgetLeft() == 20_000);
    }

    @Test
    void credential_of_a_platform_arrives_as_it_was_sent() throws Exception {
        List<String> presented = new CopyOnWriteArrayList<>();
        server.close();
        server = GatewayServer.open(
                new InetSocketAddress("127.0.0.1", 0), CallerCredential.ofPlatform(), (credential, call, answer) -> {
                    presented.add(new String(((Presented.Bearer) credential).credential(), StandardCharsets.US_ASCII));
                    answer.accept(ALIVE);
                });
        String token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln-_" + "x".repeat(2_000);

        assertThat(once(request().replace(Calls.SECRET, token)).status()).isEqualTo(200);
        assertThat(once(request().replace("Bearer " + Calls.SECRET, "Bearer ")).status())
                .isEqualTo(404);
        assertThat(once(request().replace(Calls.SECRET, "two words")).status()).isEqualTo(404);
        assertThat(once(request().replace(Calls.SECRET, "caf\u00e9")).status()).isEqualTo(404);
        assertThat(presented).containsExactly(token);
    }

    @Test
    void connections_are_bounded() throws Exception {
        restart(new Limits().connections(3).limits(), this::yes);
        List<RawClient> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawClient client = RawClient.to(server.address());
            open.add(client);
            assertThat(client.say(request()).response().status()).isEqualTo(200);
        }
        try (RawClient fourth = RawClient.to(server.address())) {
            assertThat(fourth.response().status()).isEqualTo(503);
            assertThat(fourth.isClosedByPeer()).isTrue();
        }
        open.get(0).close();
        await(() -> server.open() < 3);
        assertThat(once(request()).status()).isEqualTo(200);
        for (RawClient client : open) {
            client.close();
        }
    }

    @Test
    void stranger_that_says_nothing_is_dropped_soon_and_a_known_client_may_be_idle() throws Exception {
        restart(new Limits().firstCall(Duration.ofMillis(200)).limits(), this::yes);
        try (RawClient known = RawClient.to(server.address());
                RawClient silent = RawClient.to(server.address())) {
            assertThat(known.say(request()).response().status()).isEqualTo(200);
            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(known.say(request()).response().status()).isEqualTo(200);
        }
    }

    @Test
    void slow_head_and_slow_body_are_told_so() throws Exception {
        restart(
                new Limits()
                        .head(Duration.ofMillis(200))
                        .body(Duration.ofMillis(200))
                        .limits(),
                this::yes);
        try (RawClient client = RawClient.to(server.address())) {
            assertThat(client.say(request()).response().status()).isEqualTo(200);
            assertThat(client.say("POST /v1").response().status()).isEqualTo(408);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(once(head("Content-Length: 9") + "{").status()).isEqualTo(408);
    }

    @Test
    void idle_connection_is_closed_in_the_end() throws Exception {
        restart(new Limits().idle(Duration.ofMillis(200)).limits(), this::yes);
        try (RawClient client = RawClient.to(server.address())) {
            assertThat(client.say(request()).response().status()).isEqualTo(200);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void call_that_the_host_never_answers_is_unavailable() throws Exception {
        restart(new Limits().answer(Duration.ofMillis(200)).limits(), (secret, call, answer) -> asked.add(call));

        RawClient.Response response = once(request());

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).contains("unavailable").contains("whether it did as asked is unknown");
    }

    @Test
    void host_that_fails_is_unavailable() throws Exception {
        restart(limits(), (secret, call, answer) -> {
            throw new IllegalStateException("a secret of the host");
        });

        RawClient.Response response = once(request());

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).doesNotContain("a secret of the host");
    }

    @Test
    void client_that_does_not_read_is_not_read_from_and_is_dropped() throws Exception {
        reply = new GatewayReply.Recorded(Calls.opening(16 * 1024 * 1024));
        restart(new Limits().write(Duration.ofMillis(500)).limits(), this::yes);
        try (RawClient client = RawClient.to(server.address())) {
            client.say(request() + request() + request());
            await(() -> asked.size() == 1);
            await(() -> server.open() == 0);
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void thousand_idle_connections_cost_two_threads() throws Exception {
        restart(limits(), this::yes);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                RawClient client = RawClient.to(server.address());
                clients.add(client);
                assertThat(client.say(request()).response().status()).isEqualTo(200);
            }
            assertThat(server.open()).isEqualTo(1000);
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("lantern-gateway"))
                    .count();
            assertThat(threads).isLessThanOrEqualTo(2);
            for (RawClient client : clients) {
                assertThat(client.say(request()).response().status()).isEqualTo(200);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    // -- closing -------------------------------------------------------------------------------------------

    @Test
    void closing_answers_the_calls_under_way_and_drops_the_idle() throws Exception {
        BlockingQueue<Consumer<GatewayReply>> waiting = new LinkedBlockingQueue<>();
        restart(limits(), (secret, call, answer) -> waiting.add(answer));
        try (RawClient working = RawClient.to(server.address());
                RawClient idle = RawClient.to(server.address())) {
            working.say(request());
            Consumer<GatewayReply> answer = waiting.take();
            CompletableFuture<Void> closed = new CompletableFuture<>();
            clockwork.start("closer", () -> {
                server.close();
                closed.complete(null);
            });
            assertThat(idle.isClosedByPeer()).isTrue();
            assertThat(closed).isNotDone();

            answer.accept(ALIVE);

            RawClient.Response response = working.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.closes()).isTrue();
            closed.get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> RawClient.to(server.address())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closing_waits_no_longer_than_it_may_and_a_late_answer_harms_nobody() throws Exception {
        BlockingQueue<Consumer<GatewayReply>> waiting = new LinkedBlockingQueue<>();
        restart(new Limits().drain(Duration.ofMillis(200)).limits(), (secret, call, answer) -> waiting.add(answer));
        try (RawClient client = RawClient.to(server.address())) {
            client.say(request());
            Consumer<GatewayReply> answer = waiting.take();

            server.close();

            assertThat(client.isClosedByPeer()).isTrue();
            answer.accept(ALIVE);
        }
    }

    @Test
    void taken_port_is_named() {
        int port = URI.create(server.address()).getPort();

        assertThatThrownBy(() -> GatewayServer.open(port, limits(), this::yes))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("the gateway cannot listen on /127.0.0.1:" + port + ": ");
    }

    // -- helpers -------------------------------------------------------------------------------------------

    private void yes(Presented presented, GatewayCall call, Consumer<GatewayReply> answer) {
        asked.add(call);
        answer.accept(reply);
    }

    private void restart(GatewayLimits limits, GatewayDoor door) {
        server.close();
        server = GatewayServer.open(0, limits, door);
    }

    private static GatewayLimits limits() {
        return new Limits().limits();
    }

    private static GatewayLimits limitsOfBody(int bytes) {
        return new Limits().maxBody(bytes).buffered(1 << 20).limits();
    }

    private Transport.Outcome sent(GatewayCall call) throws Exception {
        try (HttpTransport transport = transport(server.address())) {
            return sent(transport, call);
        }
    }

    private HttpTransport transport(String address) {
        return new HttpTransport(
                GatewayAddress.parse(address), Calls.SECRET, SocketFactory.getDefault(), clockwork, clockwork);
    }

    private static Transport.Outcome sent(HttpTransport transport, GatewayCall call) throws Exception {
        CompletableFuture<Transport.Outcome> outcome = new CompletableFuture<>();
        transport.send(Optional.empty(), call, outcome::complete);
        return outcome.get(60, TimeUnit.SECONDS);
    }

    private RawClient.Response once(String request) throws IOException {
        try (RawClient client = RawClient.to(server.address())) {
            return client.say(request).response();
        }
    }

    private byte[] wholeAnswer() throws IOException {
        RawClient.Response response = once(request());
        return (response.head() + response.body()).getBytes(StandardCharsets.UTF_8);
    }

    private static String request() {
        return head("Content-Length: " + HEARTBEAT.length) + new String(HEARTBEAT, StandardCharsets.UTF_8);
    }

    private static String smuggled() {
        return request();
    }

    private static String head(String... headers) {
        return "POST " + CallPath.of(Calls.heartbeat()) + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "
                + Calls.SECRET + "\r\nContent-Type: application/json\r\n" + String.join("\r\n", headers)
                + "\r\n\r\n";
    }

    private static int size(List<?> list) {
        synchronized (list) {
            return list.size();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
            never.await(10, TimeUnit.MILLISECONDS);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** Limits with names, so that a test shows the one that it is about. */
    private static final class Limits {
        private int connections = 10_000;
        private int connectionsOfOne = 10_000;
        private int maxBody = WireCodec.MAX_CALL_BYTES;
        private long buffered = 256L << 20;
        private long bufferedOfOne = 256L << 20;
        private Duration firstCall = Duration.ofSeconds(10);
        private Duration head = Duration.ofSeconds(10);
        private Duration body = Duration.ofSeconds(60);
        private Duration answer = Duration.ofSeconds(60);
        private Duration write = Duration.ofSeconds(60);
        private Duration idle = Duration.ofMinutes(5);
        private Duration drain = Duration.ofSeconds(5);
        private int callsPerSecond = 1_000_000;
        private int burst = 1_000_000;

        Limits connections(int count) {
            connections = count;
            return this;
        }

        Limits connectionsOfOne(int count) {
            connectionsOfOne = count;
            return this;
        }

        Limits bufferedOfOne(long bytes) {
            bufferedOfOne = bytes;
            return this;
        }

        Limits maxBody(int bytes) {
            maxBody = bytes;
            return this;
        }

        Limits buffered(long bytes) {
            buffered = bytes;
            return this;
        }

        Limits firstCall(Duration within) {
            firstCall = within;
            return this;
        }

        Limits head(Duration within) {
            head = within;
            return this;
        }

        Limits body(Duration within) {
            body = within;
            return this;
        }

        Limits answer(Duration within) {
            answer = within;
            return this;
        }

        Limits write(Duration within) {
            write = within;
            return this;
        }

        Limits idle(Duration within) {
            idle = within;
            return this;
        }

        Limits drain(Duration within) {
            drain = within;
            return this;
        }

        GatewayLimits limits() {
            return new GatewayLimits(
                    connections,
                    connectionsOfOne,
                    8 * 1024,
                    maxBody,
                    buffered,
                    bufferedOfOne,
                    firstCall,
                    head,
                    body,
                    answer,
                    write,
                    idle,
                    drain,
                    callsPerSecond,
                    burst,
                    64,
                    1_000);
        }
    }

    /** Stands between client and server and cuts the connection after so many bytes of the answer. */
    private final class Cutter implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));

        Cutter(String address, int after) throws IOException {
            clockwork.start("cutter", () -> {
                try {
                    while (true) {
                        relay(listening.accept(), address, after);
                    }
                } catch (IOException closed) {
                    return;
                }
            });
        }

        String address() {
            return "http://127.0.0.1:" + listening.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }

        private static void relay(Socket client, String address, int after) throws IOException {
            try (client;
                    RawClient gateway = RawClient.to(address)) {
                byte[] request = readRequest(client.getInputStream());
                gateway.say(new String(request, StandardCharsets.ISO_8859_1));
                byte[] part = gateway.socket().getInputStream().readNBytes(after);
                OutputStream out = client.getOutputStream();
                out.write(part);
                out.flush();
            }
        }

        private static byte[] readRequest(InputStream in) throws IOException {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            while (!request.toString(StandardCharsets.ISO_8859_1)
                    .endsWith(new String(HEARTBEAT, StandardCharsets.UTF_8))) {
                request.write(in.read());
            }
            return request.toByteArray();
        }
    }
}
