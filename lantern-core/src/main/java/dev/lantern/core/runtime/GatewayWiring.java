package dev.lantern.core.runtime;

import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.substrate.Substrate;
import java.util.Optional;

/** How instances reach this host: not at all, by method call, or through a socket. */
final class GatewayWiring implements AutoCloseable {
    private static final String IN_PROCESS = "in-process";

    private final String address;
    private final Optional<GatewayServer> server;

    private GatewayWiring(String address, Optional<GatewayServer> server) {
        this.address = address;
        this.server = server;
    }

    static GatewayWiring of(Substrate substrate, GatewayDoor door) {
        if (!(substrate instanceof NeedsGateway wired)) {
            return new GatewayWiring(IN_PROCESS, Optional.empty());
        }
        Optional<GatewayServer> server = wired.overSockets() ? Optional.of(GatewayServer.open(door)) : Optional.empty();
        String address = server.map(GatewayServer::address).orElse(IN_PROCESS);
        wired.gateway(door, address);
        return new GatewayWiring(address, server);
    }

    /** Where this host is reached. */
    String address() {
        return address;
    }

    @Override
    public void close() {
        server.ifPresent(GatewayServer::close);
    }
}
