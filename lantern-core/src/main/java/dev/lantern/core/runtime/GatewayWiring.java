package dev.lantern.core.runtime;

import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.substrate.Substrate;

/** How instances reach this host: not at all, by method call, or through a socket. */
final class GatewayWiring implements AutoCloseable {
    private static final String IN_PROCESS = "in-process";

    private final String address;

    private GatewayWiring(String address) {
        this.address = address;
    }

    static GatewayWiring of(Substrate substrate, GatewayDoor door) {
        if (substrate instanceof NeedsGateway wired) {
            wired.gateway(door, IN_PROCESS);
        }
        return new GatewayWiring(IN_PROCESS);
    }

    /** Where this host is reached. */
    String address() {
        return address;
    }

    @Override
    public void close() {}
}
