package dev.lantern.core.operator;

import dev.lantern.core.sockets.RequestDecoder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request and ends the connection. In the connection's event loop only. */
final class Reader extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
    private static final String TEXT = "text/plain; charset=us-ascii";

    private final SortedMap<String, Page> pages;
    private final List<String> hosts;
    private boolean answered;

    Reader(SortedMap<String, Page> pages, int port) {
        this.pages = pages;
        // A name that somebody else's DNS leads here is none of these, and a browser sends that name.
        this.hosts = List.of("127.0.0.1:" + port, "[::1]:" + port, "localhost:" + port);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (answered) {
            return;
        }
        if (part.decoderResult().isFailure()) {
            RequestDecoder.Malformed malformed =
                    RequestDecoder.malformed(part.decoderResult().cause());
            refuse(context, malformed.status(), malformed.detail());
        } else if (part instanceof HttpRequest request) {
            read(context, request);
        }
    }

    private void read(ChannelHandlerContext context, HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> host = headers.getAll(HttpHeaderNames.HOST);
        Page page = pages.get(request.uri());
        if (!request.method().equals(HttpMethod.GET)) {
            refuse(context, 405, "pages are read, with GET");
        } else if (host.size() != 1 || !hosts.contains(host.get(0)) || headers.contains(HttpHeaderNames.ORIGIN)) {
            refuse(context, 403, "these pages are for this machine, by the address that it listens on");
        } else if (page == null) {
            refuse(context, 404, "there is no such page");
        } else {
            show(context, page);
        }
    }

    private void show(ChannelHandlerContext context, Page page) {
        byte[] body;
        try {
            body = page.body().get();
        } catch (RuntimeException e) {
            LOG.error("the operator's page {} could not be made", page.path(), e);
            refuse(context, 500, "the page could not be made; the host's log says why");
            return;
        }
        answer(context, 200, page.mediaType(), body);
    }

    private void refuse(ChannelHandlerContext context, int status, String detail) {
        answer(context, status, TEXT, (detail + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void answer(ChannelHandlerContext context, int status, String mediaType, byte[] body) {
        answered = true;
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, mediaType)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof ReadTimeoutException)) {
            LOG.error("a connection of the operator's pages failed", cause);
        }
        context.close();
    }
}
