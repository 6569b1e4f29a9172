package dev.lantern.core.identity;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A certificate whose every part can be another one, with a signature that fits: what somebody makes who has the
 * authority's key, or a bug. Unchanged it is one that is accepted. One thread.
 */
final class Forged {
    ASN1Encodable version = new DERTaggedObject(true, 0, new ASN1Integer(2));
    ASN1Encodable serial = new ASN1Integer(4711);
    ASN1Encodable algorithm = Certificates.ED25519;
    ASN1Encodable outerAlgorithm = Certificates.ED25519;
    ASN1Encodable issuer = Certificates.name(Keys.id(TestSigner.RFC8032_TEST_1));
    ASN1Encodable notBefore = new DERUTCTime("260210115900Z");
    ASN1Encodable notAfter = new DERUTCTime("260210121500Z");
    ASN1Encodable subject = Certificates.NO_NAME;
    ASN1Encodable key =
            new SubjectPublicKeyInfo(Certificates.ED25519, Issued.INSTANCE.key().bytes());
    List<ASN1Encodable> behindKey = new ArrayList<>();
    List<Extension> extensions = new ArrayList<>();
    TestSigner signer = TestSigner.RFC8032_TEST_1;

    Forged() throws Exception {
        extension(Extension.basicConstraints, true, Certificates.NO_AUTHORITY);
        extension(Extension.keyUsage, true, Certificates.SIGNATURES);
        extension(Extension.extendedKeyUsage, false, Certificates.CLIENT);
        uri(Issued.ID.toString());
        issuerKey(Keys.id(TestSigner.RFC8032_TEST_1));
    }

    /** Puts the extension in the place of the one of this id, or behind all others. */
    void extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) throws Exception {
        extension(id, critical, value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
    }

    void extension(ASN1ObjectIdentifier id, boolean critical, byte[] value) throws Exception {
        remove(id);
        extensions.add(new Extension(id, critical, value));
    }

    void remove(ASN1ObjectIdentifier id) {
        extensions.removeIf(extension -> extension.getExtnId().equals(id));
    }

    void uri(String uri) throws Exception {
        names(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    }

    void names(GeneralName... names) throws Exception {
        extension(Extension.subjectAlternativeName, true, new GeneralNames(names));
    }

    void issuerKey(String keyId) throws Exception {
        extension(
                Extension.authorityKeyIdentifier,
                false,
                new AuthorityKeyIdentifier(Base64.getUrlDecoder().decode(keyId)));
    }

    byte[] content() throws Exception {
        return tbs().getEncoded(ASN1Encoding.DER);
    }

    byte[] der() throws Exception {
        return der(new DERBitString(signer.sign(content())));
    }

    byte[] der(ASN1Encodable signature) throws Exception {
        return sequence(tbs(), outerAlgorithm, signature).getEncoded(ASN1Encoding.DER);
    }

    private DERSequence tbs() {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        if (version != null) {
            fields.add(version);
        }
        fields.add(serial);
        fields.add(algorithm);
        fields.add(issuer);
        fields.add(sequence(notBefore, notAfter));
        fields.add(subject);
        fields.add(key);
        behindKey.forEach(fields::add);
        if (!extensions.isEmpty()) {
            fields.add(new DERTaggedObject(true, 3, sequence(extensions.toArray(ASN1Encodable[]::new))));
        }
        return new DERSequence(fields);
    }

    static DERSequence sequence(ASN1Encodable... fields) {
        return new DERSequence(fields);
    }
}
