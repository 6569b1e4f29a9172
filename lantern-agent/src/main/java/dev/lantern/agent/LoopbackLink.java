package dev.lantern.agent;

import dev.lantern.agent.http.ClientConnection;
import dev.lantern.agent.http.Exchange;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The way to the harness over loopback. Thread-safe; a connection for each exchange under way.
 *
 * <p>An exchange that breaks is repeated: every request carries what tells the harness that it is a repeat.
 */
final class LoopbackLink implements Exchange {
    private static final int TRIES = 3;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int MAX_IDLE = 8;
    /** While the gateway is away the harness does not answer; only its end ends the waiting. */
    private static final Duration ANSWER_WITHIN = Duration.ofDays(7);

    private static final HttpLimits LIMITS = HttpLimits.ofBody(Opening.MAX_BYTES + 1024 * 1024);

    private final String host;
    private final int port;
    private final String prefix;
    private final Object lock = new Object();
    private final Deque<ClientConnection> idle = new ArrayDeque<>();

    private LoopbackLink(URI url) {
        this.host = url.getHost();
        this.port = url.getPort();
        this.prefix = url.getRawPath();
    }

    /** @param url what {@code LANTERN_URL} holds; it is a secret and stands in no message */
    static LoopbackLink to(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
            throw malformed();
        }
        return new LoopbackLink(uri);
    }

    @Override
    public HttpResponse exchange(HttpRequest request) throws IOException {
        HttpRequest addressed =
                new HttpRequest(request.method(), prefix + request.target(), request.headers(), request.body());
        for (int attempt = 1; ; attempt++) {
            try {
                return once(addressed);
            } catch (ConnectException gone) {
                throw gone;
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private HttpResponse once(HttpRequest request) throws IOException {
        ClientConnection connection = connection();
        boolean done = false;
        try {
            HttpResponse response = connection.exchange(request, ANSWER_WITHIN);
            done = keep(connection);
            return response;
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }

    private ClientConnection connection() throws IOException {
        synchronized (lock) {
            if (!idle.isEmpty()) {
                return idle.pollFirst();
            }
        }
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return new ClientConnection(socket, host + ":" + port, LIMITS);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private boolean keep(ClientConnection connection) {
        synchronized (lock) {
            if (!connection.reusable() || idle.size() >= MAX_IDLE) {
                return false;
            }
            idle.addFirst(connection);
            return true;
        }
    }

    private static LanternException malformed() {
        return new LanternException("LANTERN_URL is not http://<host>:<port>/<token>");
    }
}
