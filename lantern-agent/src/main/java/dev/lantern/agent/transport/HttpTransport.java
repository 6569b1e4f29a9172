package dev.lantern.agent.transport;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.clockwork.Workers;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.http.Headers;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.transport.ClientIdentity.Shown;
import dev.lantern.agent.transport.ConnectionPool.Kept;
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
 * Carries calls over HTTP/1.1 on kept-alive sockets, plain or over TLS, one worker thread for each call in flight.
 *
 * <p>Whatever is not an answer of the protocol in full (a refused connection, silence, a proxy's error page) is
 * told as lost, and so are a call for which there is no credential now and a server over TLS that is not the gateway. An owner
 * is followed if it is written as a gateway's address of the same scheme: over TLS nothing is ever sent without it.
 *
 * <p>Over TLS the instance proves itself by the credential until it has a certificate, and by the certificate alone from then
 * on. Thread-safe; after {@link #close} calls are told as lost.
 */
public final class HttpTransport implements Transport, AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final Shown PLAIN = new Shown(0, Optional.empty());

    private final GatewayAddress gateway;
    private final Credential credential;
    private final Optional<GatewayTls> tls;
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
     * @param sockets makes sockets that are not connected yet
     * @param workers threads for waiting on sockets
     * @param clockwork whose turns the outcomes are told in
     * @throws LanternException if the address is one of TLS
     */
    public HttpTransport(
            GatewayAddress gateway,
            Credential credential,
            SocketFactory sockets,
            Workers workers,
            Clockwork clockwork) {
        this(gateway, credential, Optional.empty(), sockets, workers, clockwork);
    }

    /**
     * Over TLS.
     *
     * @param gateway the gateway's stable address, {@code https://host:port}
     * @param credential the instance's, asked for while it has no certificate
     * @param tls what it shows, and whom it believes
     * @param sockets makes sockets that are not connected yet, and plain
     * @param workers threads for waiting on sockets
     * @param clockwork whose turns the outcomes are told in
     * @throws LanternException if the address is one without TLS
     */
    public HttpTransport(
            GatewayAddress gateway,
            Credential credential,
            GatewayTls tls,
            SocketFactory sockets,
            Workers workers,
            Clockwork clockwork) {
        this(gateway, credential, Optional.of(tls), sockets, workers, clockwork);
    }

    private HttpTransport(
            GatewayAddress gateway,
            Credential credential,
            Optional<GatewayTls> tls,
            SocketFactory sockets,
            Workers workers,
            Clockwork clockwork) {
        this.tls = tls;
        this.gateway = ofOwnScheme(gateway);
        this.credential = credential;
        this.connections = new ConnectionPool(sockets, tls.map(ends -> new TlsSockets(ends.trust(), clockwork)));
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
            GatewayAddress address = owner.isPresent() ? ofOwnScheme(GatewayAddress.parse(owner.get())) : gateway;
            // Once for this call: what stands in its head has to fit what its connection shows.
            Shown shown = tls.map(ends -> ends.identity().newest()).orElse(PLAIN);
            HttpResponse response = exchange(address, request(call, shown), shown);
            return new Outcome.Answered(reply(response));
        } catch (IOException | LanternException e) {
            return new Outcome.Lost(OneLine.of(e.getClass().getSimpleName() + ": " + e.getMessage()));
        } catch (RuntimeException e) {
            // Else it would be missed only when its time is over. What it says may be anything, so its kind has to do.
            return new Outcome.Lost(
                    "the call could not be made: " + e.getClass().getSimpleName());
        }
    }

    private GatewayAddress ofOwnScheme(GatewayAddress address) {
        GatewayAddress.Scheme own = tls.isPresent() ? GatewayAddress.Scheme.HTTPS : GatewayAddress.Scheme.HTTP;
        if (address.scheme() != own) {
            throw new LanternException("this instance calls gateways "
                    + (tls.isPresent() ? "over TLS only" : "without TLS") + ", found the address " + address);
        }
        return address;
    }

    private HttpRequest request(GatewayCall call, Shown shown) {
        Headers headers = Headers.none().with("Content-Type", WireCodec.MEDIA_TYPE);
        if (!shown.isCertified()) {
            headers = headers.with("Authorization", "Bearer " + credential.secret());
        }
        return new HttpRequest("POST", CallPath.of(call).toString(), headers, WireCodec.write(call));
    }

    private static GatewayReply reply(HttpResponse response) {
        return WireCodec.readReply(response.status(), response.body());
    }

    /** A kept connection may have been closed meanwhile; as every call may be repeated, a new one is tried at once. */
    private HttpResponse exchange(GatewayAddress address, HttpRequest request, Shown shown) throws IOException {
        Kept used = connections.used(address, shown);
        if (used != null) {
            HttpResponse response = tried(address, used, request);
            if (response != null) {
                return response;
            }
        }
        return exchange(address, connections.open(address, shown), request);
    }

    private @Nullable HttpResponse tried(GatewayAddress address, Kept used, HttpRequest request) throws IOException {
        try {
            return exchange(address, used, request);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (used.connection().heardAnything()) {
                throw e;
            }
            return null;
        }
    }

    private HttpResponse exchange(GatewayAddress address, Kept used, HttpRequest request) throws IOException {
        boolean done = false;
        try {
            HttpResponse response = used.connection().exchange(request, ANSWER_WITHIN);
            done = true;
            connections.giveBack(address, used);
            return response;
        } finally {
            if (!done) {
                used.connection().close();
            }
        }
    }
}
