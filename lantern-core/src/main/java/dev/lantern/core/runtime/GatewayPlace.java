package dev.lantern.core.runtime;

import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.value.LanternException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Where a host's gateway is.
 *
 * @param listen where it listens
 * @param address how instances name it, {@code https://host:port}
 */
record GatewayPlace(InetSocketAddress listen, String address) {

    /** @throws LanternException if {@code listen} is a name that does not resolve, or the address is not of that form */
    static GatewayPlace of(InetSocketAddress listen, String address) {
        Objects.requireNonNull(listen, "listen");
        if (listen.isUnresolved()) {
            throw new LanternException("the gateway cannot listen on " + listen + ": the name does not resolve here");
        }
        if (listen.getPort() == 0) {
            throw new LanternException(
                    "the gateway of a host that is reached over a network listens on a port that is said, found 0;"
                            + " name the port that " + address + " leads to");
        }
        GatewayAddress named = GatewayAddress.parse(address);
        if (named.scheme() != GatewayAddress.Scheme.HTTPS) {
            throw new LanternException("over a network instances reach their host by TLS alone: a gateway's address is"
                    + " https://<host>:<port>, found " + named);
        }
        return new GatewayPlace(listen, named.toString());
    }
}
