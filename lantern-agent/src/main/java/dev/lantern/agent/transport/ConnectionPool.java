package dev.lantern.agent.transport;

import dev.lantern.agent.http.ClientConnection;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.transport.ClientIdentity.Shown;
import dev.lantern.agent.wire.WireCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections that wait for their next exchange, newest first. Thread-safe. */
final class ConnectionPool implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final int MAX_IDLE = 4;
    private static final HttpLimits LIMITS = HttpLimits.ofBody(WireCodec.MAX_REPLY_BYTES);

    private final SocketFactory sockets;
    private final Optional<TlsSockets> tls;
    private final Object lock = new Object();
    private final Map<GatewayAddress, Deque<Kept>> idle = new LinkedHashMap<>();
    private boolean closed;

    /** @param shown the number of what its end here has shown of itself; always 0 without TLS */
    record Kept(ClientConnection connection, int shown) {}

    /** @param tls secures each connection, or does not exist */
    ConnectionPool(SocketFactory sockets, Optional<TlsSockets> tls) {
        this.sockets = sockets;
        this.tls = tls;
    }

    /**
     * A connection that showed just this, was used before, and may have been closed by the peer since; null if there is none.
     * Those that showed anything older are closed.
     */
    @Nullable Kept used(GatewayAddress address, Shown shown) throws IOException {
        List<Kept> outdated = new ArrayList<>();
        Kept found;
        synchronized (lock) {
            for (Deque<Kept> waiting : idle.values()) {
                waiting.stream().filter(kept -> kept.shown() < shown.number()).forEach(outdated::add);
                waiting.removeIf(kept -> kept.shown() < shown.number());
            }
            Deque<Kept> waiting = idle.get(address);
            // A call that began before the newest certificate came carries what fits its own connection only.
            found = waiting == null || waiting.isEmpty() || waiting.peekFirst().shown() != shown.number()
                    ? null
                    : waiting.pollFirst();
        }
        for (Kept kept : outdated) {
            kept.connection().close();
        }
        return found;
    }

    Kept open(GatewayAddress address, Shown shown) throws IOException {
        Socket socket = sockets.createSocket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(address.host(), address.port()), Math.toIntExact(CONNECT_WITHIN.toMillis()));
            Socket secured = tls.isPresent() ? tls.get().secured(socket, address, shown) : socket;
            return new Kept(new ClientConnection(secured, address.authority(), LIMITS), shown.number());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    void giveBack(GatewayAddress address, Kept used) throws IOException {
        boolean kept = false;
        synchronized (lock) {
            Deque<Kept> waiting = idle.computeIfAbsent(address, a -> new ArrayDeque<>());
            if (!closed && used.connection().reusable() && waiting.size() < MAX_IDLE) {
                waiting.addFirst(used);
                kept = true;
            }
        }
        if (!kept) {
            used.connection().close();
        }
    }

    @Override
    public void close() throws IOException {
        List<Kept> open = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            idle.values().forEach(open::addAll);
            idle.clear();
        }
        for (Kept kept : open) {
            kept.connection().close();
        }
    }
}
