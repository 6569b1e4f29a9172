package dev.lantern.core.gateway;

import dev.lantern.value.RunRef;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Credentials of a test's gateway: believes one authority, in as many words as the tests need. Thread-safe. */
final class TestDoor implements DoorCredentials {
    private static final Pattern INSTANCE =
            Pattern.compile("spiffe://door\\.test/t/([^/]+)/a/[^/]+/r/([^/]+)/i/([0-9]+)");

    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger verified = new AtomicInteger();
    volatile DoorIdentity identity;
    private final TestAuthority authority;
    private final InstantSource clock;

    TestDoor(TestAuthority authority, InstantSource clock) {
        this.authority = authority;
        this.clock = clock;
        this.identity = authority.gateway();
    }

    @Override
    public DoorIdentity current() {
        asked.incrementAndGet();
        return identity;
    }

    @Override
    public PeerVerdict verify(List<byte[]> derChain) {
        verified.incrementAndGet();
        try {
            return verdict((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(derChain.get(0))));
        } catch (GeneralSecurityException e) {
            return new PeerVerdict.Rejected("malformed", String.valueOf(e.getMessage()));
        }
    }

    private PeerVerdict verdict(X509Certificate shown) throws GeneralSecurityException {
        Instant now = clock.instant();
        if (shown.getIssuerX500Principal().equals(shown.getSubjectX500Principal())) {
            return new PeerVerdict.Rejected("self-signed", "it is its own issuer");
        } else if (!isSigned(shown)) {
            return new PeerVerdict.Rejected("unknown-authority", "issued by " + shown.getIssuerX500Principal());
        } else if (now.isBefore(shown.getNotBefore().toInstant())) {
            return new PeerVerdict.Rejected(
                    "not-yet-valid", "from " + shown.getNotBefore().toInstant());
        } else if (now.isAfter(shown.getNotAfter().toInstant())) {
            return new PeerVerdict.Rejected(
                    "expired", "until " + shown.getNotAfter().toInstant());
        } else if (!List.of("1.3.6.1.5.5.7.3.2").equals(shown.getExtendedKeyUsage())) {
            return new PeerVerdict.Rejected("extended-key-usage", "not for clients");
        }
        Matcher uri = INSTANCE.matcher(String.valueOf(
                shown.getSubjectAlternativeNames().iterator().next().get(1)));
        if (!uri.matches()) {
            return new PeerVerdict.Rejected("instance-id", "no instance of this domain");
        }
        byte[] spki = shown.getPublicKey().getEncoded();
        return new PeerVerdict.Certified(new PeerIdentity(
                new RunRef(uri.group(1), uri.group(2)),
                Integer.parseInt(uri.group(3)),
                HexFormat.of().formatHex(spki, spki.length - 32, spki.length),
                shown.getNotAfter().toInstant()));
    }

    private boolean isSigned(X509Certificate shown) {
        try {
            shown.verify(authority.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
