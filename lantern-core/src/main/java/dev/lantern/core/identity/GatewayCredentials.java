package dev.lantern.core.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a host's TLS server presents to instances. The key was made for it, lives in this process only, and goes with it.
 *
 * @param privateKey the server's key
 * @param chain the server's certificate, and behind it the authority's
 * @param keyId the authority key that signed it; once another one signs, take new credentials
 * @param notAfter when the certificate ends
 * @param renewAfter when to take the next ones, at two thirds of the way
 */
public record GatewayCredentials(
        PrivateKey privateKey, List<X509Certificate> chain, String keyId, Instant notAfter, Instant renewAfter) {

    public GatewayCredentials {
        chain = List.copyOf(chain);
    }

    /** The times, and never the key. */
    @Override
    public String toString() {
        return "GatewayCredentials[under " + keyId + ", until " + notAfter + ", renewed after " + renewAfter + "]";
    }
}
