package dev.lantern.agent.transport;

import dev.lantern.value.LanternException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates as they are handed over, in DER. */
final class Certificates {
    private Certificates() {}

    /** @throws LanternException if one is no X.509 certificate, or there is none; the message names its place */
    static List<X509Certificate> of(List<byte[]> ders) {
        if (ders.isEmpty()) {
            throw new LanternException("at least one certificate is needed, found none");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : ders) {
            try {
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (GeneralSecurityException e) {
                throw new LanternException(
                        "certificate " + (certificates.size() + 1) + " of " + ders.size()
                                + " is no X.509 certificate in DER",
                        e);
            }
        }
        return certificates;
    }
}
