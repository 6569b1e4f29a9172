package dev.lantern.core.gateway;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where a connection comes from. Of who has left already the address is unknown; they share one. */
final class Remote {
    private Remote() {}

    static InetAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
                ? remote.getAddress()
                : new InetSocketAddress(0).getAddress();
    }

    /** {@code address:port}. */
    static String text(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
                ? remote.getAddress().getHostAddress() + ":" + remote.getPort()
                : "an address that has left";
    }
}
