package dev.lantern.testkit.kubernetes;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The way of one answer to its client, with what a fault makes of it. Used under the lock of the {@link World}; what is
 * written under it goes to the channel's thread as one task after the other. Written directly, what that thread writes
 * itself would overtake what another thread wrote before.
 */
final class Wire implements Feed.Sink {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** How much may be on its way to the channel before a feed has to wait. */
    private static final long HIGH_WATER = 256 << 10;

    private final Channel channel;
    private final boolean keepAlive;
    private final boolean bodiless;
    private final Consumer<Wire> refill;
    private final Deque<byte[]> withheld = new ArrayDeque<>();
    private final AtomicLong onItsWay = new AtomicLong();
    private List<HttpObject> batch = new ArrayList<>();
    private long batchBytes;
    private long allowed = Long.MAX_VALUE;
    private boolean cutsThere;
    private boolean ending;
    private boolean closing;
    private boolean over;
    private volatile boolean waiting;

    /**
     * @param bodiless whether the request was a HEAD
     * @param refill told when a feed that had to wait may go on; not under the lock
     */
    Wire(Channel channel, boolean keepAlive, boolean bodiless, Consumer<Wire> refill) {
        this.channel = channel;
        this.keepAlive = keepAlive;
        this.bodiless = bodiless;
        this.refill = refill;
    }

    void whole(Reply.Whole reply, Delivery delivery, Instant now) {
        HttpResponse head = head(reply.code(), reply.contentType(), delivery, now);
        reply.headers().forEach(head.headers()::set);
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        begin(head, delivery);
        if (!bodiless) {
            write(reply.body());
        }
        end();
        flush();
    }

    void stream(Reply.Stream reply, Delivery delivery, Instant now) {
        HttpResponse head = head(reply.code(), reply.contentType(), delivery, now);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        begin(head, delivery);
        flush();
    }

    /** Closes the connection, answered or not. */
    void cut() {
        over = true;
        closing = true;
        flush();
    }

    /** The client is gone. */
    void lost() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Sends what was written. */
    void flush() {
        if ((batch.isEmpty() && !closing) || channel.eventLoop().isShuttingDown()) {
            return;
        }
        List<HttpObject> objects = batch;
        long bytes = batchBytes;
        boolean close = closing;
        batch = new ArrayList<>();
        batchBytes = 0;
        closing = false;
        onItsWay.addAndGet(bytes);
        channel.eventLoop().execute(() -> send(objects, bytes, close));
    }

    private void send(List<HttpObject> objects, long bytes, boolean close) {
        objects.forEach(channel::write);
        channel.flush();
        onItsWay.addAndGet(-bytes);
        if (close) {
            channel.close();
        } else if (waiting && channel.isWritable()) {
            waiting = false;
            refill.accept(this);
        }
    }

    /** Lets more of the body through. */
    void allow(long bytes) {
        allowed = bytes > Long.MAX_VALUE - allowed ? Long.MAX_VALUE : allowed + bytes;
        while (!over && !withheld.isEmpty() && allowed > 0) {
            pass(withheld.remove());
        }
        if (ending) {
            end();
        }
        flush();
    }

    @Override
    public boolean ready() {
        if (over || !withheld.isEmpty()) {
            return false;
        }
        boolean ready = batchBytes + onItsWay.get() < HIGH_WATER && channel.isWritable();
        waiting = !ready;
        return ready;
    }

    @Override
    public void write(byte[] bytes) {
        if (over) {
            return;
        }
        if (withheld.isEmpty()) {
            pass(bytes);
        } else {
            withheld.add(bytes);
        }
    }

    @Override
    public void end() {
        ending = true;
        if (over || !withheld.isEmpty()) {
            return;
        }
        over = true;
        batch.add(LastHttpContent.EMPTY_LAST_CONTENT);
        closing = !keepAlive;
    }

    private void pass(byte[] bytes) {
        int now = (int) Math.min(bytes.length, allowed);
        if (now > 0) {
            batch.add(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes, 0, now)));
            batchBytes += now;
            allowed -= allowed == Long.MAX_VALUE ? 0 : now;
        }
        if (now == bytes.length) {
            return;
        }
        if (cutsThere) {
            over = true;
            closing = true;
        } else {
            withheld.addFirst(Arrays.copyOfRange(bytes, now, bytes.length));
        }
    }

    private void begin(HttpResponse head, Delivery delivery) {
        allowed = delivery.bytes();
        cutsThere = delivery.cut();
        batch.add(head);
    }

    private HttpResponse head(int code, String contentType, Delivery delivery, Instant now) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        head.headers().set(HttpHeaderNames.DATE, DATE.format(now.plus(delivery.skew())));
        head.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-cache, private");
        if (!keepAlive) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return head;
    }
}
