package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.Workers;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The port that lets the agent start by being bound: the kubelet knocks at it, at the pod's address. Who connects is hung
 * up on at once, unread and unanswered, one after the other. Thread-safe.
 */
final class ReleasePort implements AutoCloseable {
    private static final int BACKLOG = 16;
    /** After a connection that could not be taken: without file descriptors the next one cannot either. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final int port;
    private final ServerSocketFactory sockets;
    private final Workers workers;
    private final Clockwork clockwork;
    private final Object lock = new Object();
    private @Nullable ServerSocket bound;
    private boolean closed;

    /** @param sockets makes sockets that are not bound yet */
    ReleasePort(int port, ServerSocketFactory sockets, Workers workers, Clockwork clockwork) {
        this.port = port;
        this.sockets = sockets;
        this.workers = workers;
        this.clockwork = clockwork;
    }

    /**
     * Binds it on all addresses, unless it was closed before.
     *
     * @throws LanternException if it is taken
     */
    void open() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            try {
                ServerSocket socket = sockets.createServerSocket();
                socket.bind(new InetSocketAddress(port), BACKLOG);
                bound = socket;
                workers.start("lantern-release", () -> hangUpOnAll(socket));
            } catch (IOException e) {
                throw new LanternException(
                        "cannot listen on port " + port + ", so no agent starts: " + e.getMessage(), e);
            }
        }
    }

    /** Whoever has not started by now never will. Repeating it does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (bound != null) {
                try {
                    bound.close();
                } catch (IOException e) {
                    throw new LanternException("cannot close port " + port, e);
                }
            }
        }
    }

    private void hangUpOnAll(ServerSocket socket) {
        try {
            while (true) {
                Socket peer = socket.accept();
                peer.close();
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                clockwork.later(PAUSE, () -> workers.start("lantern-release", () -> hangUpOnAll(socket)));
            }
        }
    }
}
