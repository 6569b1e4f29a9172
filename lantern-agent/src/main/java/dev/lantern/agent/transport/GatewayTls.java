package dev.lantern.agent.transport;

/**
 * Both ends of a connection over TLS.
 *
 * @param identity what this instance shows
 * @param trust which server it believes to be the gateway
 */
public record GatewayTls(ClientIdentity identity, GatewayTrust trust) {}
