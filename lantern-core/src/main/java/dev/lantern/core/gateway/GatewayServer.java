package dev.lantern.core.gateway;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.value.LanternException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The gateway's socket: HTTP/1.1 requests become calls of a {@link GatewayDoor}, its replies become responses.
 *
 * <p>What it carries is not encrypted: on loopback it needs not be, on a network it is for the network to do. It has two
 * threads, however many connections there are. Thread-safe; owned and closed by the runtime.
 */
public final class GatewayServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 1024;

    private final EventLoopGroup loops;
    private final ChannelGroup connections;
    private final GatewayLimits limits;
    private final Peers peers;
    private final CallerCredential credentials;
    private final GatewayDoor door;
    private final Channel listening;
    private final AtomicBoolean draining = new AtomicBoolean();

    private GatewayServer(
            InetSocketAddress address, GatewayLimits limits, CallerCredential credentials, GatewayDoor door) {
        this.limits = limits;
        this.door = door;
        this.credentials = credentials;
        this.peers = new Peers(limits);
        this.loops = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("lantern-gateway", true), NioIoHandler.newFactory());
        // Stays closed: a connection that is accepted while the last ones are being closed is closed like them.
        this.connections = new DefaultChannelGroup(loops.next(), true);
        this.listening = bound(address);
    }

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @throws LanternException if there is none
     */
    public static GatewayServer open(GatewayDoor door) {
        return open(0, GatewayLimits.defaults(WireCodec.MAX_CALL_BYTES), door);
    }

    /**
     * Listens on 127.0.0.1.
     *
     * @param port 0 for a free one
     * @throws LanternException if the port is taken or may not be used
     */
    public static GatewayServer open(int port, GatewayLimits limits, GatewayDoor door) {
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            return new GatewayServer(new InetSocketAddress(loopback, port), limits, CallerCredential.secret(), door);
        } catch (UnknownHostException e) {
            throw new LanternException("127.0.0.1 is no address on this machine", e);
        }
    }

    /**
     * Listens on an address of this machine, for instances that are elsewhere.
     *
     * @param address with port 0 for a free one
     * @param credentials what instances prove themselves with
     * @throws LanternException if the address is none of this machine's, or the port is taken or may not be used
     */
    public static GatewayServer open(InetSocketAddress address, CallerCredential credentials, GatewayDoor door) {
        return new GatewayServer(address, GatewayLimits.overNetwork(WireCodec.MAX_CALL_BYTES), credentials, door);
    }

    /** How instances on this machine reach it: {@code http://127.0.0.1:port}. */
    public String address() {
        InetSocketAddress local = (InetSocketAddress) listening.localAddress();
        return new GatewayAddress(local.getAddress().getHostAddress(), local.getPort()).toString();
    }

    /**
     * Stops listening, answers the calls under way for as long as the limits allow, and closes every connection.
     * Repeating it does nothing.
     */
    @Override
    public void close() {
        if (!draining.compareAndSet(false, true)) {
            return;
        }
        try {
            listening.close().await();
            drain(Deadline.after(limits.drainWithin()));
            connections.close().await();
        } catch (InterruptedException e) {
            connections.close();
            Thread.currentThread().interrupt();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** How many connections are open. */
    int open() {
        return connections.size();
    }

    /** How many addresses are connected. */
    int peers() {
        return peers.size();
    }

    /** Bytes of bodies that may still be buffered. */
    long budgetLeft() {
        return peers.budgetLeft();
    }

    private void drain(Deadline deadline) throws InterruptedException {
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> {
                ChannelHandlerContext context = connection.pipeline().context(Connection.class);
                if (context != null && connection.isActive()) {
                    ((Connection) context.handler()).drain(context);
                }
            });
        }
        for (Channel connection : connections) {
            connection.closeFuture().await(deadline.millisLeft());
        }
    }

    private Channel bound(InetSocketAddress address) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connect(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new LanternException(
                    "the gateway cannot listen on " + address + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    private void connect(SocketChannel channel) {
        connections.add(channel);
        Peers.Peer peer = peers.joined(from(channel));
        channel.closeFuture().addListener(closed -> peer.left());
        Connection connection =
                new Connection(door, limits, credentials, peer, tooMany(connections.size(), peer), draining::get);
        channel.pipeline()
                .addLast(new Arrivals(connection))
                .addLast(new RequestDecoder(limits))
                .addLast(new HttpResponseEncoder())
                .addLast(new FlowControlHandler())
                .addLast(connection);
    }

    private Optional<String> tooMany(int open, Peers.Peer peer) {
        if (open > limits.maxConnections()) {
            return Optional.of(limits.maxConnections() + " connections are open");
        }
        return peer.hasTooMany()
                ? Optional.of(limits.maxConnectionsOfOne() + " connections from this address are open")
                : Optional.empty();
    }

    /** Of who has left already the address is unknown; they share one. */
    private static InetAddress from(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        return remote == null || remote.getAddress() == null
                ? new InetSocketAddress(0).getAddress()
                : remote.getAddress();
    }
}
