package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.identity.SecurityEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another implementation of TLS can try at a gateway. */
class GatewayAndOpensslTest {
    private final TestAuthority authority = TestAuthority.named("authority");
    private final TestDoor credentials = new TestDoor(authority, () -> TestAuthority.NOW);
    private final BlockingQueue<SecurityEvent> events = new LinkedBlockingQueue<>();
    private final KeyPair key = TestAuthority.ed25519();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Process> processes = new ArrayList<>();
    private GatewayServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(isInstalled(), "openssl is not installed, so what it would try is not tried");
        server = GatewayServer.open(
                new GatewaySettings(
                        new InetSocketAddress("127.0.0.1", 0),
                        GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES),
                        CallerCredential.secret(),
                        Optional.of(credentials),
                        new BoundedSecurityLog(() -> TestAuthority.NOW, 1_000, events::add),
                        () -> TestAuthority.NOW),
                (shown, call, reply) -> {
                    calls.incrementAndGet();
                    reply.accept(new GatewayReply.Alive(false));
                });
        pem("key.pem", "PRIVATE KEY", key.getPrivate().getEncoded());
        pem(
                "cert.pem",
                "CERTIFICATE",
                TestAuthority.der(authority.instance(key.getPublic()).by(authority)));
    }

    @AfterEach
    void close() {
        processes.forEach(Process::destroyForcibly);
        if (server != null) {
            server.close();
        }
    }

    @Test
    void call_with_a_certificate_is_answered_and_no_session_is_handed_out() throws Exception {
        Path session = folder.resolve("ours");

        String said = client(port(server.address()), request(), "-sess_out", session.toString());

        assertThat(said).contains("New, TLSv1.3").contains("HTTP/1.1 200 OK");
        assertThat(said).containsIgnoringCase("Peer signature type: ed25519");
        assertThat(session).doesNotExist();
        assertThat(credentials.verified).hasValue(1);
    }

    @Test
    void session_of_elsewhere_is_not_resumed_and_the_key_is_proven_anew() throws Exception {
        Path session = folder.resolve("elsewhere");
        try (JdkTlsServer elsewhere = new JdkTlsServer(
                "TLSv1.3",
                credentials.identity.key(),
                credentials.identity.chain().get(0))) {
            client(port(elsewhere.address()), "", "-sess_out", session.toString());
            // So that it is known to be one that can be resumed, where it comes from.
            assertThat(client(port(elsewhere.address()), "", "-sess_in", session.toString()))
                    .contains("Reused, TLSv1.3");
        }
        assertThat(session).exists();

        String said = client(port(server.address()), request(), "-sess_in", session.toString());

        assertThat(said).contains("New, TLSv1.3").doesNotContain("Reused").contains("HTTP/1.1 200 OK");
        assertThat(credentials.verified).hasValue(1);
    }

    @Test
    void early_data_is_not_taken() throws Exception {
        Path session = folder.resolve("early");
        Path early = Files.writeString(folder.resolve("early-data"), request());
        int port = earlyServer();
        client(port, "", "-sess_out", session.toString());
        assertThat(client(port, "", "-sess_in", session.toString(), "-early_data", early.toString()))
                .contains("Early data was accepted");

        String said = client(
                port(server.address()), request(), "-sess_in", session.toString(), "-early_data", early.toString());

        assertThat(said).doesNotContain("Early data was accepted").doesNotContain("Reused");
        // The JDK cuts off who sends early data unasked. What came early never reached the host.
        assertThat(calls.get()).as(said).isLessThanOrEqualTo(1);
        assertThat(said.split("HTTP/1.1 200 OK", -1)).as(said).hasSize(calls.get() + 1);
    }

    /** TLS 1.3 has no renegotiation; what is left of it is a new key for the same connection. */
    @Test
    void client_that_wants_to_renegotiate_gets_new_keys_at_most() throws Exception {
        assertThat(client(port(server.address()), "R\n"))
                .contains("RENEGOTIATING")
                .contains("wrong ssl version");

        assertThat(client(port(server.address()), "K\n", request()))
                .contains("KEYUPDATE")
                .contains("HTTP/1.1 200 OK");
    }

    @Test
    void older_versions_are_refused() throws Exception {
        assertThat(run(List.of(""), "-connect", "127.0.0.1:" + port(server.address()), "-tls1_2"))
                .contains("alert protocol version");
        assertThat(events.poll(20, TimeUnit.SECONDS).reason()).isEqualTo("tls-version");
    }

    // -- helpers -------------------------------------------------------------------------------------------

    private int earlyServer() throws IOException {
        int port = freePort();
        pem("gateway-key.pem", "PRIVATE KEY", credentials.identity.key().getEncoded());
        pem(
                "gateway-cert.pem",
                "CERTIFICATE",
                TestAuthority.der(credentials.identity.chain().get(0)));
        Process started = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-key",
                        folder.resolve("gateway-key.pem").toString(),
                        "-cert",
                        folder.resolve("gateway-cert.pem").toString(),
                        "-tls1_3",
                        "-early_data",
                        "-no_anti_replay")
                .redirectErrorStream(true)
                .start();
        processes.add(started);
        BufferedReader out =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null && !line.startsWith("ACCEPT"); line = out.readLine()) {}
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    private String client(int port, String first, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(
                "-connect",
                "127.0.0.1:" + port,
                "-tls1_3",
                "-cert",
                folder.resolve("cert.pem").toString(),
                "-key",
                folder.resolve("key.pem").toString()));
        List<String> lines = new ArrayList<>(List.of(first));
        for (String one : more) {
            boolean option = one.startsWith("-") || one.startsWith("/");
            (option ? options : lines).add(one);
        }
        return run(lines, options.toArray(String[]::new));
    }

    /** What s_client prints until the connection ends; an empty last line ends it from this side. */
    private String run(List<String> lines, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client"));
        command.addAll(List.of(options));
        Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(client);
        StringBuilder said = new StringBuilder();
        BufferedReader out = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream in = client.getOutputStream();
        int written = 0;
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            boolean ready = line.startsWith("Verify return code") && written == 0 || line.startsWith("KEYUPDATE");
            if (ready && written < lines.size()) {
                String next = lines.get(written++);
                if (next.isEmpty()) {
                    awaitSession(List.of(options));
                }
                try {
                    in.write((next.isEmpty() ? "Q\n" : next).getBytes(StandardCharsets.US_ASCII));
                    in.flush();
                } catch (IOException e) {
                    said.append("it was cut off before it could speak\n");
                }
            }
        }
        assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.toString();
    }

    /** A session comes after the handshake; whoever leaves at once gets none. */
    private static void awaitSession(List<String> options) throws InterruptedException {
        int at = options.indexOf("-sess_out");
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; at >= 0 && i < 2000 && !Files.exists(Path.of(options.get(at + 1))); i++) {
            never.await(10, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private void pem(String name, String what, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                folder.resolve(name), "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }

    private static int port(String address) {
        return URI.create(address).getPort();
    }

    private static String request() {
        byte[] body = WireCodec.write(Calls.heartbeat());
        return "POST " + CallPath.of(Calls.heartbeat())
                + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nContent-Length: " + body.length + "\r\n\r\n"
                + new String(body, StandardCharsets.UTF_8);
    }
}
