package dev.lantern.testkit.kubernetes;

import dev.lantern.value.LanternException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fake's socket on loopback: from bytes to {@link ApiRequest}. Two threads, however many watches are open. */
final class HttpDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int THREADS = 2;
    private static final int MAX_LINE = 64 << 10;
    private static final int MAX_HEADERS = 64 << 10;
    private static final int MAX_CHUNK = 64 << 10;

    /** The limit of the real server is 3 MiB. */
    private static final int MAX_BODY = 3 << 20;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("fake-kubernetes", true), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(loops.next(), true);
    private final Front front;
    private final @Nullable SslContext tls;
    private final Channel listening;

    HttpDoor(Front front, @Nullable SslContext tls) {
        this.front = front;
        this.tls = tls;
        this.listening = bound();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Closes every connection and goes on listening. */
    void cutAll() {
        for (Channel connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() {
        try {
            listening.close().await();
            connections.close().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private Channel bound() {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connect(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new LanternException("the fake cannot listen on loopback: " + bound.cause(), bound.cause());
        }
        return bound.channel();
    }

    private void connect(SocketChannel channel) {
        connections.add(channel);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK))
                .addLast(new HttpObjectAggregator(MAX_BODY))
                .addLast(new Conversation());
    }

    /** One connection: one request after the other. */
    private final class Conversation extends SimpleChannelInboundHandler<FullHttpRequest> {
        private @Nullable Wire wire;

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            Wire answer = new Wire(
                    context.channel(),
                    HttpUtil.isKeepAlive(request),
                    request.method().equals(HttpMethod.HEAD),
                    front::ready);
            wire = answer;
            front.arrive(answer, () -> read(request));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (wire != null) {
                front.gone(wire);
            }
            context.fireChannelInactive();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (wire != null) {
                front.ready(wire);
            }
            context.fireChannelWritabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A client that resets its connection is gone, which is no news. The rest is: a script that throws, say.
            if (!(cause instanceof IOException)) {
                LOG.warn("a connection of the fake failed", cause);
            }
            context.close();
        }

        private ApiRequest read(FullHttpRequest request) {
            String uri = request.uri();
            int question = uri.indexOf('?');
            Map<String, String> headers = new LinkedHashMap<>();
            request.headers()
                    .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            byte[] body = new byte[request.content().readableBytes()];
            request.content().readBytes(body);
            return new ApiRequest(
                    request.method().name(),
                    question < 0 ? uri : uri.substring(0, question),
                    Query.parse(question < 0 ? "" : uri.substring(question + 1)),
                    headers,
                    body);
        }
    }
}
