package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.identity.CertificateVerdict.Certified;
import dev.lantern.core.identity.CertificateVerdict.Reason;
import dev.lantern.core.identity.CertificateVerdict.Rejected;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;

class CertificateAttackTest {
    private static final ASN1ObjectIdentifier X25519 = new ASN1ObjectIdentifier("1.3.101.110");
    private static final ASN1ObjectIdentifier ED448 = new ASN1ObjectIdentifier("1.3.101.113");
    private static final ASN1ObjectIdentifier ECDSA = new ASN1ObjectIdentifier("1.2.840.10045.4.3.2");
    private static final ASN1ObjectIdentifier OURS = new ASN1ObjectIdentifier("1.3.6.1.4.1.55555.1");

    private final Issued issued = Issued.byOneKey();

    @FunctionalInterface
    interface Change {
        void to(Forged certificate) throws Exception;
    }

    /** A change to what is accepted, and the one reason for which it must be refused. */
    record Attack(String name, Reason reason, Change change) {}

    private static final List<Attack> ATTACKS = List.of(
            attack("version 1", Reason.VERSION, c -> c.version = null),
            attack("version 2", Reason.VERSION, c -> c.version = new DERTaggedObject(true, 0, new ASN1Integer(1))),
            attack("unique id of the issuer", Reason.VERSION, c -> c.behindKey.add(uniqueId(1))),
            attack("unique id of the subject", Reason.VERSION, c -> c.behindKey.add(uniqueId(2))),
            attack("ECDSA inside", Reason.ALGORITHM, c -> c.algorithm = new AlgorithmIdentifier(ECDSA)),
            attack("ECDSA outside", Reason.ALGORITHM, c -> c.outerAlgorithm = new AlgorithmIdentifier(ECDSA)),
            attack("Ed448 in both", Reason.ALGORITHM, c -> {
                c.algorithm = new AlgorithmIdentifier(ED448);
                c.outerAlgorithm = c.algorithm;
            }),
            attack("parameters inside", Reason.ALGORITHM, c -> c.algorithm = withNull()),
            attack("parameters outside", Reason.ALGORITHM, c -> c.outerAlgorithm = withNull()),
            attack("no issuer's key", Reason.ISSUER_KEY, c -> c.remove(Extension.authorityKeyIdentifier)),
            attack(
                    "empty issuer's key",
                    Reason.ISSUER_KEY,
                    c -> c.extension(Extension.authorityKeyIdentifier, false, Forged.sequence())),
            attack(
                    "short issuer's key",
                    Reason.ISSUER_KEY,
                    c -> c.extension(
                            Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(new byte[20]))),
            attack(
                    "long issuer's key",
                    Reason.ISSUER_KEY,
                    c -> c.extension(
                            Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(new byte[33]))),
            attack(
                    "issuer by name and serial too",
                    Reason.ISSUER_KEY,
                    c -> c.extension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new AuthorityKeyIdentifier(
                                    Certificates.identifier(Keys.id(TestSigner.RFC8032_TEST_1)),
                                    new GeneralNames(new GeneralName(new X500Name("CN=x"))),
                                    BigInteger.ONE))),
            attack(
                    "issuer's key behind junk",
                    Reason.ISSUER_KEY,
                    c -> c.extension(Extension.authorityKeyIdentifier, false, new DEROctetString(new byte[32]))),
            attack("another authority", Reason.ISSUER_UNKNOWN, c -> {
                c.issuer = Certificates.name(Keys.id(TestSigner.RFC8032_TEST_2));
                c.issuerKey(Keys.id(TestSigner.RFC8032_TEST_2));
                c.signer = TestSigner.RFC8032_TEST_2;
            }),
            attack("signed by its own key", Reason.ISSUER_UNKNOWN, c -> {
                c.issuer = Certificates.name(Keys.id(Issued.INSTANCE));
                c.issuerKey(Keys.id(Issued.INSTANCE));
                c.signer = Issued.INSTANCE;
            }),
            attack(
                    "another issuer's name",
                    Reason.ISSUER_NAME,
                    c -> c.issuer = Certificates.name(Keys.id(TestSigner.RFC8032_TEST_2))),
            attack(
                    "issuer's name in another case",
                    Reason.ISSUER_NAME,
                    c -> c.issuer = new X500Name("CN=lantern authority " + Keys.id(TestSigner.RFC8032_TEST_1))),
            attack("issuer of another name", Reason.ISSUER_NAME, c -> c.issuer = new X500Name("CN=Lantern")),
            attack("another key's signature", Reason.SIGNATURE, c -> c.signer = TestSigner.RFC8032_TEST_2),
            attack("the instance's own signature", Reason.SIGNATURE, c -> c.signer = Issued.INSTANCE),
            attack("serial 0", Reason.SERIAL, c -> c.serial = new ASN1Integer(0)),
            attack("negative serial", Reason.SERIAL, c -> c.serial = new ASN1Integer(-1)),
            attack("serial of 21 bytes", Reason.SERIAL, c -> c.serial = new ASN1Integer(BigInteger.ONE.shiftLeft(160))),
            attack("time without seconds", Reason.TIMES, c -> c.notBefore = new DERUTCTime("2602101159Z")),
            attack("time with an offset", Reason.TIMES, c -> c.notBefore = new DERUTCTime("260210125900+0100")),
            attack(
                    "time with a fraction",
                    Reason.TIMES,
                    c -> c.notBefore = new DERGeneralizedTime("20260210115900.5Z")),
            attack(
                    "four digits of a year before 2050",
                    Reason.TIMES,
                    c -> c.notBefore = new DERGeneralizedTime("20260210115900Z")),
            attack("the 30th of February", Reason.MALFORMED, c -> c.notAfter = new DERUTCTime("260230121500Z")),
            attack("25 o'clock", Reason.MALFORMED, c -> c.notAfter = new DERUTCTime("260210251500Z")),
            attack("16 minutes and a second", Reason.LIFETIME, c -> c.notAfter = new DERUTCTime("260210121501Z")),
            attack("a year", Reason.LIFETIME, c -> c.notAfter = new DERUTCTime("270210121500Z")),
            attack("for ever", Reason.LIFETIME, c -> c.notAfter = new DERGeneralizedTime("99991231235959Z")),
            attack("ends when it begins", Reason.LIFETIME, c -> c.notAfter = new DERUTCTime("260210115900Z")),
            attack("ends before it begins", Reason.LIFETIME, c -> c.notAfter = new DERUTCTime("260210115800Z")),
            attack("a second too early", Reason.NOT_YET_VALID, c -> {
                c.notBefore = new DERUTCTime("260210120001Z");
                c.notAfter = new DERUTCTime("260210121500Z");
            }),
            attack("a second too late", Reason.EXPIRED, c -> {
                c.notBefore = new DERUTCTime("260210114500Z");
                c.notAfter = new DERUTCTime("260210115959Z");
            }),
            attack("1976", Reason.EXPIRED, c -> {
                // Two digits 50 to 99 are the last century.
                c.notBefore = new DERUTCTime("760210115900Z");
                c.notAfter = new DERUTCTime("760210121500Z");
            }),
            attack("a subject", Reason.SUBJECT_NAME, c -> c.subject = new X500Name("CN=ticket-4711")),
            attack("an X25519 key", Reason.KEY, c -> c.key = key(new AlgorithmIdentifier(X25519), new byte[32])),
            attack("an Ed448 key", Reason.KEY, c -> c.key = key(new AlgorithmIdentifier(ED448), new byte[57])),
            attack(
                    "key with parameters",
                    Reason.KEY,
                    c -> c.key = key(withNull(), Issued.INSTANCE.key().bytes())),
            attack("key of small order", Reason.KEY, c -> c.key = key(Certificates.ED25519, point(1))),
            attack("key that is no point", Reason.KEY, c -> c.key = key(Certificates.ED25519, point(2))),
            attack("short key", Reason.KEY, c -> c.key = key(Certificates.ED25519, new byte[31])),
            attack("empty key", Reason.KEY, c -> c.key = key(Certificates.ED25519, new byte[0])),
            attack(
                    "key of 255 bits",
                    Reason.KEY,
                    c -> c.key = Forged.sequence(
                            Certificates.ED25519,
                            new DERBitString(even(Issued.INSTANCE.key().bytes()), 1))),
            attack("an extension twice", Reason.EXTENSION_TWICE, c -> c.extensions.add(c.extensions.get(0))),
            attack(
                    "two alternative names' extensions",
                    Reason.EXTENSION_TWICE,
                    c -> c.extensions.add(new Extension(
                            Extension.subjectAlternativeName,
                            true,
                            new GeneralNames(new GeneralName(6, "spiffe://x")).getEncoded()))),
            attack("unknown and critical", Reason.EXTENSION_UNKNOWN, c -> c.extension(OURS, true, DERNull.INSTANCE)),
            attack(
                    "name constraints",
                    Reason.EXTENSION_UNKNOWN,
                    c -> c.extension(Extension.nameConstraints, true, Forged.sequence())),
            attack(
                    "an authority",
                    Reason.CERTIFICATE_AUTHORITY,
                    c -> c.extension(Extension.basicConstraints, true, new BasicConstraints(true))),
            attack(
                    "an authority of depth 0",
                    Reason.CERTIFICATE_AUTHORITY,
                    c -> c.extension(Extension.basicConstraints, true, new BasicConstraints(0))),
            attack(
                    "says nothing of being one",
                    Reason.CERTIFICATE_AUTHORITY,
                    c -> c.remove(Extension.basicConstraints)),
            attack("no key usage", Reason.KEY_USAGE, c -> c.remove(Extension.keyUsage)),
            attack(
                    "may sign certificates",
                    Reason.KEY_USAGE,
                    c -> c.extension(
                            Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
            attack(
                    "for key agreement",
                    Reason.KEY_USAGE,
                    c -> c.extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement))),
            attack(
                    "key usage with a zero too many",
                    Reason.KEY_USAGE,
                    c -> c.extension(Extension.keyUsage, true, new byte[] {3, 2, 0, (byte) 0x80})),
            attack("no extended key usage", Reason.EXTENDED_KEY_USAGE, c -> c.remove(Extension.extendedKeyUsage)),
            attack(
                    "a server",
                    Reason.EXTENDED_KEY_USAGE,
                    c -> c.extension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))),
            attack(
                    "a client and a server",
                    Reason.EXTENDED_KEY_USAGE,
                    c -> c.extension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                    }))),
            attack(
                    "for anything",
                    Reason.EXTENDED_KEY_USAGE,
                    c -> c.extension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage))),
            attack("no alternative name", Reason.ALTERNATIVE_NAME, c -> c.remove(Extension.subjectAlternativeName)),
            attack("no name in it", Reason.ALTERNATIVE_NAME, c -> c.names()),
            attack("two URIs", Reason.ALTERNATIVE_NAME, c -> c.names(uri(Issued.ID.toString()), uri("spiffe://x"))),
            attack(
                    "the same URI twice",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.names(uri(Issued.ID.toString()), uri(Issued.ID.toString()))),
            attack(
                    "a URI and a host",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.names(uri(Issued.ID.toString()), new GeneralName(GeneralName.dNSName, "gateway"))),
            attack(
                    "a host",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.names(new GeneralName(GeneralName.dNSName, Issued.ID.toString()))),
            attack(
                    "a mail address",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.names(new GeneralName(GeneralName.rfc822Name, Issued.ID.toString()))),
            attack(
                    "a URI in two bytes of length",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.extension(Extension.subjectAlternativeName, true, longForm(Issued.ID.toString()))),
            attack(
                    "a URI and junk",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.extension(
                            Extension.subjectAlternativeName,
                            true,
                            Arrays.copyOf(new GeneralNames(uri(Issued.ID.toString())).getEncoded(), 64))),
            attack(
                    "nested names",
                    Reason.ALTERNATIVE_NAME,
                    c -> c.extension(Extension.subjectAlternativeName, true, nested(500))),
            attack("a web address", Reason.INSTANCE_ID, c -> c.uri("https://lantern.example")),
            attack("the gateway's name", Reason.INSTANCE_ID, c -> c.uri("spiffe://lantern.example/gateway")),
            attack("an id with a slash behind it", Reason.INSTANCE_ID, c -> c.uri(Issued.ID + "/")),
            attack("an id with a zero byte in it", Reason.INSTANCE_ID, c -> c.uri(Issued.ID + "\0.evil")),
            attack(
                    "an id of epoch 03",
                    Reason.INSTANCE_ID,
                    c -> c.uri(Issued.ID.toString().replace("/i/3", "/i/03"))),
            attack("an empty URI", Reason.INSTANCE_ID, c -> c.uri("")),
            attack(
                    "another trust domain",
                    Reason.FOREIGN_DOMAIN,
                    c -> c.uri(Issued.ID.toString().replace("lantern.example", "lantern.exampl"))));

    @Test
    void serial_number_of_twenty_bytes_is_the_longest_that_is_taken() throws Exception {
        issued.authority.refresh(Issued.WITHIN);
        Forged longest = new Forged();
        longest.serial = new ASN1Integer(BigInteger.ONE.shiftLeft(159).subtract(BigInteger.ONE));
        assertThat(issued.authority.verify(List.of(longest.der()))).isInstanceOf(Certified.class);

        longest.serial = new ASN1Integer(BigInteger.ONE.shiftLeft(159));
        assertThat(reason(longest.der())).isEqualTo(Reason.SERIAL);
    }

    @Test
    void every_change_to_a_certificate_is_refused_for_its_reason() throws Exception {
        issued.authority.refresh(Issued.WITHIN);
        assertThat(issued.authority.verify(List.of(new Forged().der())))
                .isInstanceOfSatisfying(
                        Certified.class, certified -> assertThat(certified.id()).isEqualTo(Issued.ID));
        Set<Reason> seen = EnumSet.noneOf(Reason.class);
        for (Attack attack : ATTACKS) {
            Forged forged = new Forged();
            attack.change().to(forged);
            assertThat(reason(forged.der())).as(attack.name()).isEqualTo(attack.reason());
            seen.add(attack.reason());
        }
        System.out.println("certificates: " + ATTACKS.size() + " attacks, " + seen.size() + " reasons");
        assertThat(ATTACKS).hasSizeGreaterThanOrEqualTo(80);
        // What no signed content can have: these are asked for below and in AuthorityTest.
        assertThat(EnumSet.complementOf(EnumSet.copyOf(seen)))
                .containsExactlyInAnyOrder(
                        Reason.CHAIN_LENGTH,
                        Reason.TOO_LARGE,
                        Reason.NOT_DER,
                        Reason.ISSUER_RETIRED,
                        Reason.FOREIGN_AUTHORITY);
    }

    @Test
    void extension_that_is_known_to_nobody_and_not_critical_is_no_reason() throws Exception {
        issued.authority.refresh(Issued.WITHIN);
        Forged forged = new Forged();
        forged.extension(OURS, false, DERNull.INSTANCE);
        assertThat(issued.authority.verify(List.of(forged.der()))).isInstanceOf(Certified.class);
    }

    @Test
    void every_flipped_bit_is_refused() throws Exception {
        byte[] certificate = issued.credentials().certificate();
        EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);
        for (int bit = 0; bit < 8 * certificate.length; bit++) {
            byte[] flipped = certificate.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            CertificateVerdict verdict = issued.authority.verify(List.of(flipped));
            assertThat(verdict).as("bit " + bit).isInstanceOf(Rejected.class);
            seen.add(((Rejected) verdict).reason());
        }
        System.out.println("certificates: " + 8 * certificate.length + " flipped bits refused, for " + seen);
        assertThat(8 * certificate.length).isGreaterThan(3_000);
        assertThat(seen).contains(Reason.SIGNATURE, Reason.MALFORMED);
    }

    @Test
    void every_cut_and_everything_behind_is_refused() throws Exception {
        byte[] certificate = issued.credentials().certificate();
        for (int length = 0; length < certificate.length; length++) {
            assertThat(reason(Arrays.copyOf(certificate, length)))
                    .as(length + " bytes")
                    .isEqualTo(Reason.MALFORMED);
        }
        assertThat(reason(Arrays.copyOf(certificate, certificate.length + 1))).isEqualTo(Reason.MALFORMED);
        assertThat(reason(new byte[4097])).isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(new byte[4096])).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void signatures_of_other_lengths_are_refused() throws Exception {
        issued.authority.refresh(Issued.WITHIN);
        Forged forged = new Forged();
        byte[] signature = forged.signer.sign(forged.content());
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertThat(reason(forged.der(new DERBitString(Arrays.copyOf(signature, length)))))
                    .as(length + " bytes")
                    .isEqualTo(Reason.SIGNATURE);
        }
        assertThat(reason(forged.der(new DERBitString(new byte[64])))).isEqualTo(Reason.SIGNATURE);
        assertThat(reason(forged.der(new DERBitString(even(signature), 1)))).isEqualTo(Reason.SIGNATURE);
        assertThat(reason(forged.der(new DEROctetString(signature)))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void encoding_that_is_not_der_is_refused_though_its_signature_fits() throws Exception {
        issued.authority.refresh(Issued.WITHIN);
        // A boolean that is true by any byte: TRUE is 0xff in DER.
        byte[] content = new Forged().content();
        int at = indexOf(content, new byte[] {1, 1, (byte) 0xff});
        content[at + 2] = 1;
        assertThat(reason(signed(content))).isEqualTo(Reason.NOT_DER);
    }

    @Test
    void nesting_and_lengths_are_stopped_before_a_library_follows_them() throws Exception {
        issued.authority.refresh(Issued.WITHIN);
        assertThat(detail(nested(4000))).isEqualTo("no certificate: elements nest deeper than 16");
        assertThat(detail(new byte[] {0x30, (byte) 0x80, 0, 0}))
                .isEqualTo("no certificate: a length that is indefinite or far too large at offset 1");
        assertThat(detail(new byte[] {0x30, (byte) 0x84, 0x7f, 0x7f, 0x7f, 0x7f}))
                .isEqualTo("no certificate: a length that is indefinite or far too large at offset 1");
        assertThat(detail(new byte[] {0x30, (byte) 0x81, 0x01, 0x05}))
                .isEqualTo("no certificate: a length that could be written shorter at offset 1");
        assertThat(detail(new byte[] {0x30, (byte) 0x82, 0x00, (byte) 0x80}))
                .isEqualTo("no certificate: a length that could be written shorter at offset 1");
        assertThat(detail(new byte[] {0x3f, (byte) 0x81, 0x01, 0x00}))
                .isEqualTo("no certificate: a tag of more than one byte at offset 0");
        assertThat(detail(new byte[] {0x30, 0x03, 0x04, 0x02, 0x00}))
                .isEqualTo("no certificate: an element at offset 2 that ends behind what it is in");
        assertThat(detail(new byte[] {0x30})).isEqualTo("no certificate: the bytes end within an element");
        assertThat(detail(new byte[] {0x30, 0x00, 0x00})).isEqualTo("no certificate: 1 bytes stand behind the element");
        assertThat(detail(new byte[] {0x30, 0x00})).startsWith("no certificate: ");
        assertThat(detail(new byte[] {0x05, 0x00})).startsWith("no certificate: ");
    }

    @Test
    void public_vectors_are_refused_or_accepted_here_as_by_the_verification_itself() throws Exception {
        int cases = 0;
        for (PublicVectors.Case vector : PublicVectors.all()) {
            // The vector's key cannot be made to sign our bytes, so its signature stands behind them and must not fit;
            // and its key, where it is none, cannot get a certificate.
            Forged forged = new Forged();
            forged.key = key(Certificates.ED25519, vector.key());
            Reason reason = reasonOrNull(forged.der());
            assertThat(reason).as(vector.name()).isEqualTo(vector.isKey() ? null : Reason.KEY);
            assertThat(reason(new Forged().der(new DERBitString(vector.signature()))))
                    .as(vector.name())
                    .isEqualTo(Reason.SIGNATURE);
            cases++;
        }
        System.out.println("certificates: " + cases + " public vectors");
        assertThat(cases).isEqualTo(163);
    }

    private Reason reasonOrNull(byte[] der) {
        issued.authority.refresh(Issued.WITHIN);
        return issued.authority.verify(List.of(der)) instanceof Rejected rejected ? rejected.reason() : null;
    }

    private Reason reason(byte[] der) {
        CertificateVerdict verdict = issued.authority.verify(List.of(der));
        assertThat(verdict).isInstanceOf(Rejected.class);
        assertThat(((Rejected) verdict).detail()).isNotBlank().doesNotContain("\0", "\n");
        return ((Rejected) verdict).reason();
    }

    private String detail(byte[] der) {
        Rejected rejected = (Rejected) issued.authority.verify(List.of(der));
        assertThat(rejected.reason()).isEqualTo(Reason.MALFORMED);
        return rejected.detail();
    }

    private static byte[] signed(byte[] content) throws Exception {
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(content);
        List<Byte> body = new ArrayList<>();
        for (byte[] part :
                List.of(content, Certificates.ED25519.getEncoded(), new DERBitString(signature).getEncoded())) {
            for (byte b : part) {
                body.add(b);
            }
        }
        byte[] all = new byte[body.size() + 4];
        all[0] = 0x30;
        all[1] = (byte) 0x82;
        all[2] = (byte) (body.size() >> 8);
        all[3] = (byte) body.size();
        for (int i = 0; i < body.size(); i++) {
            all[i + 4] = body.get(i);
        }
        return all;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    private static Attack attack(String name, Reason reason, Change change) {
        return new Attack(name, reason, change);
    }

    private static DERTaggedObject uniqueId(int tag) {
        return new DERTaggedObject(false, tag, new DERBitString(new byte[] {1}));
    }

    private static AlgorithmIdentifier withNull() {
        return new AlgorithmIdentifier(Certificates.ED25519.getAlgorithm(), DERNull.INSTANCE);
    }

    private static SubjectPublicKeyInfo key(AlgorithmIdentifier algorithm, byte[] bytes) {
        return new SubjectPublicKeyInfo(algorithm, bytes);
    }

    private static byte[] point(int y) {
        byte[] point = new byte[32];
        point[0] = (byte) y;
        return point;
    }

    /** With a last bit that can be left out. */
    private static byte[] even(byte[] bytes) {
        byte[] even = bytes.clone();
        even[even.length - 1] &= (byte) 0xfe;
        return even;
    }

    private static GeneralName uri(String text) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, new DERIA5String(text));
    }

    private static byte[] longForm(String uri) {
        byte[] text = uri.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] der = new byte[text.length + 5];
        der[0] = 0x30;
        der[1] = (byte) (text.length + 3);
        der[2] = (byte) 0x86;
        der[3] = (byte) 0x81;
        der[4] = (byte) text.length;
        System.arraycopy(text, 0, der, 5, text.length);
        return der;
    }

    /** So many bytes of sequences in sequences. */
    private static byte[] nested(int bytes) {
        byte[] der = {0x30, 0};
        while (der.length < bytes) {
            int length = der.length;
            byte[] head = length < 128
                    ? new byte[] {0x30, (byte) length}
                    : length < 256
                            ? new byte[] {0x30, (byte) 0x81, (byte) length}
                            : new byte[] {0x30, (byte) 0x82, (byte) (length >> 8), (byte) length};
            byte[] outer = Arrays.copyOf(head, head.length + length);
            System.arraycopy(der, 0, outer, head.length, length);
            der = outer;
        }
        return der;
    }
}
