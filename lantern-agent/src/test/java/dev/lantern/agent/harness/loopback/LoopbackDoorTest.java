package dev.lantern.agent.harness.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.http.HttpLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything that comes from a foreigner or can be taken in two ways stays outside. */
final class LoopbackDoorTest {
    private final LoopbackFixture f = new LoopbackFixture();

    @AfterEach
    void close() {
        f.close();
        assertThat(f.failures).isEmpty();
    }

    @Test
    void hostile_requests_are_refused_and_never_reach_the_harness() throws IOException {
        String line = "POST /" + f.token() + "/v1/steps/a/begin HTTP/1.1\r\n";
        String host = "Host: " + f.host() + "\r\n";
        Map<String, String> attacks = new LinkedHashMap<>();
        // Other users and other runs
        attacks.put("404 no token", "GET /v1/run HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("404 another token", "GET /" + "0".repeat(32) + "/v1/run HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("404 token cut", "GET /" + f.token().substring(1) + "/v1/run HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("404 token longer", "GET /" + f.token() + "0/v1/run HTTP/1.1\r\n" + host + "\r\n");
        attacks.put(
                "404 token in capitals",
                "GET /" + f.token().toUpperCase(java.util.Locale.ROOT) + "A/v1/run HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("404 token as query", "GET /?token=" + f.token() + " HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("404 empty path", "GET / HTTP/1.1\r\n" + host + "\r\n");
        // Web pages
        attacks.put("403 origin", line + host + "Origin: https://evil.example\r\n\r\n");
        attacks.put("403 origin null", line + host + "Origin: null\r\n\r\n");
        attacks.put("403 origin of our own", line + host + "Origin: http://" + f.host() + "\r\n\r\n");
        attacks.put("403 origin in capitals", line + host + "ORIGIN: x\r\n\r\n");
        attacks.put("403 fetched by a page", line + host + "Sec-Fetch-Site: cross-site\r\n\r\n");
        // Rebinding
        attacks.put("403 rebound name", line + "Host: evil.example:" + f.url.getPort() + "\r\n\r\n");
        attacks.put("403 localhost", line + "Host: localhost:" + f.url.getPort() + "\r\n\r\n");
        attacks.put("403 no port", line + "Host: 127.0.0.1\r\n\r\n");
        attacks.put("403 other port", line + "Host: 127.0.0.1:1\r\n\r\n");
        attacks.put("403 other notation", line + "Host: 127.1:" + f.url.getPort() + "\r\n\r\n");
        attacks.put("403 dot", line + "Host: 127.0.0.1.:" + f.url.getPort() + "\r\n\r\n");
        attacks.put("403 no host", line + "\r\n");
        attacks.put("400 two hosts", line + host + "Host: evil.example\r\n\r\n");
        attacks.put("400 same host twice", line + host + host + "\r\n");
        attacks.put(
                "400 absolute form",
                "GET http://" + f.host() + "/" + f.token() + "/v1/run HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("400 asterisk form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("400 authority form", "CONNECT " + f.host() + " HTTP/1.1\r\n" + host + "\r\n");
        // Smuggling
        attacks.put(
                "400 length and chunks",
                line + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        attacks.put(
                "400 chunks and length",
                line + host + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n");
        attacks.put("400 two lengths", line + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
        attacks.put("400 same length twice", line + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na");
        attacks.put("400 list of lengths", line + host + "Content-Length: 1, 1\r\n\r\na");
        attacks.put("400 signed length", line + host + "Content-Length: +1\r\n\r\na");
        attacks.put("400 negative length", line + host + "Content-Length: -1\r\n\r\na");
        attacks.put("400 hexadecimal length", line + host + "Content-Length: 0x1\r\n\r\na");
        attacks.put("400 empty length", line + host + "Content-Length:\r\n\r\na");
        attacks.put("400 other digits", line + host + "Content-Length: \u00b2\r\n\r\naa");
        attacks.put("413 huge length", line + host + "Content-Length: 99999999999\r\n\r\n");
        attacks.put("400 overflowing length", line + host + "Content-Length: 18446744073709551617\r\n\r\n");
        attacks.put("501 other coding", line + host + "Transfer-Encoding: gzip, chunked\r\n\r\n");
        attacks.put("501 identity", line + host + "Transfer-Encoding: identity\r\n\r\n");
        attacks.put(
                "501 obscured coding", line + host + "Transfer-Encoding: \u000bchunked\r\n\r\n".replace("\u000b", "x"));
        attacks.put("400 two codings", line + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n");
        attacks.put("400 space before colon", line + host + "Content-Length : 1\r\n\r\na");
        attacks.put("400 folded header", line + host + "X: a\r\n b\r\n\r\n");
        attacks.put("400 header without colon", line + host + "nonsense\r\n\r\n");
        attacks.put("400 header without name", line + host + ": x\r\n\r\n");
        attacks.put("400 control in value", line + host + "X: a\u0000b\r\n\r\n");
        attacks.put("400 bare LF", line.replace("\r\n", "\n") + host + "\r\n");
        attacks.put("400 bare CR", line + host + "X: a\rb\r\n\r\n");
        attacks.put("400 bad chunk", line + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n");
        attacks.put("400 signed chunk", line + host + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n");
        attacks.put("400 empty chunk size", line + host + "Transfer-Encoding: chunked\r\n\r\n;x\r\n");
        attacks.put("400 chunk overrun", line + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n");
        attacks.put("400 long chunk size", line + host + "Transfer-Encoding: chunked\r\n\r\n000000001\r\na\r\n");
        attacks.put("413 huge chunk", line + host + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n");
        attacks.put(
                "400 chunk line without end", line + host + "Transfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(300));
        // Oversize
        attacks.put("414 long target", "GET /" + "a".repeat(5000) + " HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("431 long header", line + host + "X: " + "a".repeat(5000) + "\r\n\r\n");
        attacks.put("431 many headers", line + host + "X: a\r\n".repeat(30) + "\r\n");
        attacks.put("413 long body", line + host + "Content-Length: 100001\r\n\r\n");
        // Versions and lines
        attacks.put("505 HTTP/1.0", "GET /" + f.token() + "/v1/run HTTP/1.0\r\n" + host + "\r\n");
        attacks.put("505 HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".replace("*", "/x"));
        attacks.put("400 no version", "GET /" + f.token() + "/v1/run\r\n" + host + "\r\n");
        attacks.put("400 two spaces", "GET  /x HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("400 tab", "GET\t/x HTTP/1.1\r\n" + host + "\r\n");
        attacks.put("400 TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n");
        attacks.put("417 expectation", line + host + "Expect: tea\r\n\r\n");

        for (Map.Entry<String, String> attack : attacks.entrySet()) {
            String answer = f.exchange(attack.getValue());
            assertThat(answer)
                    .as(attack.getKey())
                    .startsWith("HTTP/1.1 " + attack.getKey().substring(0, 3));
            assertThat(answer).as(attack.getKey()).contains("application/problem+json", "connection: close");
            assertThat(answer).as(attack.getKey()).doesNotContain(f.token());
            assertThat(answer.split("HTTP/1.1 ", -1)).as(attack.getKey()).hasSize(2);
        }
        System.out.println("loopback attacks: " + attacks.size() + " cases");
        assertThat(attacks.size()).isGreaterThanOrEqualTo(60);
        assertThat(f.ask("POST", "/v1/steps/a/begin", "", "")).startsWith("HTTP/1.1 201 ");
    }

    @Test
    void request_that_drips_is_cut_off() throws IOException {
        String head = f.request("GET", "/v1/run", "X: " + "y".repeat(2000) + "\r\n", "");
        assertThat(dripped(head)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void body_that_drips_is_cut_off() throws IOException {
        try (Socket socket = f.connect()) {
            write(socket, f.request("POST", "/v1/output", "Content-Length: 2000\r\n", ""));
            assertThat(drip(socket, "y".repeat(2000))).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void connections_beyond_the_limit_are_turned_away() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = f.connect();
                held.add(socket);
                write(socket, "GET /" + f.token() + "/v1/run HTTP/1.1\r\nHost: " + f.host() + "\r\n\r\n");
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            try (Socket ninth = f.connect()) {
                assertThat(LoopbackFixture.readAll(ninth))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("retry-after: 1");
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void each_instance_has_a_token_of_its_own() throws IOException {
        try (LoopbackFixture other = new LoopbackFixture(new ModelOwner(), HttpLimits.ofBody(1000), 4)) {
            assertThat(other.token()).isNotEqualTo(f.token()).hasSize(32);
            assertThat(other.exchange("GET /" + f.token() + "/v1/run HTTP/1.1\r\nHost: " + other.host() + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void instance_that_is_served_no_longer_is_a_stranger() throws IOException {
        f.server.stopServing(f.url);

        assertThat(f.ask("GET", "/v1/run", "", "")).startsWith("HTTP/1.1 404 ");
    }

    private String dripped(String request) throws IOException {
        try (Socket socket = f.connect()) {
            return drip(socket, request);
        }
    }

    /** Byte for byte until the server has had enough; how fast does not matter, only that it never ends. */
    private static String drip(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        try {
            for (int i = 0; i < text.length() && socket.getInputStream().available() == 0; i++) {
                out.write(text.charAt(i));
                out.flush();
                java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            }
        } catch (SocketException closed) {
            assertThat(closed).hasMessageNotContaining(text);
        }
        return LoopbackFixture.readAll(socket);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }
}
