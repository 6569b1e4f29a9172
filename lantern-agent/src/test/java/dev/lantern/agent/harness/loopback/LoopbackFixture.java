package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.HarnessFixture;
import dev.lantern.agent.harness.JdkInstanceSigner;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A loopback server with one enrolled instance before a model of the owner. */
public final class LoopbackFixture implements AutoCloseable {
    static final HttpLimits IMPATIENT =
            new HttpLimits(4096, 20, 100_000, Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(20));

    public final ModelOwner owner;
    public final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    final SystemClockwork clockwork = SystemClockwork.start(failures::add);
    final LoopbackServer server;
    final Harness harness;
    public final URI url;

    LoopbackFixture() {
        this(new ModelOwner(), IMPATIENT, 8);
    }

    public LoopbackFixture(ModelOwner owner) {
        this(owner, call -> Optional.of(owner.answer(call)), HttpLimits.ofBody(16 * 1024 * 1024), 64);
    }

    LoopbackFixture(ModelOwner owner, HttpLimits limits, int maxConnections) {
        this(owner, call -> Optional.of(owner.answer(call)), limits, maxConnections);
    }

    /** @param answers what becomes of each call; an answer that is empty is lost */
    LoopbackFixture(ModelOwner owner, Function<GatewayCall, Optional<GatewayReply>> answers) {
        this(owner, answers, HttpLimits.ofBody(16 * 1024 * 1024), 64);
    }

    private LoopbackFixture(
            ModelOwner owner,
            Function<GatewayCall, Optional<GatewayReply>> answers,
            HttpLimits limits,
            int maxConnections) {
        this.owner = owner;
        owner.forgetKey();
        this.server = LoopbackServer.open(clockwork, limits, maxConnections);
        CountDownLatch released = new CountDownLatch(1);
        this.harness = new Harness(
                HarnessFixture.RUN,
                3,
                (to, call, outcome) -> clockwork.soon(() ->
                        answers.apply(call).ifPresent(reply -> outcome.accept(new Transport.Outcome.Answered(reply)))),
                clockwork,
                JdkInstanceSigner.generate(),
                new AgentControl() {
                    @Override
                    public void release(GatewayReply.Enrolled enrolled) {
                        released.countDown();
                    }

                    @Override
                    public void stop(String why) {}
                });
        this.url = server.serve(new LoopbackApi(harness, () -> clockwork.random(12)), clockwork);
        clockwork.soon(harness::start);
        try {
            if (!released.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("not enrolled");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String token() {
        return url.getPath().substring(1);
    }

    String host() {
        return "127.0.0.1:" + url.getPort();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), url.getPort());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Sends these bytes on a new connection and reads until the server closes. */
    String exchange(String bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return readAll(socket);
        }
    }

    static String readAll(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] part = new byte[4096];
        int read = in.read(part);
        while (read > 0) {
            all.write(part, 0, read);
            read = in.read(part);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** A request with the right host and token that ends its connection. */
    String request(String method, String path, String headers, String body) {
        return method + " /" + token() + path + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" + headers
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body;
    }

    String ask(String method, String path, String headers, String body) throws IOException {
        return exchange(request(method, path, headers, body));
    }

    @Override
    public void close() {
        server.close();
        clockwork.close();
    }
}
