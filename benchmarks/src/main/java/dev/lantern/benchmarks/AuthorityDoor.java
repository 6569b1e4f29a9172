package dev.lantern.benchmarks;

import dev.lantern.core.gateway.DoorCredentials;
import dev.lantern.core.gateway.DoorIdentity;
import dev.lantern.core.gateway.PeerIdentity;
import dev.lantern.core.gateway.PeerVerdict;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.CertificateVerdict;
import dev.lantern.core.identity.GatewayCredentials;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a host shows and believes under its authority, as a runtime does it, without renewing anything. Thread-safe. */
final class AuthorityDoor implements DoorCredentials {
    private final Authority authority;
    private final DoorIdentity own;

    AuthorityDoor(Authority authority) {
        GatewayCredentials credentials = authority.gateway(Duration.ofSeconds(10));
        this.authority = authority;
        this.own = new DoorIdentity(credentials.privateKey(), credentials.chain());
    }

    @Override
    public DoorIdentity current() {
        return own;
    }

    @Override
    public PeerVerdict verify(List<byte[]> derChain) {
        CertificateVerdict verdict = authority.verify(derChain);
        if (verdict instanceof CertificateVerdict.Certified certified) {
            InstanceRef instance = certified.id().instance();
            return new PeerVerdict.Certified(new PeerIdentity(
                    instance.run(), instance.epoch(), certified.key().hex(), end(derChain.get(0))));
        }
        CertificateVerdict.Rejected rejected = (CertificateVerdict.Rejected) verdict;
        return new PeerVerdict.Rejected(rejected.reason().name(), rejected.detail());
    }

    private static Instant end(byte[] der) {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return certificate.getNotAfter().toInstant();
        } catch (CertificateException e) {
            throw new LanternException("a certificate that was verified cannot be read by this JVM", e);
        }
    }
}
