package dev.lantern.core.identity;

import java.time.Instant;
import java.util.List;

/**
 * What an instance is given: proof of who it is, and whom to believe.
 *
 * @param certificate the X.509 certificate of its key, in DER
 * @param token the instance token of the same key
 * @param authorities the CA certificates that it pins from now on, in DER, oldest key first
 * @param notAfter when certificate and token end
 * @param renewAfter when to ask for the next ones, at two thirds of the way
 */
public record IssuedCredentials(
        byte[] certificate, String token, List<byte[]> authorities, Instant notAfter, Instant renewAfter) {

    public IssuedCredentials {
        certificate = certificate.clone();
        authorities = authorities.stream().map(byte[]::clone).toList();
    }

    /** The times: nobody needs a token in a log. */
    @Override
    public String toString() {
        return "IssuedCredentials[until " + notAfter + ", renewed after " + renewAfter + "]";
    }
}
