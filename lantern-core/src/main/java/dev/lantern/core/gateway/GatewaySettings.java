package dev.lantern.core.gateway;

import dev.lantern.core.security.SecurityLog;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a gateway is opened.
 *
 * @param listen an address of this machine, with port 0 for a free one
 * @param bearers what callers without a certificate prove themselves with: all of them without TLS, those who enrol with it
 * @param tls what the gateway shows and whom it believes; empty for plain HTTP, as on loopback
 * @param security where it is told what strangers were refused
 * @param clock against which certificates are held
 */
public record GatewaySettings(
        InetSocketAddress listen,
        GatewayLimits limits,
        CallerCredential bearers,
        Optional<DoorCredentials> tls,
        SecurityLog security,
        InstantSource clock) {}
