package dev.lantern.core.identity;

import dev.lantern.core.identity.CertificateVerdict.Certified;
import dev.lantern.core.identity.CertificateVerdict.Reason;
import dev.lantern.core.identity.CertificateVerdict.Rejected;
import dev.lantern.core.identity.TrustedKeys.Trusted;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a certificate is an instance's. Not the path validation of RFC 5280: there is one issuer, known
 * before, and a certificate that says anything else than {@link Certificates} makes it say is refused.
 */
final class CertificateVerifier {
    /** What an authority issues: certificates begin before they are made. */
    static final Duration LONGEST = Authority.LIFETIME.plus(Authority.SKEW);

    private static final int LARGEST = 4096;
    private static final int VERSION_TAG = 0;
    private static final DERTaggedObject VERSION_3 = new DERTaggedObject(true, VERSION_TAG, new ASN1Integer(2));
    private static final int LONGEST_SERIAL = 20;
    private static final int EXTENSIONS_TAG = 3;
    private static final int BEFORE_TIME = 2;
    private static final int FIRST_YEAR_OF_TWO_DIGITS = 1950;
    private static final DateTimeFormatter SHORT_TIME = new DateTimeFormatterBuilder()
            .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_YEAR_OF_TWO_DIGITS)
            .appendPattern("MMddHHmmss'Z'")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter LONG_TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final List<ASN1ObjectIdentifier> KNOWN = List.of(
            Extension.basicConstraints,
            Extension.keyUsage,
            Extension.extendedKeyUsage,
            Extension.subjectAlternativeName,
            Extension.authorityKeyIdentifier,
            Extension.subjectKeyIdentifier);

    private final TrustedKeys keys;
    private final Instant now;

    private CertificateVerifier(TrustedKeys keys, Instant now) {
        this.keys = keys;
        this.now = now;
    }

    /** Never throws on bad input: whatever goes wrong is a no. */
    static CertificateVerdict verify(List<byte[]> chain, TrustedKeys keys, Instant now) {
        try {
            return new CertificateVerifier(keys, now).certified(chain);
        } catch (Refusal e) {
            return new Rejected(e.reason, e.detail);
        }
    }

    private Certified certified(List<byte[]> chain) throws Refusal {
        if (chain.isEmpty() || chain.size() > 2) {
            throw new Refusal(Reason.CHAIN_LENGTH, "a chain of " + chain.size() + " certificates; allowed are 1 or 2");
        }
        Certificate certificate = parse(chain.get(0));
        TBSCertificate content = certificate.getTBSCertificate();
        requireEd25519(certificate);
        Map<ASN1ObjectIdentifier, Extension> extensions = extensions(content);

        // Only who issued it is looked for before it is known that a trusted key said all this.
        Trusted issuer = issuer(content, extensions);
        if (chain.size() == 2) {
            requireCertificateOf(issuer, chain.get(1));
        }
        requireSignature(certificate, issuer);

        requireSerial(content.getSerialNumber().getValue());
        requireInTime(time(content.getStartDate()), time(content.getEndDate()));
        requireNoSubject(content);
        VerificationKey key = key(content.getSubjectPublicKeyInfo());
        requireKnownWhereCritical(extensions);
        requireExactly(
                extensions,
                Extension.basicConstraints,
                Certificates.NO_AUTHORITY,
                Reason.CERTIFICATE_AUTHORITY,
                "that it issues no certificates");
        requireExactly(
                extensions,
                Extension.keyUsage,
                Certificates.SIGNATURES,
                Reason.KEY_USAGE,
                "that its key makes digital signatures, and nothing else");
        requireExactly(
                extensions,
                Extension.extendedKeyUsage,
                Certificates.CLIENT,
                Reason.EXTENDED_KEY_USAGE,
                "that it is for TLS clients, and for nothing else");
        return new Certified(instance(extensions), key, time(content.getEndDate()));
    }

    private static Certificate parse(byte[] der) throws Refusal {
        if (der.length > LARGEST) {
            throw new Refusal(Reason.TOO_LARGE, der.length + " bytes; allowed are " + LARGEST);
        }
        Certificate certificate;
        byte[] distinguished;
        try {
            // First, because the library follows every nesting with its stack, and forgives what has two encodings.
            Der.requireOneElement(der);
            ASN1Sequence raw = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der));
            requireFrame(ASN1Sequence.getInstance(raw.getObjectAt(0)));
            certificate = Certificate.getInstance(raw);
            distinguished = Certificates.der(certificate);
        } catch (LanternException e) {
            throw new Refusal(Reason.MALFORMED, "no certificate: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            // The library's words may quote what a stranger sent, so its kind of complaint has to do.
            throw new Refusal(
                    Reason.MALFORMED, "no certificate: " + e.getClass().getSimpleName() + " while reading it");
        }
        if (!Arrays.equals(distinguished, der)) {
            throw new Refusal(Reason.NOT_DER, "the bytes are not the distinguished encoding of what they say");
        }
        return certificate;
    }

    /** Looked for before the library reads the rest, because it has no words of its own for this. */
    private static void requireFrame(ASN1Sequence content) throws Refusal {
        if (!VERSION_3.equals(content.getObjectAt(0))) {
            throw new Refusal(Reason.VERSION, "another version than 3");
        }
        for (ASN1Encodable field : content) {
            if (field instanceof ASN1TaggedObject tagged) {
                if (tagged.hasContextTag(EXTENSIONS_TAG)) {
                    requireNoneTwice(ASN1Sequence.getInstance(tagged, true));
                } else if (!tagged.hasContextTag(VERSION_TAG)) {
                    throw new Refusal(Reason.VERSION, "unique ids, which nobody writes any longer");
                }
            }
        }
    }

    private static void requireNoneTwice(ASN1Sequence extensions) throws Refusal {
        Map<ASN1Encodable, Boolean> seen = new LinkedHashMap<>();
        for (ASN1Encodable extension : extensions) {
            ASN1Encodable id = ASN1Sequence.getInstance(extension).getObjectAt(0);
            if (seen.put(id, true) != null) {
                throw new Refusal(Reason.EXTENSION_TWICE, "extension " + id + " stands there twice");
            }
        }
    }

    /** In both places, one of which is not signed, and without parameters, which have no meaning. */
    private static void requireEd25519(Certificate certificate) throws Refusal {
        boolean inside =
                is(Certificates.ED25519, certificate.getTBSCertificate().getSignature());
        boolean outside = is(Certificates.ED25519, certificate.getSignatureAlgorithm());
        if (!inside || !outside) {
            throw new Refusal(
                    Reason.ALGORITHM,
                    "signed with "
                            + certificate.getTBSCertificate().getSignature().getAlgorithm() + " by its own word, with "
                            + certificate.getSignatureAlgorithm().getAlgorithm()
                            + " by that of the signature; allowed is 1.3.101.112 (Ed25519) in both, without parameters");
        }
    }

    private static Map<ASN1ObjectIdentifier, Extension> extensions(TBSCertificate content) {
        Map<ASN1ObjectIdentifier, Extension> extensions = new LinkedHashMap<>();
        if (content.getExtensions() != null) {
            for (ASN1ObjectIdentifier id : content.getExtensions().getExtensionOIDs()) {
                extensions.put(id, content.getExtensions().getExtension(id));
            }
        }
        return extensions;
    }

    /** By the key identifier, which names a key and no person; the name has to agree. */
    private Trusted issuer(TBSCertificate content, Map<ASN1ObjectIdentifier, Extension> extensions) throws Refusal {
        String keyId = issuerKeyId(extensions.get(Extension.authorityKeyIdentifier));
        Trusted issuer = keys.find(keyId)
                .orElseThrow(() ->
                        new Refusal(Reason.ISSUER_UNKNOWN, "issued by key " + keyId + ", which is none of " + keys));
        if (!issuer.key().isTrustedAt(now)) {
            throw new Refusal(
                    Reason.ISSUER_RETIRED,
                    "issued by key " + keyId + ", which was trusted until "
                            + issuer.key().trustedUntil().orElseThrow() + "; it is " + now);
        }
        if (!is(Certificates.name(keyId), content.getIssuer())) {
            throw new Refusal(
                    Reason.ISSUER_NAME, "issued by key " + keyId + " under another name than that of the key");
        }
        return issuer;
    }

    private static String issuerKeyId(@Nullable Extension identifier) throws Refusal {
        byte[] value =
                identifier == null ? new byte[0] : identifier.getExtnValue().getOctets();
        byte[] id = Arrays.copyOfRange(value, Math.max(0, value.length - VerificationKey.LENGTH), value.length);
        if (!Arrays.equals(Certificates.der(new AuthorityKeyIdentifier(id)), value)) {
            throw new Refusal(
                    Reason.ISSUER_KEY,
                    "no authority key identifier that holds the " + VerificationKey.LENGTH
                            + " bytes of a key's thumbprint, and nothing else");
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    /**
     * A server of TLS may send its authority's certificate along; it proves nothing. It is compared by what it says: its
     * own signature is no part of a trust anchor (RFC 5280, 6.1.1).
     */
    private static void requireCertificateOf(Trusted issuer, byte[] der) throws Refusal {
        byte[] content = Certificates.der(parse(der).getTBSCertificate());
        if (!Arrays.equals(content, Certificates.der(Certificates.authority(issuer.key())))) {
            throw new Refusal(
                    Reason.FOREIGN_AUTHORITY,
                    "the certificate behind it is not that of its issuer, key " + issuer.id());
        }
    }

    /** Over the bytes that came: they are the distinguished encoding, so encoding them again gives the same. */
    private static void requireSignature(Certificate certificate, Trusted issuer) throws Refusal {
        ASN1BitString signature = certificate.getSignature();
        byte[] content = Certificates.der(certificate.getTBSCertificate());
        if (signature.getPadBits() != 0
                || !StrictEd25519.verify(issuer.verification(), content, signature.getOctets())) {
            throw new Refusal(
                    Reason.SIGNATURE, "the signature is not that of key " + issuer.id() + " over these bytes");
        }
    }

    private static void requireSerial(BigInteger serial) throws Refusal {
        if (serial.signum() <= 0 || serial.toByteArray().length > LONGEST_SERIAL) {
            throw new Refusal(
                    Reason.SERIAL, "a serial number that is not positive, or longer than " + LONGEST_SERIAL + " bytes");
        }
    }

    /** By this host's clock as it is: the authority grants the skew when it issues. Both ends are inclusive. */
    private void requireInTime(Instant notBefore, Instant notAfter) throws Refusal {
        String found = "valid from " + notBefore + " to " + notAfter;
        Duration lifetime = Duration.between(notBefore, notAfter);
        if (lifetime.compareTo(Duration.ZERO) <= 0 || lifetime.compareTo(LONGEST) > 0) {
            throw new Refusal(Reason.LIFETIME, found + "; allowed are at most " + LONGEST.toSeconds() + " s");
        }
        if (now.isBefore(notBefore)) {
            throw new Refusal(Reason.NOT_YET_VALID, found + "; it is " + now);
        }
        if (now.isAfter(notAfter)) {
            throw new Refusal(Reason.EXPIRED, found + "; it is " + now);
        }
    }

    /** From its bytes, because the library is lenient: seconds and Z, two digits of the year until 2049. */
    private static Instant time(Time time) throws Refusal {
        byte[] encoded = Certificates.der(time);
        String text = new String(encoded, BEFORE_TIME, encoded.length - BEFORE_TIME, StandardCharsets.ISO_8859_1);
        try {
            DateTimeFormatter form = encoded[0] == BERTags.UTC_TIME ? SHORT_TIME : LONG_TIME;
            Instant instant = LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
            if (is(new Time(Date.from(instant)), time)) {
                return instant;
            }
        } catch (DateTimeException e) {
            throw new Refusal(Reason.TIMES, "a time that is none: it cannot be read as RFC 5280 writes times");
        }
        throw new Refusal(Reason.TIMES, "a time in another form than RFC 5280 has for it");
    }

    private static void requireNoSubject(TBSCertificate content) throws Refusal {
        if (!is(Certificates.NO_NAME, content.getSubject())) {
            throw new Refusal(
                    Reason.SUBJECT_NAME,
                    "a subject; who an instance is stands in the alternative name and nowhere else");
        }
    }

    private static VerificationKey key(SubjectPublicKeyInfo info) throws Refusal {
        if (!is(Certificates.ED25519, info.getAlgorithm())) {
            throw new Refusal(
                    Reason.KEY,
                    "a key for " + info.getAlgorithm().getAlgorithm()
                            + "; allowed is 1.3.101.112 (Ed25519) without parameters");
        }
        if (info.getPublicKeyData().getPadBits() != 0) {
            throw new Refusal(Reason.KEY, "a key that is no whole number of bytes");
        }
        try {
            return VerificationKey.of(info.getPublicKeyData().getOctets());
        } catch (LanternException e) {
            throw new Refusal(Reason.KEY, e.getMessage());
        }
    }

    private static void requireKnownWhereCritical(Map<ASN1ObjectIdentifier, Extension> extensions) throws Refusal {
        for (Extension extension : extensions.values()) {
            if (extension.isCritical() && !KNOWN.contains(extension.getExtnId())) {
                throw new Refusal(
                        Reason.EXTENSION_UNKNOWN,
                        "critical extension " + extension.getExtnId() + ", of which nothing is known here");
            }
        }
    }

    /** Byte by byte: an extension that says more, or the same in other words, is another one. */
    private static void requireExactly(
            Map<ASN1ObjectIdentifier, Extension> extensions,
            ASN1ObjectIdentifier id,
            ASN1Object value,
            Reason reason,
            String what)
            throws Refusal {
        Extension found = extensions.get(id);
        if (found == null || !Arrays.equals(found.getExtnValue().getOctets(), Certificates.der(value))) {
            throw new Refusal(
                    reason,
                    "extension " + id + (found == null ? " is missing" : " says something else") + "; it has to say "
                            + what);
        }
    }

    private InstanceId instance(Map<ASN1ObjectIdentifier, Extension> extensions) throws Refusal {
        InstanceId id;
        try {
            id = InstanceId.parse(uri(extensions.get(Extension.subjectAlternativeName)));
        } catch (LanternException e) {
            throw new Refusal(Reason.INSTANCE_ID, e.getMessage());
        }
        if (!id.domain().equals(keys.domain())) {
            throw new Refusal(
                    Reason.FOREIGN_DOMAIN,
                    "an instance of trust domain " + id.domain() + "; this one is " + keys.domain());
        }
        return id;
    }

    /** The name is read, and then written again: what comes out is what went in, or it held something else. */
    private static String uri(@Nullable Extension names) throws Refusal {
        byte[] value = names == null ? new byte[0] : names.getExtnValue().getOctets();
        try {
            Der.requireOneElement(value);
            GeneralName[] all =
                    GeneralNames.getInstance(ASN1Primitive.fromByteArray(value)).getNames();
            if (all.length == 1 && all[0].getTagNo() == GeneralName.uniformResourceIdentifier) {
                String uri = DERIA5String.getInstance(all[0].getName()).getString();
                GeneralNames again = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
                if (Arrays.equals(Certificates.der(again), value)) {
                    return uri;
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new Refusal(
                    Reason.ALTERNATIVE_NAME,
                    "an alternative name that cannot be read: " + e.getClass().getSimpleName());
        }
        throw new Refusal(
                Reason.ALTERNATIVE_NAME, "alternative names other than one URI, or one in an encoding of its own");
    }

    private static boolean is(ASN1Object expected, ASN1Object found) {
        return Arrays.equals(Certificates.der(expected), Certificates.der(found));
    }

    /** The first thing that is wrong. Checked, so that no step forgets to pass it on; it is answered, so it has no stack. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final Reason reason;
        private final String detail;

        Refusal(Reason reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
            this.detail = detail;
        }
    }
}
