package dev.lantern.core.runtime;

import dev.lantern.core.gateway.CallerCredential;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
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

    /** @throws LanternException if there has to be a gateway on a network and none is said, or the other way round */
    static GatewayWiring of(Substrate substrate, Optional<GatewayPlace> place, GatewayDoor door) {
        if (substrate.callsOverNetwork()) {
            GatewayPlace there = place.orElseThrow(() -> new LanternException("a runtime on " + substrate.name()
                    + " is called by its instances over the network: say where, with"
                    + " .gateway(new InetSocketAddress(\"0.0.0.0\", 7410), \"http://<address of this host>:7410\")"));
            CallerCredential credentials =
                    substrate.issuesCredentials() ? CallerCredential.ofPlatform() : CallerCredential.secret();
            return new GatewayWiring(
                    there.address(), Optional.of(GatewayServer.open(there.listen(), credentials, door)));
        }
        if (place.isPresent()) {
            throw new LanternException(
                    "a runtime on " + substrate.name() + " is not called over the network, so nothing"
                            + " would come to the gateway at " + place.get().address() + "; leave .gateway(…) out");
        }
        return substrate instanceof NeedsGateway wired
                ? beside(wired, door)
                : new GatewayWiring(IN_PROCESS, Optional.empty());
    }

    private static GatewayWiring beside(NeedsGateway wired, GatewayDoor door) {
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
