package dev.lantern.core.gateway;

/** A substrate whose instances reach their gateway through this JVM. The runtime tells it before opening it. */
public interface NeedsGateway {

    /** Whether its instances come through a socket of the host, so that there has to be one. */
    default boolean overSockets() {
        return false;
    }

    /**
     * Hands over the door, once, before {@code open}.
     *
     * @param door where calls of instances go that this host owns
     * @param address how instances name this host, {@code http://host:port}
     */
    void gateway(GatewayDoor door, String address);
}
