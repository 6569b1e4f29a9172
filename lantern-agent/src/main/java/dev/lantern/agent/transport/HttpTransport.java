package dev.lantern.agent.transport;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.Workers;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.http.ClientConnection;
import dev.lantern.agent.http.Headers;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries calls over HTTP/1.1 on kept-alive sockets, one worker thread for each call in flight.
 *
 * <p>Whatever is not an answer of the protocol in full (a refused connection, silence, a proxy's error page) is
 * told as lost, and so is a call for which there is no credential now. Only an owner that is itself written as {@code http://host:port} is followed. Thread-safe; after
 * {@link #close} calls are told as lost.
 */
public final class HttpTransport implements Transport, AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final GatewayAddress gateway;
    private final Credential credential;
    private final ConnectionPool connections;
    private final Workers workers;
    private final Clockwork clockwork;

    /** As the other one, with a secret that stays the same as long as the instance lives. */
    public HttpTransport(
            GatewayAddress gateway, String secret, SocketFactory sockets, Workers workers, Clockwork clockwork) {
        this(gateway, () -> secret, sockets, workers, clockwork);
    }

    /**
     * @param gateway the gateway's stable address
     * @param credential the instance's; it leaves in the Authorization header and nowhere else
     * @param sockets makes sockets that are not connected yet: plain ones, or TLS
     * @param workers threads for waiting on sockets
     * @param clockwork whose turns the outcomes are told in
     */
    public HttpTransport(
            GatewayAddress gateway,
            Credential credential,
            SocketFactory sockets,
            Workers workers,
            Clockwork clockwork) {
        this.gateway = gateway;
        this.credential = credential;
        this.connections = new ConnectionPool(sockets);
        this.workers = workers;
        this.clockwork = clockwork;
    }

    @Override
    public void send(Optional<String> owner, GatewayCall call, Consumer<Outcome> outcome) {
        workers.start("lantern-call", () -> {
            Outcome told = exchange(owner, call);
            clockwork.soon(() -> outcome.accept(told));
        });
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }

    private Outcome exchange(Optional<String> owner, GatewayCall call) {
        try {
            GatewayAddress address = owner.isPresent() ? GatewayAddress.parse(owner.get()) : gateway;
            HttpResponse response = exchange(address, request(call));
            return new Outcome.Answered(reply(response));
        } catch (IOException | LanternException e) {
            return new Outcome.Lost(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private HttpRequest request(GatewayCall call) {
        Headers headers = Headers.none()
                .with("Authorization", "Bearer " + credential.secret())
                .with("Content-Type", WireCodec.MEDIA_TYPE);
        return new HttpRequest("POST", CallPath.of(call).toString(), headers, WireCodec.write(call));
    }

    private static GatewayReply reply(HttpResponse response) {
        return WireCodec.readReply(response.status(), response.body());
    }

    /** A kept connection may have been closed meanwhile; as every call may be repeated, a new one is tried at once. */
    private HttpResponse exchange(GatewayAddress address, HttpRequest request) throws IOException {
        ClientConnection used = connections.used(address);
        if (used != null) {
            HttpResponse response = tried(address, used, request);
            if (response != null) {
                return response;
            }
        }
        return exchange(address, connections.open(address), request);
    }

    private @Nullable HttpResponse tried(GatewayAddress address, ClientConnection used, HttpRequest request)
            throws IOException {
        try {
            return exchange(address, used, request);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (used.heardAnything()) {
                throw e;
            }
            return null;
        }
    }

    private HttpResponse exchange(GatewayAddress address, ClientConnection connection, HttpRequest request)
            throws IOException {
        boolean done = false;
        try {
            HttpResponse response = connection.exchange(request, ANSWER_WITHIN);
            done = true;
            connections.giveBack(address, connection);
            return response;
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }
}
