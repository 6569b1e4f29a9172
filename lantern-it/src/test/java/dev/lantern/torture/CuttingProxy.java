package dev.lantern.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on a free port of loopback, whose target may move, and whose connections can be cut at chosen bytes.
 *
 * <p>A cut waits for a request that carries an event and is made once. Two daemon threads a connection. Thread-safe.
 */
final class CuttingProxy implements AutoCloseable {
    /** The target while there is none: connections are accepted and closed. */
    static final int NOWHERE = 0;

    private static final int BUFFER = 256 * 1024;
    /** Every event has a kind, and what PostgreSQL's driver sends of a byte array are its bytes. */
    private static final byte[] EVENT = "\"kind\":\"".getBytes(StandardCharsets.US_ASCII);

    private final IntSupplier target;
    private final ServerSocket listening;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Cut> armed = new AtomicReference<>();
    private volatile boolean isolated;

    private CuttingProxy(IntSupplier target, ServerSocket listening) {
        this.target = target;
        this.listening = listening;
    }

    /** @param target a port on loopback, or {@link #NOWHERE}; asked for each connection */
    static CuttingProxy to(IntSupplier target) {
        try {
            CuttingProxy proxy = new CuttingProxy(target, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
            daemon("proxy", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** The next write that passes is cut here. */
    void arm(Cut cut) {
        armed.set(cut);
    }

    /** Whether a cut waits for a write. */
    boolean isArmed() {
        return armed.get() != null;
    }

    /** Cuts every connection, and lets none be made until {@link #heal}. */
    void isolate() {
        isolated = true;
        wires.forEach(Wire::cut);
    }

    void heal() {
        isolated = false;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wires.forEach(Wire::cut);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (true) {
            try {
                connect(listening.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        int port = isolated ? NOWHERE : target.getAsInt();
        Socket server = null;
        try {
            if (port != NOWHERE) {
                server = new Socket(InetAddress.getLoopbackAddress(), port);
            }
        } catch (IOException refused) {
            // The client sees what it would see without a proxy: a connection that leads to nobody.
            server = null;
        }
        if (server == null) {
            closed(client);
            return;
        }
        Wire wire = new Wire(client, server);
        wires.add(wire);
        daemon("proxy to server", wire::requests);
        daemon("proxy to client", wire::replies);
        if (isolated) {
            wire.cut();
        }
    }

    private static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean carriesAnEvent(byte[] bytes, int length) {
        for (int start = 0; start + EVENT.length <= length; start++) {
            int matched = 0;
            while (matched < EVENT.length && bytes[start + matched] == EVENT[matched]) {
                matched++;
            }
            if (matched == EVENT.length) {
                return true;
            }
        }
        return false;
    }

    /** One connection through the proxy. */
    private final class Wire {
        private final Socket client;
        private final Socket server;
        /** What is to become of the next reply. */
        private volatile @Nullable Cut atReply;

        Wire(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = client.getInputStream();
                    OutputStream out = server.getOutputStream()) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    Cut cut = carriesAnEvent(buffer, length) ? armed.getAndSet(null) : null;
                    if (cut == Cut.BEFORE_THE_REQUEST) {
                        break;
                    } else if (cut == Cut.INSIDE_THE_REQUEST) {
                        out.write(buffer, 0, length / 2);
                        out.flush();
                        break;
                    }
                    atReply = cut;
                    out.write(buffer, 0, length);
                    out.flush();
                }
            } catch (IOException ended) {
                // Either side is gone, so the other one is told.
            } finally {
                cut();
            }
        }

        void replies() {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = server.getInputStream();
                    OutputStream out = client.getOutputStream()) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    Cut cut = atReply;
                    if (cut == Cut.BEFORE_THE_REPLY) {
                        break;
                    } else if (cut == Cut.INSIDE_THE_REPLY) {
                        out.write(buffer, 0, length / 2);
                        out.flush();
                        break;
                    }
                    out.write(buffer, 0, length);
                    out.flush();
                }
            } catch (IOException ended) {
                // Either side is gone, so the other one is told.
            } finally {
                cut();
            }
        }

        void cut() {
            wires.remove(this);
            closed(client);
            closed(server);
        }
    }
}
