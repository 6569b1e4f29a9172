package dev.lantern.core.sockets;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.value.LanternException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A listening socket with its event loops and the connections that came of it. Thread-safe. */
public final class Listener {
    private static final int BACKLOG = 1024;

    private final EventLoopGroup loops;
    private final ChannelGroup connections;
    private final Channel listening;
    private final AtomicBoolean ending = new AtomicBoolean();

    private Listener(EventLoopGroup loops, ChannelGroup connections, Channel listening) {
        this.loops = loops;
        this.connections = connections;
        this.listening = listening;
    }

    /**
     * Listens.
     *
     * @param what names its threads, and itself in what goes wrong: {@code gateway}
     * @param address with port 0 for a free one
     * @param connected fits out each connection, in its event loop
     * @throws LanternException if the address is none of this machine's, or the port is taken or may not be used
     */
    public static Listener open(String what, int threads, InetSocketAddress address, Connected connected) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("lantern-" + what, true), NioIoHandler.newFactory());
        // Stays closed: a connection that is accepted while the last ones are being closed is closed like them.
        ChannelGroup connections = new DefaultChannelGroup(loops.next(), true);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        connected.fitOut(channel, connections.size());
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new LanternException(
                    "the " + what + " cannot listen on " + address + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return new Listener(loops, connections, bound.channel());
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Does something each second for as long as this listens. */
    public void eachSecond(Runnable work) {
        loops.next().scheduleAtFixedRate(work, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Stops listening, lets the connections end for so long, and closes what is left. Repeating it does nothing.
     *
     * @param end tells one connection to end when it can, in its event loop
     */
    public void close(Duration within, Consumer<Channel> end) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        try {
            listening.close().await();
            drain(Deadline.after(within), end);
            connections.close().await();
        } catch (InterruptedException e) {
            connections.close();
            Thread.currentThread().interrupt();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void drain(Deadline deadline, Consumer<Channel> end) throws InterruptedException {
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> {
                if (connection.isActive()) {
                    end.accept(connection);
                }
            });
        }
        for (Channel connection : connections) {
            connection.closeFuture().await(deadline.millisLeft());
        }
    }

    /** What makes a connection of a socket. */
    @FunctionalInterface
    public interface Connected {
        /** @param open how many connections there are now, this one counted */
        void fitOut(SocketChannel channel, int open);
    }
}
