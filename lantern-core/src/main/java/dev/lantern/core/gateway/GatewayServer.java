package dev.lantern.core.gateway;

import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.core.security.Stranger;
import dev.lantern.core.sockets.Listener;
import dev.lantern.core.sockets.RequestDecoder;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.value.LanternException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The gateway's socket: HTTP/1.1 requests become calls of a {@link GatewayDoor}, its replies become responses.
 *
 * <p>With {@link DoorCredentials} it speaks TLS 1.3 and nothing else, and every call but the first is proven by the
 * connection's client certificate. Without, what it carries is not encrypted, which on loopback it needs not be. It has two
 * threads, however many connections there are, and with TLS one more that makes handshakes, so that whoever makes many of
 * them slows down nobody's calls. Thread-safe; owned and closed by the runtime.
 */
public final class GatewayServer implements AutoCloseable {
    private static final int THREADS = 2;

    private final GatewaySettings settings;
    private final GatewayLimits limits;
    private final Peers peers;
    private final Rates<InetAddress> handshakeRates;
    private final Doorway doorway;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final EventExecutorGroup handshakes;
    private final Listener listener;

    private GatewayServer(GatewaySettings settings, GatewayDoor door) {
        this.settings = settings;
        this.limits = settings.limits();
        this.peers = new Peers(limits);
        Ticker ticker = Ticker.systemTicker();
        this.handshakeRates = new Rates<>(
                limits.handshakesPerSecondOfOne(),
                limits.maxHandshakesOfOne(),
                limits.maxConnections(),
                ticker::nanoTime);
        this.doorway = new Doorway(
                door,
                limits,
                settings.bearers(),
                settings.security(),
                new Rates<>(
                        limits.callsPerSecondOfOne(), limits.burstOfOne(), limits.maxConnections(), ticker::nanoTime),
                settings.clock(),
                draining::get);
        // Its thread starts with the first handshake.
        this.handshakes = new DefaultEventExecutorGroup(1, new DefaultThreadFactory("lantern-handshakes", true));
        try {
            this.listener = Listener.open("gateway", THREADS, settings.listen(), this::connect);
        } catch (RuntimeException e) {
            handshakes.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
        listener.eachSecond(settings.security()::settle);
    }

    /**
     * Listens on a free port of 127.0.0.1, in plain HTTP.
     *
     * @throws LanternException if there is none
     */
    public static GatewayServer open(GatewayDoor door) {
        return open(0, GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES), door);
    }

    /**
     * Listens on 127.0.0.1, in plain HTTP.
     *
     * @param port 0 for a free one
     * @throws LanternException if the port is taken or may not be used
     */
    public static GatewayServer open(int port, GatewayLimits limits, GatewayDoor door) {
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            return plain(new InetSocketAddress(loopback, port), limits, CallerCredential.secret(), door);
        } catch (UnknownHostException e) {
            throw new LanternException("127.0.0.1 is no address on this machine", e);
        }
    }

    /**
     * Listens on an address of this machine, for instances that are elsewhere, in plain HTTP.
     *
     * @param address with port 0 for a free one
     * @param credentials what instances prove themselves with
     * @throws LanternException if the address is none of this machine's, or the port is taken or may not be used
     */
    public static GatewayServer open(InetSocketAddress address, CallerCredential credentials, GatewayDoor door) {
        return plain(address, GatewayLimits.overNetwork(WireCodec.MAX_CALL_BYTES), credentials, door);
    }

    /**
     * Listens as the settings say.
     *
     * @throws LanternException if the address is none of this machine's, or the port is taken or may not be used
     */
    public static GatewayServer open(GatewaySettings settings, GatewayDoor door) {
        return new GatewayServer(settings, door);
    }

    private static GatewayServer plain(
            InetSocketAddress address, GatewayLimits limits, CallerCredential credentials, GatewayDoor door) {
        InstantSource clock = SystemInstants.source();
        return open(
                new GatewaySettings(
                        address, limits, credentials, Optional.empty(), BoundedSecurityLog.usual(clock), clock),
                door);
    }

    /** How instances on this machine reach it: {@code http://127.0.0.1:port}, or with TLS {@code https://…}. */
    public String address() {
        InetSocketAddress local = listener.address();
        return new GatewayAddress(
                        settings.tls().isPresent() ? GatewayAddress.Scheme.HTTPS : GatewayAddress.Scheme.HTTP,
                        local.getAddress().getHostAddress(),
                        local.getPort())
                .toString();
    }

    /**
     * Stops listening, answers the calls under way for as long as the limits allow, and closes every connection.
     * Repeating it does nothing.
     */
    @Override
    public void close() {
        if (draining.compareAndSet(false, true)) {
            listener.close(limits.drainWithin(), GatewayServer::drain);
            handshakes.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            settings.security().settle();
        }
    }

    /** How many connections are open. */
    int open() {
        return listener.connections();
    }

    /** How many addresses are connected. */
    int peers() {
        return peers.size();
    }

    /** How many handshakes of TLS are under way. */
    int handshakes() {
        return peers.handshakes();
    }

    /** Bytes of bodies that may still be buffered. */
    long budgetLeft() {
        return peers.budgetLeft();
    }

    private static void drain(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(Connection.class);
        if (context != null) {
            ((Connection) context.handler()).drain(context);
        }
    }

    private void connect(SocketChannel channel, int open) {
        Peers.Peer peer = peers.joined(Remote.address(channel));
        channel.closeFuture().addListener(closed -> peer.left());
        Optional<String> tooMany = tooMany(open, peer);
        if (settings.tls().isEmpty()) {
            serve(channel, new Connection(doorway, peer, Optional.empty(), tooMany));
        } else if (tooMany.isPresent()) {
            // Not told so over TLS: that would cost the handshake that there is no room for.
            turnAway(channel, Offence.TOO_MANY_CONNECTIONS, tooMany.get());
        } else if (!handshakeRates.take(peer.address()) || !peer.beginsHandshake()) {
            turnAway(
                    channel,
                    Offence.TOO_MANY_HANDSHAKES,
                    "one address may make " + limits.maxHandshakesOfOne() + " handshakes at once and "
                            + limits.handshakesPerSecondOfOne() + " a second");
        } else {
            shakeHands(channel, peer, TlsHandshake.with(settings.tls().get()));
        }
    }

    private void shakeHands(SocketChannel channel, Peers.Peer peer, TlsHandshake handshake) {
        SslHandler tls = new SslHandler(handshake.engine(), false, handshakes);
        tls.setHandshakeTimeoutMillis(limits.firstCallWithin().toMillis());
        tls.handshakeFuture().addListener(done -> peer.endsHandshake());
        channel.pipeline().addLast(handshake.firstBytes()).addLast(tls);
        serve(channel, new Connection(doorway, peer, Optional.of(handshake), Optional.empty()));
    }

    private static void serve(SocketChannel channel, Connection connection) {
        channel.pipeline()
                .addLast(new Arrivals(connection))
                .addLast(new RequestDecoder(connection.limits().maxHeadBytes()))
                .addLast(new HttpResponseEncoder())
                .addLast(new FlowControlHandler())
                .addLast(connection);
    }

    private void turnAway(SocketChannel channel, Offence offence, String why) {
        settings.security().refused(offence.code(), Stranger.at(Remote.text(channel)), why);
        channel.close();
    }

    private Optional<String> tooMany(int open, Peers.Peer peer) {
        if (open > limits.maxConnections()) {
            return Optional.of(limits.maxConnections() + " connections are open");
        }
        return peer.hasTooMany()
                ? Optional.of(limits.maxConnectionsOfOne() + " connections from this address are open")
                : Optional.empty();
    }
}
