package dev.lantern.core.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatorServerTest {
    private final OperatorServer server = OperatorServer.open(
            new InetSocketAddress("127.0.0.1", 0),
            List.of(
                    Page.healthz(),
                    Page.jwks(() -> "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8)),
                    new Page("/broken", "text/plain", () -> {
                        throw new IllegalStateException("a secret of the host");
                    })));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void pages_are_read() throws Exception {
        assertThat(said(get("/healthz"))).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nok\n");
        assertThat(said(get("/jwks.json")))
                .contains("content-type: application/jwk-set+json")
                .contains("cache-control: no-store")
                .contains("connection: close")
                .endsWith("{\"keys\":[]}");
        assertThat(said(get("/healthz").replace("127.0.0.1:", "localhost:"))).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void whoever_else_asks_is_refused() throws Exception {
        record Case(int status, String request) {}
        List<Case> cases = List.of(
                new Case(403, get("/jwks.json").replace("127.0.0.1", "rebound.example")),
                new Case(403, get("/jwks.json").replace("127.0.0.1", "127.0.0.1.evil.example")),
                new Case(403, get("/jwks.json").replaceAll("Host: 127.0.0.1:[0-9]+", "Host: 127.0.0.1:1")),
                new Case(403, get("/jwks.json").replaceAll("Host: .*\r\n", "")),
                new Case(403, get("/jwks.json").replace("Host:", "Host: 127.0.0.1:1\r\nHost:")),
                new Case(403, get("/jwks.json").replace("Host:", "Origin: http://127.0.0.1\r\nHost:")),
                new Case(403, get("/jwks.json").replace("Host:", "Origin: null\r\nHost:")),
                new Case(405, get("/jwks.json").replace("GET", "POST")),
                new Case(405, get("/jwks.json").replace("GET", "OPTIONS")),
                new Case(405, get("/jwks.json").replace("GET", "DELETE")),
                new Case(404, get("/")),
                new Case(404, get("/healthz?x")),
                new Case(404, get("/../healthz")),
                new Case(404, get("http://127.0.0.1/healthz")),
                new Case(400, "NONSENSE\r\n\r\n"),
                new Case(414, get("/" + "a".repeat(2000))),
                new Case(431, get("/healthz").replace("Host:", "X: " + "a".repeat(5000) + "\r\nHost:")),
                new Case(500, get("/broken")));
        for (Case one : cases) {
            assertThat(said(one.request()))
                    .as(one.request())
                    .startsWith("HTTP/1.1 " + one.status() + " ")
                    .doesNotContain("keys")
                    .doesNotContain("a secret of the host");
        }
        System.out.println("requests refused by the operator's pages: " + cases.size() + " cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(18);
    }

    @Test
    void connections_are_few_and_the_idle_ones_do_not_stay() throws Exception {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            idle.add(connected());
            idle.get(i).getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
        }
        try (Socket more = connected()) {
            assertThat(more.getInputStream().readAllBytes()).isEmpty();
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        for (Socket one : idle) {
            assertThat(one.getInputStream().readAllBytes()).isEmpty();
            one.close();
        }
        assertThat(said(get("/healthz"))).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void only_this_machine_is_listened_to() {
        List<Page> pages = List.of(Page.healthz());

        assertThatThrownBy(() -> OperatorServer.open(new InetSocketAddress("0.0.0.0", 0), pages))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith(
                        "the operator's pages are for this machine only: they listen on a loopback address"
                                + " such as 127.0.0.1, found /0.0.0.0:0");
        assertThatThrownBy(() -> OperatorServer.open(InetSocketAddress.createUnresolved("localhost", 0), pages))
                .hasMessageContaining("found localhost");
        assertThatThrownBy(() -> OperatorServer.open(server.address(), pages))
                .hasMessageStartingWith("the operator cannot listen on /127.0.0.1:");
        assertThatThrownBy(() -> OperatorServer.open(
                        new InetSocketAddress("127.0.0.1", 0), List.of(Page.healthz(), Page.healthz())))
                .hasMessage("two pages of the operator's have the path /healthz");
        assertThatThrownBy(() -> new Page("/Not-A/Page", "text/plain", () -> new byte[0]))
                .hasMessageStartingWith("a page's path is /");
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String said(String request) throws IOException {
        try (Socket socket = connected()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + server.address().getPort() + "\r\n\r\n";
    }
}
