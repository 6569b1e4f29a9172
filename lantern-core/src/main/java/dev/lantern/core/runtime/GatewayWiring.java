package dev.lantern.core.runtime;

import dev.lantern.agent.wire.WireCodec;
import dev.lantern.core.gateway.CallerCredential;
import dev.lantern.core.gateway.DoorCredentials;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.GatewayLimits;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.gateway.GatewaySettings;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.core.security.SecurityLog;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
import java.time.InstantSource;
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
    static GatewayWiring of(
            Substrate substrate,
            Optional<GatewayPlace> place,
            Optional<? extends DoorCredentials> identity,
            SecurityLog security,
            InstantSource clock,
            GatewayDoor door) {
        if (substrate.callsOverNetwork()) {
            GatewayPlace there = place.orElseThrow(() -> new LanternException("a runtime on " + substrate.name()
                    + " is called by its instances over the network: say where, with"
                    + " .gateway(new InetSocketAddress(\"0.0.0.0\", 7410), \"https://<address of this host>:7410\")"));
            DoorCredentials own = identity.orElseThrow(() -> new LanternException("a runtime on " + substrate.name()
                    + " is called by its instances over the network and has no identity to show them: give it keys,"
                    + " with .keys(FileKeyStore.openOrCreate(Path.of(\"authority.keys\")))"));
            CallerCredential credentials =
                    substrate.issuesCredentials() ? CallerCredential.ofPlatform() : CallerCredential.secret();
            GatewaySettings settings = new GatewaySettings(
                    there.listen(),
                    GatewayLimits.overNetwork(WireCodec.MAX_CALL_BYTES),
                    credentials,
                    Optional.of(own),
                    security,
                    clock);
            return new GatewayWiring(there.address(), Optional.of(GatewayServer.open(settings, door)));
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
