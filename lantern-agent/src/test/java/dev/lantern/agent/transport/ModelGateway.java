package dev.lantern.agent.transport;

import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.http.HttpException;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.http.ServerConnection;
import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.WireCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A gateway on sockets before a model of the owner; what it does wrong is scripted, one entry for each request. */
public final class ModelGateway implements AutoCloseable {
    /** What becomes of a request. */
    public enum Fate {
        ANSWER,
        HANG_UP_UNREAD,
        CARRY_OUT_AND_HANG_UP,
        HALF_AN_ANSWER,
        BAD_GATEWAY,
        ANSWER_AND_CLOSE
    }

    private final String scheme;
    private final ServerSocket server;
    private final ModelOwner owner;
    private final BlockingQueue<Fate> fates = new LinkedBlockingQueue<>();
    private final BlockingQueue<GatewayCall> calls = new LinkedBlockingQueue<>();
    private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
    private volatile String authorization = "";
    private final AtomicInteger connections = new AtomicInteger();

    public ModelGateway(ModelOwner owner) throws IOException {
        this(owner, "http", ServerSocketFactory.getDefault());
    }

    private ModelGateway(ModelOwner owner, String scheme, ServerSocketFactory sockets) throws IOException {
        this.owner = owner;
        this.scheme = scheme;
        this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    /** One that {@link TestTls} makes believable. It asks for no certificate: who calls is what the Authorization says. */
    public static ModelGateway overTls(ModelOwner owner) throws IOException {
        return new ModelGateway(owner, "https", TestTls.server());
    }

    public String url() {
        return scheme + "://127.0.0.1:" + server.getLocalPort();
    }

    public void next(Fate... scripted) {
        fates.addAll(List.of(scripted));
    }

    /** The next call that arrived. */
    public GatewayCall taken() throws InterruptedException {
        GatewayCall call = calls.poll(20, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no call arrived");
        }
        return call;
    }

    /** The calls that arrived and were not taken. */
    public List<GatewayCall> unread() {
        return List.copyOf(calls);
    }

    /** What the last request proved itself with. */
    public String authorization() {
        return authorization;
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (open) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                thread(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            ServerConnection connection = new ServerConnection(socket, HttpLimits.ofBody(WireCodec.MAX_CALL_BYTES));
            Optional<HttpRequest> head = connection.nextHead();
            while (head.isPresent()) {
                HttpRequest request = connection.withBody(head.get());
                authorization = request.headers().single("authorization").orElse("");
                if (!answered(socket, connection, request)) {
                    return;
                }
                head = connection.nextHead();
            }
        } catch (IOException | HttpException gone) {
            open.remove(socket);
        }
    }

    private boolean answered(Socket socket, ServerConnection connection, HttpRequest request) throws IOException {
        Fate fate = Optional.ofNullable(fates.poll()).orElse(Fate.ANSWER);
        if (fate == Fate.HANG_UP_UNREAD) {
            return false;
        }
        if (fate == Fate.BAD_GATEWAY) {
            connection.answer(HttpResponse.text(502, "text/html", "<html>Bad Gateway</html>"));
            return true;
        }
        GatewayCall call = WireCodec.readCall(CallPath.parse(request.target()), request.body());
        calls.add(call);
        GatewayReply reply;
        synchronized (owner) {
            reply = owner.answer(call);
        }
        if (fate == Fate.CARRY_OUT_AND_HANG_UP) {
            return false;
        }
        if (fate == Fate.HALF_AN_ANSWER) {
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"re".getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        connection.answer(HttpResponse.of(WireCodec.status(reply), WireCodec.mediaType(reply), WireCodec.write(reply)));
        return fate != Fate.ANSWER_AND_CLOSE;
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "model-gateway");
        thread.setDaemon(true);
        thread.start();
    }
}
