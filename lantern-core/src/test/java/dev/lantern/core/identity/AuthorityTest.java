package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.identity.CertificateVerdict.Certified;
import dev.lantern.core.identity.CertificateVerdict.Reason;
import dev.lantern.core.identity.CertificateVerdict.Rejected;
import dev.lantern.core.identity.TokenVerdict.Verified;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.io.ByteArrayInputStream;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorityTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Issued issued = Issued.byOneKey();

    @Test
    void instance_gets_a_certificate_and_a_token_of_one_key_for_fifteen_minutes() {
        IssuedCredentials credentials = issued.credentials();

        assertThat(credentials.notAfter()).isEqualTo(Issued.NOW.plus(Duration.ofMinutes(15)));
        assertThat(credentials.renewAfter()).isEqualTo(Issued.NOW.plus(Duration.ofMinutes(10)));
        assertThat(verify(credentials))
                .isEqualTo(new Certified(Issued.ID, Issued.INSTANCE.key(), credentials.notAfter()));
        Verified token = (Verified) verifyToken(credentials);
        assertThat(token.id()).isEqualTo(Issued.ID);
        assertThat(token.claims()).isEqualTo(Issued.CLAIMS);
        assertThat(token.key()).isEqualTo(Issued.INSTANCE.key());
        assertThat(token.issuedAt()).isEqualTo(Issued.NOW);
        assertThat(token.expiresAt()).isEqualTo(credentials.notAfter());
        assertThat(credentials.toString()).doesNotContain(credentials.token()).contains(credentials.notAfter() + "");
    }

    @Test
    void token_says_what_stands_in_the_documentation_and_nothing_else() {
        String[] parts = issued.credentials().token().split("\\.");
        assertThat(text(parts[0]))
                .isEqualTo("{\"alg\":\"EdDSA\",\"kid\":\"" + Keys.id(TestSigner.RFC8032_TEST_1)
                        + "\",\"typ\":\"wit+jwt\"}");
        assertThat(text(parts[1]))
                .isEqualTo("{\"cnf\":{\"jwk\":{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"kty\":\"OKP\","
                        + "\"x\":\"_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU\"}},\"exp\":1770725700,\"iat\":1770724800,"
                        + "\"iss\":\"lantern:lantern.example\",\"jti\":\"AgICAgICAgICAgICAgICAg\","
                        + "\"lantern.dev/instance\":{\"agent\":\"triage\",\"epoch\":3,\"handler\":\"gvisor\",\"image\":\""
                        + Issued.CLAIMS.image().orElseThrow()
                        + "\",\"isolation\":\"untrusted\",\"pod\":{\"name\":\"ln-abc-xyz\",\"namespace\":\"agents\","
                        + "\"node\":\"node-1\",\"uid\":\"2f8b5c1e-0000-4000-8000-000000000001\"},\"run\":\"ticket-4711\",\"spec\":\""
                        + Issued.CLAIMS.spec()
                        + "\",\"tenant\":\"acme\"},\"nbf\":1770724800,"
                        + "\"sub\":\"spiffe://lantern.example/t/acme/a/triage/r/ticket-4711/i/3\"}");
    }

    @Test
    void what_is_not_known_of_an_instance_is_left_out() {
        InstanceClaims claims =
                InstanceClaims.of(Issued.CLAIMS.spec(), Issued.CLAIMS.isolation(), Issued.CLAIMS.handler());
        IssuedCredentials credentials =
                issued.authority.issue(Issued.ID, Issued.INSTANCE.key().bytes(), claims, Issued.WITHIN);

        assertThat(text(credentials.token().split("\\.")[1])).doesNotContain("pod", "image");
        assertThat(((Verified) verifyToken(credentials)).claims()).isEqualTo(claims);
    }

    @Test
    void longest_names_make_credentials_that_are_still_accepted() {
        String longest = "a".repeat(128);
        Issued issued = new Issued(Keys.one());
        InstanceId id = new InstanceId(Issued.DOMAIN, longest, "a".repeat(63), longest, Integer.MAX_VALUE);
        String name = "n".repeat(253);
        InstanceClaims claims = Issued.CLAIMS.withPod(new InstanceClaims.Pod(name, name, name, name));
        IssuedCredentials credentials =
                issued.authority.issue(id, Issued.INSTANCE.key().bytes(), claims, Issued.WITHIN);

        assertThat(issued.authority.verify(List.of(credentials.certificate())))
                .isEqualTo(new Certified(id, Issued.INSTANCE.key(), credentials.notAfter()));
        assertThat(InstanceTokens.verify(credentials.token(), issued.authority.trusted(), Issued.NOW))
                .isInstanceOf(Verified.class);
    }

    @Test
    void chain_with_the_authority_behind_the_leaf_is_taken_and_every_other_one_is_not() {
        IssuedCredentials credentials = issued.credentials();
        byte[] leaf = credentials.certificate();
        byte[] authority = credentials.authorities().get(0);

        assertThat(issued.authority.verify(List.of(leaf, authority))).isInstanceOf(Certified.class);
        assertThat(reason(List.of(leaf, leaf))).isEqualTo(Reason.FOREIGN_AUTHORITY);
        assertThat(reason(List.of(leaf, new byte[] {0x30, 0}))).isEqualTo(Reason.MALFORMED);
        assertThat(reason(List.of(leaf, authority, authority))).isEqualTo(Reason.CHAIN_LENGTH);
        assertThat(reason(List.of())).isEqualTo(Reason.CHAIN_LENGTH);
    }

    @Test
    void certificate_is_taken_up_to_the_second_at_which_it_ends_and_from_the_one_at_which_it_begins() {
        IssuedCredentials credentials = issued.credentials();

        issued.now.set(credentials.notAfter());
        assertThat(verify(credentials)).isInstanceOf(Certified.class);
        issued.now.set(credentials.notAfter().plusNanos(1));
        assertThat(reason(List.of(credentials.certificate()))).isEqualTo(Reason.EXPIRED);
        issued.now.set(Issued.NOW.minus(Authority.SKEW));
        assertThat(verify(credentials)).isInstanceOf(Certified.class);
        issued.now.set(Issued.NOW.minus(Authority.SKEW).minusNanos(1));
        assertThat(reason(List.of(credentials.certificate()))).isEqualTo(Reason.NOT_YET_VALID);
    }

    @Test
    void token_is_taken_from_the_second_at_which_it_was_issued_to_the_one_before_it_ends() {
        IssuedCredentials credentials = issued.credentials();

        issued.now.set(credentials.notAfter().minusNanos(1));
        assertThat(verifyToken(credentials)).isInstanceOf(Verified.class);
        issued.now.set(credentials.notAfter());
        assertThat(((TokenVerdict.Rejected) verifyToken(credentials)).reason()).isEqualTo(TokenVerdict.Reason.EXPIRED);
        issued.now.set(Issued.NOW.minusNanos(1));
        assertThat(((TokenVerdict.Rejected) verifyToken(credentials)).reason())
                .isEqualTo(TokenVerdict.Reason.NOT_YET_VALID);
    }

    @Test
    void before_keys_were_read_nobody_is_believed_and_nothing_is_published() {
        byte[] certificate = issued.credentials().certificate();
        Authority fresh = new Issued(Keys.one()).authority;

        assertThat(fresh.verify(List.of(certificate)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(Reason.ISSUER_UNKNOWN));
        assertThatThrownBy(fresh::jwks)
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "asking for the keys of trust domain lantern.example: none were read yet; call refresh before");
        assertThatThrownBy(fresh::trusted).hasMessageContaining("none were read yet");
        fresh.refresh(Issued.WITHIN);
        assertThat(fresh.jwks()).contains(Keys.id(TestSigner.RFC8032_TEST_1));
    }

    @Test
    void two_hosts_make_the_same_authority_certificates_and_a_key_set_of_public_members_only() {
        issued.authority.refresh(Issued.WITHIN);
        Issued other = new Issued(Keys.one());
        other.pass(HOUR);

        List<byte[]> authorities = issued.authority.authorities(Issued.WITHIN);
        assertThat(authorities).hasSize(1);
        assertThat(other.authority.authorities(Issued.WITHIN).get(0)).isEqualTo(authorities.get(0));
        assertThat(issued.authority.jwks())
                .isEqualTo(
                        "{\"keys\":[{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"kid\":\""
                                + Keys.id(TestSigner.RFC8032_TEST_1)
                                + "\",\"kty\":\"OKP\",\"use\":\"sig\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}");
    }

    @Test
    void keys_that_did_not_change_are_not_signed_for_again() {
        issued.authority.refresh(Issued.WITHIN);
        int before = issued.keys.signatures;
        issued.authority.refresh(Issued.WITHIN);
        issued.authority.authorities(Issued.WITHIN);
        assertThat(issued.keys.signatures).isEqualTo(before);
        issued.credentials();
        assertThat(issued.keys.signatures).isEqualTo(before + 2);
    }

    /** One minute at a time over the whole of a rotation: somebody signs, it is one key, and what it signed is believed. */
    @Test
    void rotation_with_overlap_cuts_nobody_off() {
        Instant takesOver = Issued.NOW.plus(HOUR);
        Instant gone = takesOver.plus(HOUR);
        rotate(takesOver, gone);
        List<byte[]> before = issued.authority.authorities(Issued.WITHIN);
        assertThat(before).hasSize(2);
        int seen = 0;
        for (Instant t = Issued.NOW; t.isBefore(gone.plus(HOUR)); t = t.plus(Duration.ofMinutes(1))) {
            issued.now.set(t);
            IssuedCredentials credentials = issued.credentials();
            assertThat(verify(credentials)).as("issued at " + t).isInstanceOf(Certified.class);
            assertThat(verifyToken(credentials)).as("issued at " + t).isInstanceOf(Verified.class);
            TestSigner signer = t.isBefore(takesOver) ? TestSigner.RFC8032_TEST_1 : TestSigner.RFC8032_TEST_2;
            assertThat(text(credentials.token().split("\\.")[0])).contains(Keys.id(signer));
            assertThat(credentials.authorities()).hasSize(t.isBefore(gone) ? 2 : 1);
            issued.now.set(t.plus(Duration.ofMinutes(15)));
            assertThat(verify(credentials))
                    .as("issued at " + t + ", at its end")
                    .isInstanceOf(Certified.class);
            seen++;
        }
        System.out.println("authority: " + seen + " moments of a rotation");
        assertThat(seen).isGreaterThanOrEqualTo(180);
        assertThat(issued.authority.jwks()).doesNotContain(Keys.id(TestSigner.RFC8032_TEST_1));
    }

    @Test
    void gateway_certificate_never_outlives_the_trust_in_its_key() {
        Instant takesOver = Issued.NOW.plus(HOUR);
        rotate(takesOver, takesOver.plus(HOUR));
        issued.now.set(takesOver.minusSeconds(1));
        GatewayCredentials credentials = issued.authority.gateway(Issued.WITHIN);

        assertThat(credentials.keyId()).isEqualTo(Keys.id(TestSigner.RFC8032_TEST_1));
        assertThat(credentials.notAfter()).isBefore(takesOver.plus(HOUR));
    }

    @Test
    void key_whose_time_is_over_is_not_believed_whether_the_store_was_read_again_or_not() {
        Instant takesOver = Issued.NOW.plus(HOUR);
        rotate(takesOver, takesOver.plusSeconds(60));
        issued.now.set(takesOver.minusSeconds(1));
        IssuedCredentials credentials = issued.credentials();
        assertThat(verify(credentials)).isInstanceOf(Certified.class);

        issued.now.set(takesOver.plusSeconds(60));
        assertThat(reason(List.of(credentials.certificate()))).isEqualTo(Reason.ISSUER_RETIRED);
        assertThat(((TokenVerdict.Rejected) verifyToken(credentials)).reason())
                .isEqualTo(TokenVerdict.Reason.KEY_RETIRED);
    }

    @Test
    void key_that_was_taken_out_is_not_believed_from_the_next_reading_on() {
        IssuedCredentials credentials = issued.credentials();
        issued.keys.with(
                TestSigner.RFC8032_TEST_2,
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_2), Keys.MADE, Keys.MADE));
        issued.keys.remove(TestSigner.RFC8032_TEST_1);
        assertThat(verify(credentials)).isInstanceOf(Certified.class);

        issued.authority.refresh(Issued.WITHIN);
        assertThat(reason(List.of(credentials.certificate()))).isEqualTo(Reason.ISSUER_UNKNOWN);
        assertThat(((TokenVerdict.Rejected) verifyToken(credentials)).reason())
                .isEqualTo(TokenVerdict.Reason.KEY_UNKNOWN);
    }

    /** A reading that began before a key was taken out ends after one that began later. */
    @Test
    void slow_reading_does_not_bring_a_removed_key_back() {
        IssuedCredentials credentials = issued.credentials();
        AuthorityKey next =
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_2), Keys.MADE, Issued.NOW.plus(HOUR));
        issued.keys.with(
                TestSigner.RFC8032_TEST_1,
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_1), Keys.MADE, Keys.MADE)
                        .signingUntil(Issued.NOW.plus(HOUR)));
        issued.keys.beforeSigning(() -> {
            issued.keys.beforeSigning(() -> {});
            issued.keys.remove(TestSigner.RFC8032_TEST_1);
            issued.keys.with(TestSigner.RFC8032_TEST_2, next);
            issued.authority.refresh(Issued.WITHIN);
        });
        issued.authority.refresh(Issued.WITHIN);

        assertThat(reason(List.of(credentials.certificate()))).isEqualTo(Reason.ISSUER_UNKNOWN);
    }

    @Test
    void nothing_is_issued_while_no_key_signs() {
        issued.keys.with(
                TestSigner.RFC8032_TEST_1,
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_1), Keys.MADE, Issued.NOW.plus(HOUR)));

        assertThatThrownBy(issued::credentials)
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith(
                        "signing for trust domain lantern.example at 2026-02-10T12:00:00Z: no key of the"
                                + " authority signs then, of [AuthorityKey[")
                .hasMessageEndingWith("rotate the key store so that one does");
        assertThatThrownBy(() -> issued.authority.gateway(Issued.WITHIN))
                .hasMessageContaining("no key of the authority");
    }

    @Test
    void two_keys_that_sign_at_one_moment_are_refused() {
        issued.keys.with(
                TestSigner.RFC8032_TEST_2,
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_2), Keys.MADE, Keys.MADE.plus(HOUR)));

        assertThatThrownBy(issued::credentials)
                .hasMessage("authority keys " + Keys.id(TestSigner.RFC8032_TEST_1) + " and "
                        + Keys.id(TestSigner.RFC8032_TEST_2)
                        + " both sign at 2026-01-31T13:00:00Z; let the one stop when the other begins");
    }

    /** Its times would be those of whichever was read last. */
    @Test
    void key_that_stands_there_twice_is_refused_though_its_times_follow_each_other() {
        AuthorityKey key = AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_1), Keys.MADE, Keys.MADE);
        AuthorityKey again = AuthorityKey.of(key.publicKey(), Keys.MADE, Issued.NOW.plus(HOUR));

        assertThatThrownBy(() -> TrustedKeys.of(
                        Issued.DOMAIN, List.of(key.retired(Issued.NOW.plus(HOUR), Issued.NOW.plus(HOUR)), again)))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("authority key " + key.keyId() + " stands there twice; say its times once");
    }

    @Test
    void authority_key_that_is_no_key_is_refused() {
        byte[] smallOrder = new byte[32];
        smallOrder[0] = 1;
        assertThatThrownBy(
                        () -> TrustedKeys.of(Issued.DOMAIN, List.of(AuthorityKey.of(smallOrder, Keys.MADE, Keys.MADE))))
                .hasMessageStartingWith("authority key " + AuthorityKey.thumbprint(smallOrder))
                .hasMessageContaining("prime order");
    }

    @Test
    void store_that_signs_wrongly_is_an_error_and_nothing_leaves() {
        List<Issued> broken = List.of(
                new Issued(Keys.one().failing((message, signature) -> TestSigner.RFC8032_TEST_2.sign(message))),
                new Issued(Keys.one().failing((message, signature) -> Arrays.copyOf(signature, 65))),
                new Issued(Keys.one().failing((message, signature) -> new byte[0])),
                new Issued(Keys.one().failing((message, signature) -> {
                    message[0] ^= 1;
                    return TestSigner.RFC8032_TEST_1.sign(message);
                })));
        for (Issued one : broken) {
            assertThatThrownBy(one::credentials)
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("signing with authority key " + Keys.id(TestSigner.RFC8032_TEST_1))
                    .hasMessageContaining("is not this key's Ed25519 signature");
            assertThatThrownBy(() -> one.authority.gateway(Issued.WITHIN)).hasMessageContaining("is not this key's");
            assertThatThrownBy(() -> one.authority.authorities(Issued.WITHIN))
                    .hasMessageContaining("is not this key's");
        }
    }

    @Test
    void instance_of_another_domain_and_a_key_that_is_none_get_nothing() {
        InstanceId foreign = new InstanceId(new TrustDomain("other"), "acme", "triage", "ticket-4711", 3);
        byte[] key = Issued.INSTANCE.key().bytes();

        assertThatThrownBy(() -> issued.authority.issue(foreign, key, Issued.CLAIMS, Issued.WITHIN))
                .hasMessage("issuing credentials to spiffe://other/t/acme/a/triage/r/ticket-4711/i/3: this authority is"
                        + " that of lantern.example");
        assertThatThrownBy(() -> issued.authority.issue(Issued.ID, new byte[32], Issued.CLAIMS, Issued.WITHIN))
                .hasMessageContaining("prime order");
        assertThatThrownBy(() -> issued.authority.issue(Issued.ID, new byte[33], Issued.CLAIMS, Issued.WITHIN))
                .hasMessageContaining("has 32 bytes, found 33");
    }

    @Test
    void gateway_gets_a_fresh_key_and_the_certificate_of_a_server() throws Exception {
        GatewayCredentials credentials = issued.authority.gateway(Issued.WITHIN);
        X509Certificate leaf = credentials.chain().get(0);

        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, "spiffe://lantern.example/gateway"));
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(credentials.chain().get(1).getEncoded())
                .isEqualTo(issued.authority.authorities(Issued.WITHIN).get(0));
        assertThat(Duration.between(Issued.NOW, credentials.notAfter())).isEqualTo(HOUR);
        assertThat(credentials.renewAfter()).isEqualTo(Issued.NOW.plus(Duration.ofMinutes(40)));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(credentials.privateKey());
        signer.update(new byte[] {1, 2, 3});
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(leaf.getPublicKey());
        verifier.update(new byte[] {1, 2, 3});
        assertThat(verifier.verify(signature)).isTrue();
        assertThat(issued.authority.gateway(Issued.WITHIN).chain().get(0).getPublicKey())
                .isNotEqualTo(leaf.getPublicKey());
        // The seeds of this test are bytes that repeat.
        assertThat(credentials.toString()).doesNotContain(HexFormat.of().formatHex(new byte[] {1, 1, 1, 1}));
    }

    @Test
    void seed_of_a_gateways_key_is_wiped() {
        List<byte[]> drawn = new ArrayList<>();
        Authority authority = Authority.of(Keys.one(), Issued.DOMAIN, issued.now::get, length -> {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) 7);
            drawn.add(bytes);
            return bytes;
        });

        authority.gateway(Issued.WITHIN);

        assertThat(drawn.get(0)).as("the seed").hasSize(32).containsOnly(0);
    }

    @Test
    void gateway_shows_what_the_key_that_signs_has_signed_and_takes_another_at_two_thirds() {
        GatewayCredentials credentials = issued.authority.gateway(Issued.WITHIN);
        issued.now.set(credentials.renewAfter().minusNanos(1));
        assertThat(issued.authority.isCurrent(credentials)).isTrue();
        issued.now.set(credentials.renewAfter());
        assertThat(issued.authority.isCurrent(credentials)).isFalse();

        issued.now.set(Issued.NOW);
        rotate(Issued.NOW.plusSeconds(60), Issued.NOW.plus(HOUR));
        issued.authority.refresh(Issued.WITHIN);
        assertThat(issued.authority.isCurrent(credentials)).isTrue();
        issued.now.set(Issued.NOW.plusSeconds(60));
        assertThat(issued.authority.isCurrent(credentials)).isFalse();
    }

    /** Whatever chance gives: a serial number that is not positive, or zero, is refused by every verifier. */
    @Test
    void serial_numbers_are_positive_and_of_one_length() throws Exception {
        for (int each : new int[] {0x00, 0x3f, 0x40, 0x7f, 0x80, 0xff}) {
            Authority authority = Authority.of(Keys.one(), Issued.DOMAIN, issued.now::get, length -> {
                byte[] bytes = new byte[length];
                Arrays.fill(bytes, (byte) each);
                return bytes;
            });
            X509Certificate leaf = read(authority
                    .issue(Issued.ID, Issued.INSTANCE.key().bytes(), Issued.CLAIMS, Issued.WITHIN)
                    .certificate());
            assertThat(leaf.getSerialNumber().signum()).isPositive();
            assertThat(leaf.getSerialNumber().bitLength()).isEqualTo(127);
        }
    }

    /** RFC 5280, 4.2.1.2: who looks for certificates by their key finds an instance's. */
    @Test
    void certificates_name_their_own_key_and_their_issuers() throws Exception {
        X509Certificate leaf = read(issued.credentials().certificate());

        assertThat(leaf.getExtensionValue("2.5.29.14"))
                .isEqualTo(wrapped("0420", Certificates.identifier(Keys.id(Issued.INSTANCE))));
        assertThat(leaf.getExtensionValue("2.5.29.35"))
                .isEqualTo(wrapped("30228020", Certificates.identifier(Keys.id(TestSigner.RFC8032_TEST_1))));
    }

    @Test
    void gateway_is_no_instance() throws Exception {
        byte[] leaf = issued.authority.gateway(Issued.WITHIN).chain().get(0).getEncoded();
        assertThat(reason(List.of(leaf))).isEqualTo(Reason.LIFETIME);
    }

    @Test
    void serial_numbers_and_token_ids_differ_from_one_issue_to_the_next() throws Exception {
        IssuedCredentials one = issued.credentials();
        IssuedCredentials two = issued.credentials();

        assertThat(one.certificate()).isNotEqualTo(two.certificate());
        assertThat(((Verified) verifyToken(one)).tokenId()).isNotEqualTo(((Verified) verifyToken(two)).tokenId());
    }

    private static X509Certificate read(byte[] der) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** In an octet string, as extensions are. */
    private static byte[] wrapped(String head, byte[] identifier) {
        String value = head + HexFormat.of().formatHex(identifier);
        return HexFormat.of().parseHex("04" + String.format("%02x", value.length() / 2) + value);
    }

    private void rotate(Instant takesOver, Instant gone) {
        issued.keys.with(
                TestSigner.RFC8032_TEST_1,
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_1), Keys.MADE, Keys.MADE)
                        .retired(takesOver, gone));
        issued.keys.with(
                TestSigner.RFC8032_TEST_2,
                AuthorityKey.of(Keys.publicKey(TestSigner.RFC8032_TEST_2), Issued.NOW, takesOver));
    }

    private CertificateVerdict verify(IssuedCredentials credentials) {
        return issued.authority.verify(List.of(credentials.certificate()));
    }

    private TokenVerdict verifyToken(IssuedCredentials credentials) {
        return InstanceTokens.verify(credentials.token(), issued.authority.trusted(), issued.now.get());
    }

    private Reason reason(List<byte[]> chain) {
        return ((Rejected) issued.authority.verify(chain)).reason();
    }

    private static String text(String part) {
        return new String(java.util.Base64.getUrlDecoder().decode(part), java.nio.charset.StandardCharsets.UTF_8);
    }
}
