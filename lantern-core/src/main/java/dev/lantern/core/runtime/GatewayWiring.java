package dev.lantern.core.runtime;

import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.substrate.Substrate;
import java.util.Optional;

/** The host's door for instances, open on loopback when the substrate's instances live on this machine. */
final class GatewayWiring implements AutoCloseable {
    /** What a host without a door says of itself to other hosts. */
    private static final String NOWHERE = "none";

    private final Optional<GatewayServer> server;

    private GatewayWiring(Optional<GatewayServer> server) {
        this.server = server;
    }

    static GatewayWiring of(Substrate substrate, GatewayDoor door) {
        if (!(substrate instanceof NeedsGateway wired)) {
            return new GatewayWiring(Optional.empty());
        }
        GatewayServer server = GatewayServer.open(door);
        wired.gateway(door, server.address());
        return new GatewayWiring(Optional.of(server));
    }

    /** Where this host is reached. */
    String address() {
        return server.map(GatewayServer::address).orElse(NOWHERE);
    }

    @Override
    public void close() {
        server.ifPresent(GatewayServer::close);
    }
}
