/**
 * The door through which instances reach their host: an HTTP server that turns requests into calls and back.
 *
 * <p>{@code GatewayDoor} is what is behind it, {@code GatewayServer} the sockets, on Netty, with TLS
 * where {@code DoorCredentials} say what to show and whom to believe. What may enter: limits,
 * time-outs, framing and the mapping of {@code dev.lantern.agent.wire}. What must not: any rule about runs, steps
 * or who may do what, which are the engine's; any rule of
 * whom a certificate names, which is its verifier's. No type of Netty leaves the package.
 */
@NullMarked
package dev.lantern.core.gateway;

import org.jspecify.annotations.NullMarked;
