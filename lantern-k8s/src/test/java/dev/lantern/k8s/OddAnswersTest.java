package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import io.kubernetes.client.openapi.ApiClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers that no API server gives, byte by byte: what stands between it and the host may give them. */
class OddAnswersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String VERSION = "{\"gitVersion\": \"v1.36.0\"}";
    private static final String RELIED = "the answer cannot be relied on: ";

    @Test
    void plain_answer_is_told() throws Exception {
        Outcome<JsonObject> outcome = answer(ok(JSON + "Date: Sun, 01 Mar 2026 11:59:58 GMT\r\n", VERSION));

        assertThat(told(outcome).body()).hasToString("{\"gitVersion\":\"v1.36.0\"}");
        assertThat(told(outcome).date()).contains(NOW.minusSeconds(2));
        assertThat(outcome.askedAt()).isEqualTo(NOW);
    }

    @Test
    void charset_of_json_may_be_named() throws Exception {
        assertThat(told(answer(ok("Content-Type: application/json; charset=utf-8\r\n", VERSION)))
                        .body())
                .isNotNull();
    }

    @Test
    void answer_of_another_type_is_not_read() throws Exception {
        assertThat(why(answer(ok("Content-Type: text/html\r\n", VERSION))))
                .startsWith(RELIED + "the answer is of type text/html where application/json was asked for");
        assertThat(why(answer(ok("", VERSION))))
                .startsWith(RELIED + "the answer is of no type where application/json was asked for");
        assertThat(why(answer(ok("Content-Type: application/vnd.kubernetes.protobuf\r\n", VERSION))))
                .contains("protobuf where application/json was asked for");
    }

    @Test
    void answer_without_a_date_has_none() throws Exception {
        assertThat(told(answer(ok(JSON, VERSION))).date()).isEmpty();
    }

    @Test
    void success_of_another_kind_is_no_answer() throws Exception {
        assertThat(refused(answer("HTTP/1.1 204 No Content\r\n\r\n")).code()).isEqualTo(204);
    }

    @Test
    void answer_that_is_shorter_than_it_says_is_broken() throws Exception {
        assertThat(why(answer(
                        "HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 1000\r\nConnection: close\r\n\r\n" + VERSION)))
                .startsWith("the connection broke in the middle of the answer");
    }

    @Test
    void answer_that_is_no_utf_8_is_not_read() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("HTTP/1.1 200 OK\r\n" + JSON + "Connection: close\r\n\r\n{\"gitVersion\": \"v")
                .getBytes(StandardCharsets.US_ASCII));
        bytes.write(0xff);
        bytes.writeBytes("\"}".getBytes(StandardCharsets.US_ASCII));

        assertThat(why(answer(bytes.toByteArray()))).startsWith(RELIED + "it is no complete JSON");
    }

    @Test
    void answer_that_never_ends_is_cut_off() throws Exception {
        assertThat(why(answer(ok(JSON, "{\"gitVersion\": \"" + "v".repeat(9 << 20) + "\"}"))))
                .startsWith(RELIED + "TooLargeException: an object of it is larger than 8 MiB");
    }

    @Test
    void page_of_a_proxy_is_quoted_on_one_line_and_not_at_length() throws Exception {
        String page = "<h1>Bad gateway</h1>\r\n\u001b[31mforged line\u2028" + "x".repeat(5000);

        Outcome<JsonObject> outcome =
                answer("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + page);

        assertThat(refused(outcome).message())
                .startsWith("<h1>Bad gateway</h1> [31mforged line xxx")
                .endsWith("x…")
                .hasSize(301);
    }

    @Test
    void redirect_is_not_followed_to_an_answer() throws Exception {
        try (Server elsewhere = new Server(ok(JSON, VERSION).getBytes(StandardCharsets.UTF_8))) {
            assertThat(why(answer("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url()
                            + "/version\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")))
                    .startsWith("the answer came by a redirect to another address, which no API server gives");
        }
    }

    @Test
    void nobody_listening_is_said_so() throws Exception {
        String url;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + closed.getLocalPort();
        }

        assertThat(why(ask(url)))
                .startsWith("the API server cannot be reached (ConnectException: Failed to connect to");
    }

    @Test
    void server_whose_certificate_nobody_vouches_for_is_said_so() throws Exception {
        try (FakeKubernetes stranger = FakeKubernetes.builder().tls().start()) {
            assertThat(why(ask(stranger.url())))
                    .startsWith("no TLS connection to the API server (SSLHandshakeException: ")
                    .endsWith("; see the certificates of both, and the authority in this host's kubeconfig");
        }
    }

    private static Outcome<JsonObject> answer(String bytes) throws Exception {
        return answer(bytes.getBytes(StandardCharsets.UTF_8));
    }

    private static Outcome<JsonObject> answer(byte[] bytes) throws Exception {
        try (Server server = new Server(bytes)) {
            return ask(server.url());
        }
    }

    private static Outcome<JsonObject> ask(String url) throws Exception {
        ApiClient client = Clusters.client("""
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                users: [{name: test, user: {token: none}}]
                """.formatted(url));
        CompletableFuture<Outcome<JsonObject>> outcome = new CompletableFuture<>();
        new ApiServer(client).ask(Get.of("/version", Rule.path("/version")), ObjectReader::any, NOW, outcome::complete);
        return outcome.get(1, TimeUnit.MINUTES);
    }

    private static Outcome.Told<JsonObject> told(Outcome<JsonObject> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Told.class);
        return (Outcome.Told<JsonObject>) outcome;
    }

    private static Outcome.Refused<JsonObject> refused(Outcome<JsonObject> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return (Outcome.Refused<JsonObject>) outcome;
    }

    private static String why(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Lost.class);
        return ((Outcome.Lost<?>) outcome).why();
    }

    private static String ok(String headers, String body) {
        return "HTTP/1.1 200 OK\r\n" + headers + "Connection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** Answers every request with the same bytes and hangs up. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket;

        Server(byte[] answer) throws IOException {
            this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread serving = new Thread(() -> serveAll(answer), "odd-server");
            serving.setDaemon(true);
            serving.start();
        }

        private void serveAll(byte[] answer) {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    serve(connection, answer);
                } catch (IOException e) {
                    // The client hung up first, or the test is over.
                }
            }
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        private static void serve(Socket connection, byte[] answer) throws IOException {
            InputStream in = connection.getInputStream();
            // The request ends with an empty line; it has no body.
            int newlines = 0;
            while (newlines < 2) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
            }
            OutputStream out = connection.getOutputStream();
            out.write(answer);
            out.flush();
            connection.shutdownOutput();
            in.readAllBytes();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
