package dev.lantern.core.gateway;

/** A substrate whose instances run in this process or beside it, and that brings their calls to the door itself. */
public interface NeedsGateway {

    /** Hands over the door, once, before the substrate is opened. */
    void gateway(GatewayDoor door);

    /** Whether instances come through a socket, so that the runtime has to open one. */
    boolean needsSocket();
}
