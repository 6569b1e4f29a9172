package dev.lantern.substrate;

import java.util.List;
import java.util.Objects;

/**
 * By what a harness knows a gateway of its runtime. Public: nothing in here is a secret.
 *
 * @param trustDomain whose gateways they are
 * @param authorities the CA certificates of the runtime's authority: DER in padded base64, oldest key first
 */
public record GatewayTrust(String trustDomain, List<String> authorities) {
    public GatewayTrust {
        Objects.requireNonNull(trustDomain, "trustDomain");
        authorities = List.copyOf(authorities);
    }
}
