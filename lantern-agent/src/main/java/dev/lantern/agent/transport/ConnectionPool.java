package dev.lantern.agent.transport;

import dev.lantern.agent.http.ClientConnection;
import dev.lantern.agent.http.HttpLimits;
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
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections that wait for their next exchange, newest first. Thread-safe. */
final class ConnectionPool implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final int MAX_IDLE = 4;
    private static final HttpLimits LIMITS = HttpLimits.ofBody(WireCodec.MAX_REPLY_BYTES);

    private final SocketFactory sockets;
    private final Object lock = new Object();
    private final Map<GatewayAddress, Deque<ClientConnection>> idle = new LinkedHashMap<>();
    private boolean closed;

    ConnectionPool(SocketFactory sockets) {
        this.sockets = sockets;
    }

    /** A connection that was used before and may have been closed by the peer since; null if there is none. */
    @Nullable ClientConnection used(GatewayAddress address) {
        synchronized (lock) {
            Deque<ClientConnection> waiting = idle.get(address);
            return waiting == null ? null : waiting.pollFirst();
        }
    }

    ClientConnection open(GatewayAddress address) throws IOException {
        Socket socket = sockets.createSocket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(address.host(), address.port()), Math.toIntExact(CONNECT_WITHIN.toMillis()));
            return new ClientConnection(socket, address.authority(), LIMITS);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    void giveBack(GatewayAddress address, ClientConnection connection) throws IOException {
        boolean kept = false;
        synchronized (lock) {
            Deque<ClientConnection> waiting = idle.computeIfAbsent(address, a -> new ArrayDeque<>());
            if (!closed && connection.reusable() && waiting.size() < MAX_IDLE) {
                waiting.addFirst(connection);
                kept = true;
            }
        }
        if (!kept) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        List<ClientConnection> open = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            idle.values().forEach(open::addAll);
            idle.clear();
        }
        for (ClientConnection connection : open) {
            connection.close();
        }
    }
}
