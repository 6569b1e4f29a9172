package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.Workers;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Serves the API of one or many instances on 127.0.0.1, each under its own 128-bit token. Thread-safe.
 *
 * <p>One worker accepts and each connection has a worker while it is open; at most {@value #MAX_CONNECTIONS} are.
 */
public final class LoopbackServer implements AutoCloseable {
    /** Connections open at once; further ones are answered 503 and closed. */
    public static final int MAX_CONNECTIONS = 256;

    private static final int TOKEN_BYTES = 16;
    private static final int BACKLOG = 128;

    private final ServerSocket socket;
    private final Workers workers;
    private final HttpLimits limits;
    private final int maxConnections;
    private final Door door;
    private final Object lock = new Object();
    private final Set<LoopbackConnection> open = new LinkedHashSet<>();
    private boolean closed;

    private LoopbackServer(ServerSocket socket, Workers workers, HttpLimits limits, int maxConnections) {
        this.socket = socket;
        this.workers = workers;
        this.limits = limits;
        this.maxConnections = maxConnections;
        this.door = new Door("127.0.0.1:" + socket.getLocalPort());
    }

    /**
     * Binds a free port.
     *
     * @throws LanternException if there is none
     */
    public static LoopbackServer open(Workers workers) {
        return open(workers, HttpLimits.ofBody(Opening.MAX_BYTES), MAX_CONNECTIONS);
    }

    static LoopbackServer open(Workers workers, HttpLimits limits, int maxConnections) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), BACKLOG);
            LoopbackServer server = new LoopbackServer(socket, workers, limits, maxConnections);
            workers.start("lantern-loopback", server::acceptAll);
            return server;
        } catch (IOException e) {
            throw new LanternException("cannot listen on 127.0.0.1 for the agent", e);
        }
    }

    /**
     * Lets an instance's agent in.
     *
     * @param clockwork whose turns {@code api} is called in; it also makes the token
     * @return the agent's {@code LANTERN_URL}: whoever has it may speak for the agent
     */
    public URI serve(LoopbackApi api, Clockwork clockwork) {
        String token = HexFormat.of().formatHex(clockwork.random(TOKEN_BYTES));
        door.letIn(token, new Instance(api, clockwork));
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/" + token);
    }

    /** Serves this URL no longer. Requests under way are answered. */
    public void stopServing(URI url) {
        door.lockOut(url.getPath().substring(1));
    }

    /** Closes the port and every connection. Repeating it does nothing. */
    @Override
    public void close() {
        List<LoopbackConnection> ending;
        synchronized (lock) {
            closed = true;
            ending = new ArrayList<>(open);
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new LanternException("cannot close the loopback port " + socket.getLocalPort(), e);
        } finally {
            ending.forEach(LoopbackConnection::close);
        }
    }

    private void acceptAll() {
        while (true) {
            Socket peer;
            try {
                peer = socket.accept();
            } catch (IOException e) {
                if (isClosed()) {
                    return;
                }
                throw new LanternException("the loopback port " + socket.getLocalPort() + " accepts no more", e);
            }
            take(peer);
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void take(Socket peer) {
        LoopbackConnection connection = new LoopbackConnection(peer, door, limits);
        boolean full;
        synchronized (lock) {
            full = closed || open.size() >= maxConnections;
            if (!full) {
                open.add(connection);
            }
        }
        if (full) {
            connection.turnAway(busy());
            return;
        }
        workers.start("lantern-agent-connection", () -> {
            try {
                connection.serve();
            } finally {
                synchronized (lock) {
                    open.remove(connection);
                }
            }
        });
    }

    private HttpResponse busy() {
        return Answers.problem("too-many-connections", 503, maxConnections + " connections are open: close some")
                .with("Retry-After", "1");
    }
}
