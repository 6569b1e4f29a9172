package dev.lantern.core.operator;

import dev.lantern.core.sockets.Listener;
import dev.lantern.core.sockets.RequestDecoder;
import dev.lantern.value.LanternException;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Serves the operator's pages in plain HTTP, to this machine only: what stands on them is nobody's secret and still not for
 * instances, whose pods reach the gateway's port. Web pages cannot read them either, also not under a name that was made to
 * lead here. One request a connection. Thread-safe; owned and closed by the runtime.
 */
public final class OperatorServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 16;
    private static final int MAX_HEAD = 4 * 1024;
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final Listener listener;

    private OperatorServer(Listener listener) {
        this.listener = listener;
    }

    /**
     * Listens.
     *
     * @param address a loopback address, with port 0 for a free one
     * @throws LanternException if the address is another one, the port is taken, or two pages have one path
     */
    public static OperatorServer open(InetSocketAddress address, List<Page> pages) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new LanternException(
                    "the operator's pages are for this machine only: they listen on a loopback address such"
                            + " as 127.0.0.1, found " + address);
        }
        SortedMap<String, Page> byPath = byPath(pages);
        return new OperatorServer(
                Listener.open("operator", 1, address, (channel, open) -> serve(channel, open, byPath)));
    }

    private static SortedMap<String, Page> byPath(List<Page> pages) {
        SortedMap<String, Page> byPath = new TreeMap<>();
        for (Page page : pages) {
            if (byPath.put(page.path(), page) != null) {
                throw new LanternException("two pages of the operator's have the path " + page.path());
            }
        }
        return byPath;
    }

    private static void serve(SocketChannel channel, int open, SortedMap<String, Page> pages) {
        if (open > MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        channel.pipeline()
                .addLast(new ReadTimeoutHandler(Math.toIntExact(WITHIN.toSeconds())))
                .addLast(new RequestDecoder(MAX_HEAD))
                .addLast(new HttpResponseEncoder())
                .addLast(new Reader(pages, channel.localAddress().getPort()));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Stops listening and ends every connection. Repeating it does nothing. */
    @Override
    public void close() {
        listener.close(Duration.ZERO, channel -> {});
    }
}
