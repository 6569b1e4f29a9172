package dev.lantern.core.gateway;

import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** An authority that issues whatever a test asks for. */
final class TestAuthority {
    static final String DOMAIN = "door.test";
    static final String GATEWAY = "spiffe://" + DOMAIN + "/gateway";
    static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");

    private static final Duration VALID = Duration.ofMinutes(15);
    /** RFC 8410. */
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;
    private long serial = 1;

    private TestAuthority(String name, KeyPair keys) {
        this.name = name;
        this.keys = keys;
        this.certificate = new Wanted(name, keys.getPublic()).authority().by(this);
    }

    static TestAuthority named(String name) {
        return new TestAuthority("CN=" + name, ed25519());
    }

    static KeyPair ed25519() {
        return pair("Ed25519");
    }

    static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new LanternException("no " + algorithm, e);
        }
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Its certificate for another time. */
    X509Certificate certificate(Instant from, Instant until) {
        return new Wanted(name, keys.getPublic()).authority().valid(from, until).by(this);
    }

    byte[] der() {
        return der(certificate);
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new LanternException("no DER", e);
        }
    }

    static String uri(RunRef run, int epoch) {
        return "spiffe://" + DOMAIN + "/t/" + run.tenant() + "/a/agent/r/" + run.run() + "/i/" + epoch;
    }

    /** A certificate for the instance of the tests. */
    Wanted instance(PublicKey key) {
        return instance(key, Calls.RUN, Calls.EPOCH);
    }

    Wanted instance(PublicKey key, RunRef run, int epoch) {
        return new Wanted("CN=instance", key).uri(uri(run, epoch)).purpose(KeyPurposeId.id_kp_clientAuth);
    }

    /** Key and certificate of a gateway. */
    DoorIdentity gateway() {
        KeyPair own = ed25519();
        return new DoorIdentity(
                own.getPrivate(),
                List.of(new Wanted("CN=gateway", own.getPublic())
                        .uri(GATEWAY)
                        .purpose(KeyPurposeId.id_kp_serverAuth)
                        .by(this)));
    }

    /** What stands in a certificate. */
    static final class Wanted {
        private final String subject;
        private final PublicKey key;
        private final ExtensionsGenerator extensions = new ExtensionsGenerator();
        private Instant from = NOW.minusSeconds(60);
        private Instant until = NOW.plus(VALID);
        private int usage = KeyUsage.digitalSignature;
        private boolean isAuthority;

        Wanted(String subject, PublicKey key) {
            this.subject = subject;
            this.key = key;
        }

        Wanted uri(String uri) {
            return with(
                    Extension.subjectAlternativeName,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        }

        Wanted purpose(KeyPurposeId purpose) {
            return with(Extension.extendedKeyUsage, new ExtendedKeyUsage(purpose));
        }

        Wanted valid(Instant notBefore, Instant notAfter) {
            from = notBefore;
            until = notAfter;
            return this;
        }

        Wanted authority() {
            isAuthority = true;
            usage = KeyUsage.keyCertSign;
            until = NOW.plus(Duration.ofDays(365));
            return this;
        }

        private Wanted with(ASN1ObjectIdentifier id, org.bouncycastle.asn1.ASN1Encodable value) {
            try {
                extensions.addExtension(id, false, value);
                return this;
            } catch (IOException e) {
                throw new LanternException("no extension", e);
            }
        }

        X509Certificate by(TestAuthority issuer) {
            return signed(issuer.name, issuer.keys.getPrivate(), issuer.serial++);
        }

        /** Issued in its own name, with its own key. */
        X509Certificate bySelf(PrivateKey own) {
            return signed(subject, own, 99);
        }

        private X509Certificate signed(String issuer, PrivateKey by, long serial) {
            try {
                boolean ec = by.getAlgorithm().equals("EC");
                AlgorithmIdentifier algorithm =
                        new AlgorithmIdentifier(ec ? X9ObjectIdentifiers.ecdsa_with_SHA256 : ED25519);
                extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
                extensions.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
                V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
                generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(serial)));
                generator.setSignature(algorithm);
                generator.setIssuer(new X500Name(issuer));
                generator.setSubject(new X500Name(subject));
                generator.setStartDate(new Time(Date.from(from)));
                generator.setEndDate(new Time(Date.from(until)));
                generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(key.getEncoded()));
                generator.setExtensions(extensions.generate());
                TBSCertificate content = generator.generateTBSCertificate();
                Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "Ed25519");
                signature.initSign(by);
                signature.update(content.getEncoded());
                ASN1EncodableVector parts = new ASN1EncodableVector();
                parts.add(content);
                parts.add(algorithm);
                parts.add(new DERBitString(signature.sign()));
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(new DERSequence(parts).getEncoded()));
            } catch (GeneralSecurityException | IOException e) {
                throw new LanternException("no certificate for " + subject, e);
            }
        }
    }
}
