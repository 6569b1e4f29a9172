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
import java.util.Optional;
import java.util.Set;

/**
 * Serves the API of one or many instances on 127.0.0.1, each under its own 128-bit token. Thread-safe.
 *
 * <p>One worker accepts and each connection has a worker while it is open; at most {@value #MAX_CONNECTIONS} are.
 */
public final class LoopbackServer implements AutoCloseable {
    /** Connections open at once; further ones are answered 503 and closed. */
    public static final int MAX_CONNECTIONS = 256;

    private static final int BACKLOG = 128;

    private final ServerSocket socket;
    private final Workers workers;
    private final HttpLimits limits;
    private final int maxConnections;
    private final Door door;
    private final Optional<LoopbackUrl> settled;
    private final Object lock = new Object();
    private final Set<LoopbackConnection> open = new LinkedHashSet<>();
    private boolean closed;
    private boolean settledIsTaken;

    private LoopbackServer(
            ServerSocket socket,
            Workers workers,
            HttpLimits limits,
            int maxConnections,
            Optional<LoopbackUrl> settled) {
        this.socket = socket;
        this.workers = workers;
        this.limits = limits;
        this.maxConnections = maxConnections;
        this.settled = settled;
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
        return open(workers, limits, maxConnections, Optional.empty());
    }

    /**
     * Binds the port of a URL that was settled beforehand; one instance is served there, under that URL.
     *
     * @throws LanternException if the port is taken
     */
    public static LoopbackServer openAt(LoopbackUrl url, Workers workers) {
        return open(workers, HttpLimits.ofBody(Opening.MAX_BYTES), MAX_CONNECTIONS, Optional.of(url));
    }

    private static LoopbackServer open(
            Workers workers, HttpLimits limits, int maxConnections, Optional<LoopbackUrl> settled) {
        int port = settled.isPresent() ? settled.get().port() : 0;
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
            LoopbackServer server = new LoopbackServer(socket, workers, limits, maxConnections, settled);
            workers.start("lantern-loopback", server::acceptAll);
            return server;
        } catch (IOException e) {
            throw new LanternException(
                    "cannot listen on 127.0.0.1 for the agent, " + (port == 0 ? "at any port" : "at port " + port)
                            + ": " + e.getMessage(),
                    e);
        }
    }

    /**
     * Lets an instance's agent in.
     *
     * @param clockwork whose turns {@code api} is called in; it also makes the token, unless the URL is settled
     * @return the agent's {@code LANTERN_URL}: whoever has it may speak for the agent
     * @throws LanternException if the URL is settled and another instance is served under it
     */
    public URI serve(LoopbackApi api, Clockwork clockwork) {
        LoopbackUrl url = settled.isPresent() ? takeSettled(settled.get()) : madeBy(clockwork);
        door.letIn(url.token(), new Instance(api, clockwork));
        return url.uri();
    }

    private LoopbackUrl madeBy(Clockwork clockwork) {
        return new LoopbackUrl(
                socket.getLocalPort(), HexFormat.of().formatHex(clockwork.random(LoopbackUrl.TOKEN_BYTES)));
    }

    private LoopbackUrl takeSettled(LoopbackUrl url) {
        synchronized (lock) {
            if (settledIsTaken) {
                throw new LanternException("one instance is served at port " + url.port() + ", and not a second one");
            }
            settledIsTaken = true;
        }
        return url;
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
