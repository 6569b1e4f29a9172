package dev.lantern.agent.transport;

import dev.lantern.value.LanternException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which server is the gateway: one whose certificate names the trust domain's gateway and was issued by an authority that was
 * handed over, and is valid by the clock. What the server is called in the network is not compared. Thread-safe.
 */
public final class GatewayTrust {
    private static final String ALGORITHM = "EdDSA";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int URI_NAME = 6;
    private static final int NO_AUTHORITY = -1;
    private static final int SIGNATURE_LENGTH = 64;

    private final String gateway;
    private final InstantSource clock;
    private volatile List<X509Certificate> authorities;

    /**
     * @param trustDomain the runtime's, as in {@code spiffe://<trust domain>/gateway}
     * @param authorities CA certificates in DER
     * @param clock against which certificates are held
     * @throws LanternException as {@link #replace}
     */
    public GatewayTrust(String trustDomain, List<byte[]> authorities, InstantSource clock) {
        this.gateway = "spiffe://" + trustDomain + "/gateway";
        this.clock = clock;
        this.authorities = checked(authorities);
    }

    /**
     * Believes these authorities and no others from now on: a renewal brings them. Open connections stay.
     *
     * @param newest CA certificates in DER
     * @throws LanternException if there is none, or one of them is no certificate of an authority with an Ed25519 key; those
     *     that were believed before stay
     */
    public void replace(List<byte[]> newest) {
        authorities = checked(newest);
    }

    /** @throws CertificateException if the server is not the gateway; the message names what was found */
    void verify(X509Certificate[] chain) throws CertificateException {
        X509Certificate shown = chain[0];
        Instant now = clock.instant();
        if (!shown.getPublicKey().getAlgorithm().equals(ALGORITHM)) {
            throw notTheGateway("its key is for " + shown.getPublicKey().getAlgorithm() + ", a gateway's is Ed25519");
        }
        issuer(shown, now);
        requireValid("its certificate", shown, now);
        try {
            requireNamed(shown);
            requireServer(shown);
        } catch (CertificateParsingException e) {
            throw notTheGateway("what its certificate says of it cannot be read: " + e.getMessage());
        }
    }

    private void issuer(X509Certificate shown, Instant now) throws CertificateException {
        boolean named = false;
        for (X509Certificate authority : authorities) {
            if (authority.getSubjectX500Principal().equals(shown.getIssuerX500Principal())) {
                named = true;
                if (isSignedBy(authority, shown)) {
                    requireValid("its authority's certificate", authority, now);
                    return;
                }
            }
        }
        if (named) {
            throw notTheGateway("its certificate is not signed by the authority that it names");
        }
        boolean own = shown.getIssuerX500Principal().equals(shown.getSubjectX500Principal());
        throw notTheGateway(
                own
                        ? "its certificate is self-signed"
                        : "its authority is unknown: "
                                + OneLine.of(shown.getIssuerX500Principal().getName()));
    }

    /**
     * As strict as a host is. Under a key that a host has validated the JDK leaves one thing open: it takes bytes behind the
     * signature.
     */
    private static boolean isSignedBy(X509Certificate authority, X509Certificate shown) {
        if (shown.getSignature().length != SIGNATURE_LENGTH) {
            return false;
        }
        try {
            shown.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // Not swallowed but answered: a signature that cannot be verified is not the authority's.
            return false;
        }
    }

    private static void requireValid(String whose, X509Certificate certificate, Instant now)
            throws CertificateException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            throw notTheGateway(whose + " is not valid before " + from + ", it is " + now);
        } else if (now.isAfter(until)) {
            throw notTheGateway(whose + " was valid until " + until + ", it is " + now);
        }
    }

    private void requireNamed(X509Certificate shown) throws CertificateException {
        List<String> uris = new ArrayList<>();
        Collection<List<?>> names = shown.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(0).equals(URI_NAME)) {
                    uris.add(String.valueOf(name.get(1)));
                }
            }
        }
        if (!uris.equals(List.of(gateway))) {
            throw notTheGateway("it is named " + OneLine.of(uris.toString()) + ", the gateway is " + gateway);
        }
    }

    private static void requireServer(X509Certificate shown) throws CertificateException {
        List<String> usages = shown.getExtendedKeyUsage();
        boolean[] keyUsage = shown.getKeyUsage();
        if (usages == null || !usages.contains(SERVER_AUTH)) {
            throw notTheGateway("its certificate is not for servers");
        } else if (shown.getBasicConstraints() != NO_AUTHORITY) {
            throw notTheGateway("its certificate is an authority's own");
        } else if (keyUsage == null || !keyUsage[0]) {
            throw notTheGateway("its key is not for digital signatures");
        } else if (shown.hasUnsupportedCriticalExtension()) {
            throw notTheGateway("its certificate has a critical extension that is not understood here");
        }
    }

    private static List<X509Certificate> checked(List<byte[]> ders) {
        List<X509Certificate> certificates = Certificates.of(ders);
        for (X509Certificate certificate : certificates) {
            if (certificate.getBasicConstraints() == NO_AUTHORITY) {
                throw new LanternException(
                        "a pinned certificate is an authority's, found one that may not issue others: "
                                + OneLine.of(
                                        certificate.getSubjectX500Principal().getName()));
            }
            if (!certificate.getPublicKey().getAlgorithm().equals(ALGORITHM)) {
                throw new LanternException("a pinned authority's key is Ed25519, found "
                        + certificate.getPublicKey().getAlgorithm());
            }
        }
        return List.copyOf(certificates);
    }

    private static CertificateException notTheGateway(String why) {
        return new CertificateException("the server is not the gateway: " + why);
    }
}
