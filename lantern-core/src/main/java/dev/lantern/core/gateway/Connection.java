package dev.lantern.core.gateway;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.security.Stranger;
import dev.lantern.core.sockets.RequestDecoder;
import dev.lantern.value.LanternException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request at a time, from its head to its answer. In the connection's event loop only.
 *
 * <p>The next request is read when the answer to the one before is written, so pipelined requests are answered in
 * order, a client that does not read is not read from, and what a connection holds is one request or one answer.
 */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int LINGER_BYTES = 256 * 1024;
    private static final int LARGEST_PART = 64 * 1024;

    private final Doorway doorway;
    private final GatewayLimits limits;
    private final Peers.Peer peer;
    private final Optional<TlsHandshake> handshake;
    private final Optional<String> tooMany;
    private Line line;
    private Stranger stranger = Stranger.at("");
    private @Nullable PhaseTimer timer;
    private Head.@Nullable Call call;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    /** Counts the calls, so that an answer that comes after its time is told from the one that is waited for. */
    private int exchange;

    private boolean last;
    private boolean handshakeFailed;
    private int lingered;

    /**
     * @param peer whose share it takes from; left when it ends
     * @param handshake the one that has to succeed first, where the gateway speaks TLS
     * @param tooMany why it is one more than is allowed, if it is
     */
    Connection(Doorway doorway, Peers.Peer peer, Optional<TlsHandshake> handshake, Optional<String> tooMany) {
        this.doorway = doorway;
        this.limits = doorway.limits();
        this.peer = peer;
        this.handshake = handshake;
        this.tooMany = tooMany;
        this.line = handshake.isPresent() ? new Line.Anonymous() : new Line.Plain();
    }

    GatewayLimits limits() {
        return limits;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        stranger = Stranger.at(Remote.text(context.channel()));
        timer = new PhaseTimer(context, limits, phase -> late(context, phase));
        timer.enter(Phase.FIRST);
        if (tooMany.isPresent()) {
            log(Offence.TOO_MANY_CONNECTIONS, tooMany.get());
            refuse(context, Answer.busy(tooMany.get() + ": come again"));
        } else if (doorway.draining().getAsBoolean()) {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer().end();
        release();
        call = null;
        exchange++;
    }

    /** Of TLS: that it stands and what it proves, that it does not, and that the client has ended it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && handshake.isPresent()) {
            stranger = stranger.showing(handshake.get().shown());
            if (done.isSuccess()) {
                line = handshake.get().line();
            } else {
                HandshakeFailure failure = handshake.get().failure(done.cause());
                if (!failure.isAbandoned() || !handshake.get().wasKnock()) {
                    doorway.security().refused(failure.reason(), stranger, failure.detail());
                }
                handshakeFailed = true;
                context.close();
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** Bytes arrived, not decoded yet. */
    void arrived() {
        if (timer().phase() == Phase.IDLE) {
            timer().enter(Phase.HEAD);
        }
    }

    /** Ends at once if no call is under way; else the answer ends it. */
    void drain(ChannelHandlerContext context) {
        if (timer().phase() == Phase.FIRST || timer().phase() == Phase.IDLE) {
            context.close();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (timer().phase() == Phase.WRITE || timer().phase() == Phase.LINGER) {
            ignore(context, part);
        } else if (part.decoderResult().isFailure()) {
            RequestDecoder.Malformed malformed =
                    RequestDecoder.malformed(part.decoderResult().cause());
            log(Offence.BAD_HTTP, malformed.detail());
            refuse(context, Answer.badRequest(malformed.status(), malformed.detail()));
        } else {
            if (part instanceof HttpRequest request) {
                begin(
                        context,
                        Head.of(
                                request,
                                limits,
                                doorway.bearers(),
                                line,
                                doorway.clock().instant()));
            }
            if (part instanceof HttpContent content && call != null) {
                take(context, content.content());
            }
            if (part instanceof LastHttpContent && call != null) {
                ask(context, call);
            }
        }
    }

    /** Broken pipes and resets are the client's business; a defect of ours ends the connection, too. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException broken) {
            if (!handshakeFailed) {
                log(Offence.BROKEN_TLS, String.valueOf(broken.getMessage()));
            }
        } else if (!(cause instanceof IOException)) {
            LOG.error("a connection of the gateway failed", cause);
        }
        context.close();
    }

    private void begin(ChannelHandlerContext context, Head head) {
        if (head instanceof Head.Refused refused) {
            doorway.security().refused(refused.offence().code(), claiming(refused.claimed()), refused.why());
            refuse(context, refused.answer());
            return;
        }
        call = (Head.Call) head;
        last |= call.last();
        timer().enter(Phase.BODY);
        if (call.expectsContinue()) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf content) {
        int length = content.readableBytes();
        if (body.size() + (long) length > limits.maxBodyBytes()) {
            refuse(context, Answer.badRequest(413, "a body has at most " + limits.maxBodyBytes() + " bytes"));
        } else if (!peer.take(length)) {
            refuse(context, Answer.busy("too much is being sent at once: repeat shortly"));
        } else {
            byte[] bytes = new byte[length];
            content.readBytes(bytes);
            body.write(bytes, 0, length);
        }
    }

    private void ask(ChannelHandlerContext context, Head.Call asked) {
        context.channel().config().setAutoRead(false);
        timer().enter(Phase.ANSWER);
        exchange++;
        int current = exchange;
        if (!doorway.calls().take(Doorway.Caller.of(asked.path(), asked.presented(), peer.address()))) {
            doorway.security()
                    .refused(
                            Offence.TOO_MANY_CALLS.code(),
                            claiming(Optional.of(asked.path())),
                            "one instance may make " + limits.callsPerSecondOfOne() + " calls a second");
            answer(context, Answer.refused(Problem.Code.UNAVAILABLE, "too many calls of this instance: repeat later"));
            return;
        }
        GatewayCall read;
        try {
            read = WireCodec.readCall(asked.path(), body.toByteArray());
        } catch (LanternException e) {
            answer(context, Answer.refused(Problem.Code.INVALID, String.valueOf(e.getMessage())));
            return;
        }
        release();
        try {
            doorway.door().call(asked.presented(), read, reply -> told(context, current, asked.path(), reply));
        } catch (RuntimeException e) {
            LOG.error("a call of {} epoch {} failed", read.run(), read.epoch(), e);
            answer(context, Answer.busy("the host failed on this call: repeat"));
        }
    }

    /** From any thread. */
    private void told(ChannelHandlerContext context, int answered, CallPath path, GatewayReply reply) {
        try {
            context.executor().execute(() -> {
                if (answered == exchange && timer().phase() == Phase.ANSWER) {
                    if (Answer.isStranger(reply)) {
                        doorway.security()
                                .refused(
                                        Offence.UNKNOWN_INSTANCE.code(),
                                        claiming(Optional.of(path)),
                                        "the host knows nobody who proves itself like that");
                    }
                    answer(context, Answer.of(reply));
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("an answer came after the gateway was closed");
        }
    }

    private void answer(ChannelHandlerContext context, Answer answer) {
        release();
        call = null;
        exchange++;
        last |= answer.last() || doorway.draining().getAsBoolean();
        write(context, answer, () -> {
            if (last || doorway.draining().getAsBoolean()) {
                context.close();
            } else {
                timer().enter(Phase.IDLE);
                // Not here: the next request may lie there already, and the one after it.
                context.executor().execute(() -> context.channel().config().setAutoRead(true));
            }
        });
    }

    /**
     * Answers a request of which something may be unread. Closing at once would reset the connection, and the
     * client might lose the answer.
     */
    private void refuse(ChannelHandlerContext context, Answer answer) {
        release();
        call = null;
        last = true;
        write(context, answer, () -> {
            timer().enter(Phase.LINGER);
            endOutput(context);
        });
    }

    /** Over TLS the end is told first: a connection that just ends may have been cut by somebody else. */
    private static void endOutput(ChannelHandlerContext context) {
        DuplexChannel socket = (DuplexChannel) context.channel();
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(told -> socket.shutdownOutput());
        }
    }

    private void write(ChannelHandlerContext context, Answer answer, Runnable written) {
        timer().enter(Phase.WRITE);
        context.write(head(answer, last));
        write(context, answer.body(), 0, written);
    }

    /** A part at a time: the socket copies what it is given, and a slow reader would hold the copy of a whole answer. */
    private static void write(ChannelHandlerContext context, byte[] body, int from, Runnable written) {
        int to = Math.min(body.length, from + LARGEST_PART);
        ByteBuf part = Unpooled.wrappedBuffer(body, from, to - from);
        boolean end = to == body.length;
        context.writeAndFlush(end ? new DefaultLastHttpContent(part) : new DefaultHttpContent(part))
                .addListener((ChannelFutureListener) done -> {
                    if (!done.isSuccess()) {
                        context.close();
                    } else if (end) {
                        written.run();
                    } else {
                        write(context, body, to, written);
                    }
                });
    }

    private void ignore(ChannelHandlerContext context, HttpObject part) {
        lingered += part instanceof HttpContent content ? content.content().readableBytes() : 0;
        if (lingered > LINGER_BYTES) {
            context.close();
        }
    }

    private void late(ChannelHandlerContext context, Phase phase) {
        switch (phase) {
            case HEAD, BODY -> refuse(context, Answer.badRequest(408, "the request did not arrive in time"));
            case ANSWER ->
                answer(context, Answer.busy("the host did not answer in time: whether it did as asked is unknown"));
            case FIRST, IDLE, WRITE, LINGER -> context.close();
        }
    }

    private Stranger claiming(Optional<CallPath> path) {
        return path.map(claimed -> stranger.claiming(claimed.run(), claimed.epoch()))
                .orElse(stranger);
    }

    private void log(Offence offence, String detail) {
        doorway.security().refused(offence.code(), stranger, detail);
    }

    private void release() {
        peer.giveBack(body.size());
        body = new ByteArrayOutputStream(0);
    }

    private PhaseTimer timer() {
        if (timer == null) {
            throw new IllegalStateException("the connection is not active yet");
        }
        return timer;
    }

    private static HttpResponse head(Answer answer, boolean last) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.mediaType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        if (answer.status() == Problem.Code.UNAVAILABLE.status()) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        if (last) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }
}
