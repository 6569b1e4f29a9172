package dev.lantern.core.identity;

import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/**
 * The three certificates there are (RFC 5280, RFC 8410): an authority's, an instance's, a gateway's. Each is first made
 * as the bytes that are signed; {@link #signed} puts the signature behind them.
 */
final class Certificates {
    /** Ed25519, without parameters, for keys and for signatures. */
    static final AlgorithmIdentifier ED25519 = new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));
    /** The empty name: who an instance is stands in the alternative name and nowhere else. */
    static final X500Name NO_NAME = new X500Name(new RDN[0]);

    static final BasicConstraints NO_AUTHORITY = new BasicConstraints(false);
    static final KeyUsage SIGNATURES = new KeyUsage(KeyUsage.digitalSignature);
    static final ExtendedKeyUsage CLIENT = new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
    private static final ExtendedKeyUsage SERVER = new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);

    /** RFC 5280, 4.1.2.5: "no well-defined expiration date". When a key goes is said by the key store, not here. */
    private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    static final int SERIAL_LENGTH = 16;

    private Certificates() {}

    /** When something begins and ends. */
    record Span(Instant begin, Instant end) {}

    /** The certificate by which a key is pinned; a function of the key and of when it was made. */
    static TBSCertificate authority(AuthorityKey key) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        add(extensions, Extension.basicConstraints, true, new BasicConstraints(0));
        add(extensions, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        add(extensions, Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(identifier(key.keyId())));
        Span span = new Span(key.createdAt().truncatedTo(ChronoUnit.SECONDS), NEVER);
        return certificate(
                serial(identifier(key.keyId())),
                key.keyId(),
                span,
                name(key.keyId()),
                key.publicKey(),
                extensions.generate());
    }

    static TBSCertificate instance(String issuer, InstanceId id, VerificationKey key, Span span, byte[] random) {
        return leaf(issuer, id.toString(), key, span, CLIENT, random);
    }

    static TBSCertificate gateway(String issuer, TrustDomain domain, VerificationKey key, Span span, byte[] random) {
        return leaf(issuer, domain.gateway(), key, span, SERVER, random);
    }

    static byte[] signed(TBSCertificate certificate, byte[] signature) {
        return der(new Certificate(certificate, ED25519, new DERBitString(signature)));
    }

    static byte[] der(ASN1Object object) {
        try {
            return object.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new LanternException("encoding a certificate in memory: " + e, e);
        }
    }

    /** {@code CN=Lantern authority <kid>}. */
    static X500Name name(String keyId) {
        return new X500Name(new RDN[] {
            new RDN(new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("Lantern authority " + keyId)))
        });
    }

    /** How extensions call a key: its thumbprint in bytes. */
    static byte[] identifier(String keyId) {
        return Base64.getUrlDecoder().decode(keyId);
    }

    private static TBSCertificate leaf(
            String issuer, String uri, VerificationKey key, Span span, ExtendedKeyUsage usage, byte[] random) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        add(extensions, Extension.basicConstraints, true, NO_AUTHORITY);
        add(extensions, Extension.keyUsage, true, SIGNATURES);
        add(extensions, Extension.extendedKeyUsage, false, usage);
        // Critical, because there is no other name (RFC 5280, 4.2.1.6).
        GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
        add(extensions, Extension.subjectAlternativeName, true, new GeneralNames(name));
        add(extensions, Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(identifier(issuer)));
        String keyId = AuthorityKey.thumbprint(key.bytes());
        add(extensions, Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(identifier(keyId)));
        return certificate(serial(random), issuer, span, NO_NAME, key.bytes(), extensions.generate());
    }

    private static TBSCertificate certificate(
            BigInteger serial, String issuer, Span span, X500Name subject, byte[] publicKey, Extensions extensions) {
        V3TBSCertificateGenerator certificate = new V3TBSCertificateGenerator();
        certificate.setSerialNumber(new ASN1Integer(serial));
        certificate.setSignature(ED25519);
        certificate.setIssuer(name(issuer));
        certificate.setStartDate(new Time(Date.from(span.begin())));
        certificate.setEndDate(new Time(Date.from(span.end())));
        certificate.setSubject(subject);
        certificate.setSubjectPublicKeyInfo(new SubjectPublicKeyInfo(ED25519, publicKey));
        certificate.setExtensions(extensions);
        return certificate.generateTBSCertificate();
    }

    /** Positive, never zero, and of one length, whatever the bytes are. */
    private static BigInteger serial(byte[] bytes) {
        byte[] serial = Arrays.copyOf(bytes, SERIAL_LENGTH);
        serial[0] = (byte) (serial[0] & 0x7f | 0x40);
        return new BigInteger(serial);
    }

    private static void add(
            ExtensionsGenerator extensions, ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        try {
            extensions.addExtension(id, critical, value);
        } catch (IOException e) {
            throw new LanternException("encoding a certificate in memory: " + e, e);
        }
    }
}
