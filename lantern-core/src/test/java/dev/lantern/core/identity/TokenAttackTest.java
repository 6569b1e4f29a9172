package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.identity.TokenVerdict.Reason;
import dev.lantern.core.identity.TokenVerdict.Rejected;
import dev.lantern.core.identity.TokenVerdict.Verified;
import dev.lantern.identity.AuthorityKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenAttackTest {
    private static final TestSigner AUTHORITY = TestSigner.RFC8032_TEST_1;
    private static final String KID = Keys.id(AUTHORITY);
    private static final String ALG = "\"alg\":\"EdDSA\"";
    private static final String X = "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU";

    private final Issued issued = Issued.byOneKey();
    private String header = "";
    private String payload = "";
    private String token = "";

    @BeforeEach
    void issue() {
        token = issued.credentials().token();
        header = text(token.split("\\.")[0]);
        payload = text(token.split("\\.")[1]);
    }

    /** A part of a text, what stands there instead, and the one reason for which it must be refused. */
    record Attack(String name, Reason reason, String what, String instead) {
        String on(String text) {
            assertThat(text).as(name).contains(what);
            return text.replace(what, instead);
        }
    }

    /** What can stand in a header, under a signature of the authority's own key. */
    private static final List<Attack> HEADERS = List.of(
            header("alg none", Reason.ALGORITHM, ALG, "\"alg\":\"none\""),
            header("alg None", Reason.ALGORITHM, ALG, "\"alg\":\"None\""),
            header("alg NONE", Reason.ALGORITHM, ALG, "\"alg\":\"NONE\""),
            header("alg empty", Reason.ALGORITHM, ALG, "\"alg\":\"\""),
            header("alg HS256", Reason.ALGORITHM, ALG, "\"alg\":\"HS256\""),
            header("alg HS512", Reason.ALGORITHM, ALG, "\"alg\":\"HS512\""),
            header("alg RS256", Reason.ALGORITHM, ALG, "\"alg\":\"RS256\""),
            header("alg PS256", Reason.ALGORITHM, ALG, "\"alg\":\"PS256\""),
            header("alg ES256", Reason.ALGORITHM, ALG, "\"alg\":\"ES256\""),
            header("alg ES256K", Reason.ALGORITHM, ALG, "\"alg\":\"ES256K\""),
            header("alg Ed448", Reason.ALGORITHM, ALG, "\"alg\":\"Ed448\""),
            header("alg Ed25519ph", Reason.ALGORITHM, ALG, "\"alg\":\"Ed25519ph\""),
            header("alg eddsa", Reason.ALGORITHM, ALG, "\"alg\":\"eddsa\""),
            header("alg EDDSA", Reason.ALGORITHM, ALG, "\"alg\":\"EDDSA\""),
            header("alg ed25519", Reason.ALGORITHM, ALG, "\"alg\":\"ed25519\""),
            header("alg with a blank", Reason.ALGORITHM, ALG, "\"alg\":\"EdDSA \""),
            header("alg with a zero byte", Reason.ALGORITHM, ALG, "\"alg\":\"EdDSA\\u0000\""),
            header("alg in Cyrillic", Reason.ALGORITHM, ALG, "\"alg\":\"\\u0415dDSA\""),
            header("alg a number", Reason.ALGORITHM, ALG, "\"alg\":1"),
            header("alg a list", Reason.ALGORITHM, ALG, "\"alg\":[\"EdDSA\"]"),
            header("alg an object", Reason.ALGORITHM, ALG, "\"alg\":{\"x\":\"EdDSA\"}"),
            header("alg true", Reason.ALGORITHM, ALG, "\"alg\":true"),
            header("no alg", Reason.ALGORITHM, ALG + ",", ""),
            header("alg null", Reason.HEADER, ALG, "\"alg\":null"),
            header("alg twice", Reason.HEADER, ALG, ALG + "," + ALG),
            header("alg twice, once escaped", Reason.HEADER, ALG, ALG + ",\"\\u0061lg\":\"none\""),
            header("Alg beside it", Reason.HEADER_MEMBER, ALG, ALG + ",\"Alg\":\"none\""),
            header(
                    "jwk",
                    Reason.HEADER_MEMBER,
                    ALG,
                    ALG + ",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X + "\"}"),
            header("jku", Reason.HEADER_MEMBER, ALG, ALG + ",\"jku\":\"https://evil.example/jwks\""),
            header("x5u", Reason.HEADER_MEMBER, ALG, ALG + ",\"x5u\":\"https://evil.example/chain\""),
            header("x5c", Reason.HEADER_MEMBER, ALG, ALG + ",\"x5c\":[\"MIIB\"]"),
            header("x5t", Reason.HEADER_MEMBER, ALG, ALG + ",\"x5t\":\"AAAA\""),
            header("x5t#S256", Reason.HEADER_MEMBER, ALG, ALG + ",\"x5t#S256\":\"AAAA\""),
            header("crit", Reason.HEADER_MEMBER, ALG, ALG + ",\"crit\":[\"exp\"]"),
            header("crit, empty", Reason.HEADER_MEMBER, ALG, ALG + ",\"crit\":[]"),
            header("b64 false", Reason.HEADER_MEMBER, ALG, ALG + ",\"b64\":false"),
            header("b64 true", Reason.HEADER_MEMBER, ALG, ALG + ",\"b64\":true"),
            header("b64 and crit", Reason.HEADER_MEMBER, ALG, ALG + ",\"b64\":false,\"crit\":[\"b64\"]"),
            header("cty", Reason.HEADER_MEMBER, ALG, ALG + ",\"cty\":\"JWT\""),
            header("zip", Reason.HEADER_MEMBER, ALG, ALG + ",\"zip\":\"DEF\""),
            header("enc", Reason.HEADER_MEMBER, ALG, ALG + ",\"enc\":\"A128GCM\""),
            header("iss in the header", Reason.HEADER_MEMBER, ALG, ALG + ",\"iss\":\"x\""),
            header("no typ", Reason.TYPE, ",\"typ\":\"wit+jwt\"", ""),
            header("typ JWT", Reason.TYPE, "wit+jwt", "JWT"),
            header("typ at+jwt", Reason.TYPE, "wit+jwt", "at+jwt"),
            header("typ of a proof", Reason.TYPE, "wit+jwt", "wpt+jwt"),
            header("typ in capitals", Reason.TYPE, "wit+jwt", "WIT+JWT"),
            header("typ in full", Reason.TYPE, "wit+jwt", "application/wit+jwt"),
            header("typ a list", Reason.TYPE, "\"wit+jwt\"", "[\"wit+jwt\"]"),
            header("no kid", Reason.KEY_ID, "\"kid\":\"" + KID + "\",", ""),
            header("kid empty", Reason.KEY_ID, KID, ""),
            header("kid too short", Reason.KEY_ID, KID, KID.substring(1)),
            header("kid too long", Reason.KEY_ID, KID, KID + "A"),
            header("kid very long", Reason.HEADER, KID, "A".repeat(2000)),
            header("kid a path", Reason.KEY_ID, KID, "../../../../../../../../../../../../etc/passwd"),
            header("kid a path of the right length", Reason.KEY_ID, KID, "../../../../../../../../../../../../dev/nul"),
            header("kid an address", Reason.KEY_ID, KID, "https://evil.example/key"),
            header("kid for a database", Reason.KEY_ID, KID, "x' union select 'key"),
            header("kid with a line end", Reason.KEY_ID, KID, KID.substring(1) + "\\n"),
            header("kid with a zero byte", Reason.KEY_ID, KID, KID.substring(1) + "\\u0000"),
            header("kid padded", Reason.KEY_ID, KID, KID + "="),
            header("kid a number", Reason.KEY_ID, "\"" + KID + "\"", "1"),
            header("kid of another key", Reason.KEY_UNKNOWN, KID, Keys.id(TestSigner.RFC8032_TEST_2)),
            header("kid in another case", Reason.KEY_UNKNOWN, KID, swapped(KID)),
            header("a list", Reason.HEADER, "{" + ALG, "[{" + ALG),
            header("a text behind", Reason.HEADER, "}", "} " + "x"),
            header("another document behind", Reason.HEADER, "}", "}{}"),
            header("a comment", Reason.HEADER, "{", "/**/{"),
            header("a byte order mark", Reason.HEADER, "{", "\ufeff{"),
            header("a trailing comma", Reason.HEADER, "}", ",}"),
            header("cut", Reason.HEADER, "}", ""),
            header("nested", Reason.HEADER, ALG, "\"alg\":" + "[".repeat(400) + "]".repeat(400)));

    /** What can stand in a payload, under a signature of the authority's own key. */
    private static final List<Attack> PAYLOADS = List.of(
            claim("aud", Reason.CLAIM_UNKNOWN, "\"exp\"", "\"aud\":\"x\",\"exp\""),
            claim("scope", Reason.CLAIM_UNKNOWN, "\"exp\"", "\"scope\":\"admin\",\"exp\""),
            claim("Sub beside sub", Reason.CLAIM_UNKNOWN, "\"exp\"", "\"Sub\":\"x\",\"exp\""),
            claim("exp twice", Reason.PAYLOAD, "\"exp\"", "\"exp\":1,\"exp\""),
            claim("exp twice, once escaped", Reason.PAYLOAD, "\"exp\"", "\"\\u0065xp\":1,\"exp\""),
            claim("sub twice", Reason.PAYLOAD, "\"sub\"", "\"sub\":\"x\",\"sub\""),
            claim("no exp", Reason.CLAIM_MISSING, "\"exp\":1770725700,", ""),
            claim("no iat", Reason.CLAIM_MISSING, "\"iat\":1770724800,", ""),
            claim("no nbf", Reason.CLAIM_MISSING, "\"nbf\":1770724800,", ""),
            claim("no jti", Reason.CLAIM_MISSING, "\"jti\":\"AgICAgICAgICAgICAgICAg\",", ""),
            claim("no iss", Reason.CLAIM_MISSING, "\"iss\":\"lantern:lantern.example\",", ""),
            claim("no sub", Reason.CLAIM_MISSING, ",\"sub\":\"" + Issued.ID + "\"", ""),
            claim("no epoch", Reason.CLAIM_MISSING, "\"epoch\":3,", ""),
            claim("no tenant", Reason.CLAIM_MISSING, ",\"tenant\":\"acme\"", ""),
            claim("no spec", Reason.CLAIM_MISSING, "\"spec\":\"" + Issued.CLAIMS.spec() + "\",", ""),
            claim("no handler", Reason.CLAIM_MISSING, "\"handler\":\"gvisor\",", ""),
            claim("no isolation", Reason.CLAIM_MISSING, "\"isolation\":\"untrusted\",", ""),
            claim("pod without a node", Reason.CLAIM_MISSING, "\"node\":\"node-1\",", ""),
            claim("exp a text", Reason.CLAIM_FORM, "1770725700", "\"1770725700\""),
            claim("exp a fraction", Reason.PAYLOAD, "1770725700", "1770725700.0"),
            claim("exp with an exponent", Reason.PAYLOAD, "1770725700", "17707257e2"),
            claim("exp negative zero", Reason.PAYLOAD, "1770725700", "-0"),
            claim("exp huge", Reason.PAYLOAD, "1770725700", "1e400"),
            claim("exp of 2^53", Reason.PAYLOAD, "1770725700", "9007199254740992"),
            claim("exp of a thousand digits", Reason.PAYLOAD, "1770725700", "9".repeat(1000)),
            claim("exp with a leading zero", Reason.PAYLOAD, "1770725700", "01770725700"),
            claim("exp in hexadecimal", Reason.PAYLOAD, "1770725700", "0x698B2144"),
            claim("exp NaN", Reason.PAYLOAD, "1770725700", "NaN"),
            claim("exp null", Reason.PAYLOAD, "1770725700", "null"),
            claim("exp true", Reason.CLAIM_FORM, "1770725700", "true"),
            claim("exp a list", Reason.CLAIM_FORM, "1770725700", "[1770725700]"),
            claim("iat a text", Reason.CLAIM_FORM, "\"iat\":1770724800", "\"iat\":\"1770724800\""),
            claim("nbf a text", Reason.CLAIM_FORM, "\"nbf\":1770724800", "\"nbf\":\"1770724800\""),
            claim("15 minutes and a second", Reason.LIFETIME, "1770725700", "1770725701"),
            claim("a year", Reason.LIFETIME, "1770725700", "1802260800"),
            claim("for ever", Reason.LIFETIME, "1770725700", "9007199254740991"),
            claim("ends when issued", Reason.LIFETIME, "1770725700", "1770724800"),
            claim("ends before issued", Reason.LIFETIME, "1770725700", "1770724799"),
            claim("ends before time", Reason.LIFETIME, "1770725700", "-9007199254740991"),
            claim("issued in milliseconds", Reason.LIFETIME, "\"iat\":1770724800", "\"iat\":1770724800000"),
            claim("issued a second from now", Reason.NOT_YET_VALID, "\"iat\":1770724800", "\"iat\":1770724801"),
            claim("valid a second from now", Reason.NOT_YET_VALID, "\"nbf\":1770724800", "\"nbf\":1770724801"),
            claim("valid for nobody", Reason.NOT_YET_VALID, "\"nbf\":1770724800", "\"nbf\":9007199254740991"),
            claim(
                    "over",
                    Reason.EXPIRED,
                    "\"exp\":1770725700,\"iat\":1770724800",
                    "\"exp\":1770724800,\"iat\":1770724000"),
            claim("iss of another domain", Reason.ISSUER, "lantern:lantern.example", "lantern:evil.example"),
            claim("iss an address", Reason.ISSUER, "lantern:lantern.example", "https://lantern.example"),
            claim("iss in another case", Reason.ISSUER, "lantern:lantern.example", "lantern:Lantern.example"),
            claim("iss with something behind", Reason.ISSUER, "lantern:lantern.example", "lantern:lantern.example/"),
            claim("iss a list", Reason.CLAIM_FORM, "\"lantern:lantern.example\"", "[\"lantern:lantern.example\"]"),
            claim("sub an address", Reason.SUBJECT, "spiffe://", "https://"),
            claim("sub with a slash behind", Reason.SUBJECT, "/i/3", "/i/3/"),
            claim("sub with a line end", Reason.SUBJECT, "/i/3", "/i/3\\n"),
            claim("sub with an escape", Reason.SUBJECT, "/t/acme", "/t/ac%6de"),
            claim("sub of epoch 03", Reason.SUBJECT, "/i/3", "/i/03"),
            claim("sub the gateway", Reason.SUBJECT, "/t/acme/a/triage/r/ticket-4711/i/3", "/gateway"),
            claim("sub a number", Reason.CLAIM_FORM, "\"" + Issued.ID + "\"", "3"),
            claim("sub of another domain", Reason.FOREIGN_DOMAIN, "spiffe://lantern.example", "spiffe://evil.example"),
            claim("sub of another tenant", Reason.OTHER_INSTANCE, "/t/acme", "/t/acne"),
            claim("sub of another agent", Reason.OTHER_INSTANCE, "/a/triage", "/a/triages"),
            claim("sub of another run", Reason.OTHER_INSTANCE, "/r/ticket-4711", "/r/ticket-4712"),
            claim("sub of another epoch", Reason.OTHER_INSTANCE, "/i/3", "/i/4"),
            claim("claims of another tenant", Reason.OTHER_INSTANCE, "\"tenant\":\"acme\"", "\"tenant\":\"acne\""),
            claim("claims of another agent", Reason.OTHER_INSTANCE, "\"agent\":\"triage\"", "\"agent\":\"Triage\""),
            claim("claims of another run", Reason.OTHER_INSTANCE, "\"run\":\"ticket-4711\"", "\"run\":\"ticket-471\""),
            claim("claims of another epoch", Reason.OTHER_INSTANCE, "\"epoch\":3", "\"epoch\":2"),
            claim("epoch above 2^32", Reason.OTHER_INSTANCE, "\"epoch\":3", "\"epoch\":4294967299"),
            claim("epoch a text", Reason.CLAIM_FORM, "\"epoch\":3", "\"epoch\":\"3\""),
            claim("tenant a list", Reason.CLAIM_FORM, "\"tenant\":\"acme\"", "\"tenant\":[\"acme\"]"),
            claim("claim beside ours", Reason.CLAIM_UNKNOWN, "\"epoch\":3", "\"admin\":true,\"epoch\":3"),
            claim("claim in the pod", Reason.CLAIM_UNKNOWN, "\"pod\":{", "\"pod\":{\"x\":1,"),
            claim("unknown handler", Reason.CLAIM_FORM, "gvisor", "gvizor"),
            claim("handler in capitals", Reason.CLAIM_FORM, "gvisor", "GVISOR"),
            claim("unknown isolation", Reason.CLAIM_FORM, "untrusted", "unsafe"),
            claim("isolation in capitals", Reason.CLAIM_FORM, "\"untrusted\"", "\"Untrusted\""),
            claim("spec of another digest", Reason.CLAIM_FORM, "\"spec\":\"sha256:", "\"spec\":\"sha512:"),
            claim("spec without digits", Reason.CLAIM_FORM, Issued.CLAIMS.spec().toString(), "sha256:"),
            claim(
                    "image in capitals",
                    Reason.CLAIM_FORM,
                    Issued.CLAIMS.image().orElseThrow().toString(),
                    "sha256:" + Issued.CLAIMS.image().orElseThrow().hex().toUpperCase(java.util.Locale.ROOT)),
            claim("pod with a line end", Reason.CLAIM_FORM, "node-1", "node\\n1"),
            claim(
                    "pod a text",
                    Reason.CLAIM_FORM,
                    "\"pod\":{\"name\":\"ln-abc-xyz\",\"namespace\":\"agents\",\"node\":\"node-1\",\"uid\":\"2f8b5c1e-0000-4000-8000-000000000001\"}",
                    "\"pod\":\"x\""),
            claim("jti empty", Reason.CLAIM_FORM, "AgICAgICAgICAgICAgICAg", ""),
            claim("jti long", Reason.CLAIM_FORM, "AgICAgICAgICAgICAgICAg", "A".repeat(65)),
            claim("jti with a line end", Reason.CLAIM_FORM, "AgICAgICAgICAgICAgICAg", "AgICAgICAgICAgICAgIC\\n"),
            claim(
                    "no cnf",
                    Reason.CLAIM_MISSING,
                    "\"cnf\":{\"jwk\":{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + X + "\"}},",
                    ""),
            claim("cnf with jku", Reason.KEY_FORM, "\"cnf\":{", "\"cnf\":{\"jku\":\"https://evil.example\","),
            claim("cnf with kid", Reason.KEY_FORM, "\"cnf\":{", "\"cnf\":{\"kid\":\"x\","),
            claim(
                    "cnf without a key",
                    Reason.CLAIM_MISSING,
                    "\"jwk\":{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + X + "\"}",
                    ""),
            claim(
                    "private key in it",
                    Reason.KEY_EXPOSED,
                    "\"crv\"",
                    "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"crv\""),
            claim("key without alg", Reason.CLAIM_MISSING, "\"alg\":\"EdDSA\",", ""),
            claim("key for another alg", Reason.KEY_FORM, ALG, "\"alg\":\"ES256\""),
            claim("key of type EC", Reason.KEY_FORM, "\"OKP\"", "\"EC\""),
            claim("key of type oct", Reason.KEY_FORM, "\"OKP\"", "\"oct\""),
            claim("key of curve X25519", Reason.KEY_FORM, "\"crv\":\"Ed25519\"", "\"crv\":\"X25519\""),
            claim("key of curve Ed448", Reason.KEY_FORM, "\"crv\":\"Ed25519\"", "\"crv\":\"Ed448\""),
            claim("key with y", Reason.KEY_FORM, "\"kty\"", "\"y\":\"AAAA\",\"kty\""),
            claim("key with use", Reason.KEY_FORM, "\"kty\"", "\"use\":\"enc\",\"kty\""),
            claim(
                    "key a text",
                    Reason.CLAIM_FORM,
                    "{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + X + "\"}",
                    "\"x\""),
            claim("key padded", Reason.KEY_FORM, X, X + "="),
            claim("key in base64", Reason.KEY_FORM, X, X.replace('_', '/')),
            claim("key with stray bits", Reason.BASE64, X, X.substring(0, 42) + "V"),
            claim("key of 31 bytes", Reason.KEY, X, X.substring(0, 40) + "kA"),
            claim("key of small order", Reason.KEY, X, "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            claim(
                    "key of mixed order",
                    Reason.KEY,
                    X,
                    base64("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d")),
            claim("empty key", Reason.KEY, X, ""),
            claim("a list", Reason.PAYLOAD, "{\"cnf\"", "[{\"cnf\""),
            claim("a text behind", Reason.PAYLOAD, "/i/3\"}", "/i/3\"} x"),
            claim("another document behind", Reason.PAYLOAD, "/i/3\"}", "/i/3\"}{}"),
            claim("a control character", Reason.PAYLOAD, "\"acme\"", "\"ac\tme\""),
            claim("a lone surrogate", Reason.PAYLOAD, "\"acme\"", "\"\\ud800\""),
            claim("nested", Reason.PAYLOAD, "\"exp\"", "\"x\":" + "[".repeat(2000) + "]".repeat(2000) + ",\"exp\""),
            claim("many values", Reason.PAYLOAD, "\"exp\"", "\"x\":[" + "1,".repeat(500) + "1],\"exp\""));

    @Test
    void every_header_is_refused_for_its_reason_though_its_signature_fits() {
        EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);
        for (Attack attack : HEADERS) {
            assertThat(reason(signed(attack.on(header), payload)))
                    .as(attack.name())
                    .isEqualTo(attack.reason());
            seen.add(attack.reason());
        }
        System.out.println("tokens: " + HEADERS.size() + " headers refused, " + seen.size() + " reasons");
        assertThat(HEADERS).hasSizeGreaterThanOrEqualTo(72);
        assertThat(signed(header, payload)).isEqualTo(token);
    }

    @Test
    void every_payload_is_refused_for_its_reason_though_its_signature_fits() {
        EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);
        for (Attack attack : PAYLOADS) {
            assertThat(reason(signed(header, attack.on(payload))))
                    .as(attack.name())
                    .isEqualTo(attack.reason());
            seen.add(attack.reason());
        }
        System.out.println("tokens: " + PAYLOADS.size() + " payloads refused, " + seen.size() + " reasons");
        assertThat(PAYLOADS).hasSizeGreaterThanOrEqualTo(110);
    }

    /** Payloads that are no object at all. */
    @Test
    void payload_that_is_no_object_is_refused() {
        for (String text : List.of("", " ", "null", "true", "1", "\"x\"", "[]", "[{}]", "\0", "{", "}")) {
            assertThat(reason(signed(header, text))).as(text).isEqualTo(Reason.PAYLOAD);
        }
        assertThat(reason(signed(header, "{}"))).isEqualTo(Reason.CLAIM_MISSING);
    }

    @Test
    void every_way_to_write_a_token_but_one_is_refused() {
        String[] parts = token.split("\\.");
        record Form(String name, Reason reason, UnaryOperator<String> of) {}
        List<Form> forms = List.of(
                new Form("empty", Reason.PARTS, t -> ""),
                new Form("a dot", Reason.PARTS, t -> "."),
                new Form("two dots", Reason.UNSIGNED, t -> ".."),
                new Form("one part", Reason.PARTS, t -> parts[0]),
                new Form("two parts", Reason.PARTS, t -> parts[0] + "." + parts[1]),
                new Form("no signature", Reason.UNSIGNED, t -> parts[0] + "." + parts[1] + "."),
                new Form("four parts", Reason.PARTS, t -> t + ".AAAA"),
                new Form("five parts", Reason.PARTS, t -> t + ".AAAA.AAAA"),
                new Form("a dot behind", Reason.PARTS, t -> t + "."),
                new Form("no header", Reason.HEADER, t -> "." + parts[1] + "." + parts[2]),
                new Form("no payload", Reason.SIGNATURE, t -> parts[0] + ".." + parts[2]),
                new Form("blank before", Reason.CHARACTER, t -> " " + t),
                new Form("blank behind", Reason.CHARACTER, t -> t + " "),
                new Form("line end behind", Reason.CHARACTER, t -> t + "\n"),
                new Form("carriage return behind", Reason.CHARACTER, t -> t + "\r\n"),
                new Form("tab in it", Reason.CHARACTER, t -> parts[0] + "\t." + parts[1] + "." + parts[2]),
                new Form("zero byte behind", Reason.CHARACTER, t -> t + "\0"),
                new Form("Bearer before", Reason.CHARACTER, t -> "Bearer " + t),
                new Form("quotes", Reason.CHARACTER, t -> "\"" + t + "\""),
                new Form("JSON serialization", Reason.CHARACTER, t -> "{\"payload\":\"" + parts[1] + "\"}"),
                new Form("padded", Reason.CHARACTER, t -> t + "=="),
                new Form("padded header", Reason.CHARACTER, t -> parts[0] + "=." + parts[1] + "." + parts[2]),
                new Form("plus and slash", Reason.CHARACTER, t -> t.substring(0, t.length() - 1) + "+"),
                new Form("full-width letter", Reason.CHARACTER, t -> t.replaceFirst("e", "\uff45")),
                new Form("full-width dot", Reason.CHARACTER, t -> t.replaceFirst("\\.", "\uff0e")),
                new Form("comma", Reason.CHARACTER, t -> t + "," + t),
                new Form("header of one character", Reason.BASE64, t -> "A." + parts[1] + "." + parts[2]),
                new Form("stray bits in the signature", Reason.BASE64, t -> strayBits(t)),
                new Form("signature of one character", Reason.BASE64, t -> parts[0] + "." + parts[1] + ".A"),
                new Form("too long", Reason.TOO_LARGE, t -> t + "A".repeat(8193 - t.length())),
                new Form("far too long", Reason.TOO_LARGE, t -> "A".repeat(1_000_000)),
                new Form("8 KB of dots", Reason.PARTS, t -> ".".repeat(8192)),
                new Form("as long as can be", Reason.BASE64, t -> t + "A".repeat(8192 - t.length())));
        for (Form form : forms) {
            assertThat(reason(form.of().apply(token))).as(form.name()).isEqualTo(form.reason());
        }
        System.out.println("tokens: " + forms.size() + " forms refused");
        assertThat(forms).hasSizeGreaterThanOrEqualTo(33);
    }

    @Test
    void stray_bits_of_a_header_and_of_a_payload_are_refused_too() {
        // Three bytes give no stray bits; a blank more in the JSON makes them.
        String loose = header.length() % 3 == 0 ? header.replace("{", "{ ") : header;
        String signed = signed(loose, payload);
        int end = signed.indexOf('.');
        String stray = strayBits(signed.substring(0, end)) + signed.substring(end);
        assertThat(InstanceTokens.verify(signed, issued.authority.trusted(), Issued.NOW))
                .isInstanceOf(Verified.class);
        assertThat(reason(stray)).isEqualTo(Reason.BASE64);
    }

    @Test
    void signatures_of_other_lengths_and_of_other_keys_are_refused() {
        String signed = token.substring(0, token.lastIndexOf('.'));
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        byte[] signature = AUTHORITY.sign(bytes);
        for (int length : new int[] {1, 32, 63, 65, 96, 128}) {
            assertThat(reason(signed + "." + base64(Arrays.copyOf(signature, length))))
                    .as(length + " bytes")
                    .isEqualTo(Reason.SIGNATURE_LENGTH);
        }
        assertThat(reason(signed + "." + base64(new byte[64]))).isEqualTo(Reason.SIGNATURE);
        assertThat(reason(signed + "." + base64(TestSigner.RFC8032_TEST_2.sign(bytes))))
                .isEqualTo(Reason.SIGNATURE);
        assertThat(reason(signed + "." + base64(Issued.INSTANCE.sign(bytes)))).isEqualTo(Reason.SIGNATURE);
    }

    /** Who has only public keys: the authority's as a shared secret, and no key at all. */
    @Test
    void public_key_is_no_secret_to_sign_with() throws Exception {
        String hs256 = header.replace("EdDSA", "HS256");
        String signed = base64(hs256.getBytes(StandardCharsets.UTF_8)) + "." + token.split("\\.")[1];
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(AUTHORITY.key().bytes(), "HmacSHA256"));
        String forged = signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        assertThat(reason(forged)).isEqualTo(Reason.ALGORITHM);

        String none = header.replace("EdDSA", "none");
        assertThat(reason(base64(none.getBytes(StandardCharsets.UTF_8)) + "." + token.split("\\.")[1] + "."))
                .isEqualTo(Reason.UNSIGNED);
    }

    @Test
    void every_flipped_bit_is_refused() {
        int tried = 0;
        for (int i = 0; i < token.length(); i++) {
            for (int bit = 0; bit < 8; bit++) {
                char flipped = (char) (token.charAt(i) ^ 1 << bit);
                String changed = token.substring(0, i) + flipped + token.substring(i + 1);
                assertThat(InstanceTokens.verify(changed, issued.authority.trusted(), Issued.NOW))
                        .as("bit " + bit + " of character " + i)
                        .isInstanceOf(Rejected.class);
                tried++;
            }
        }
        System.out.println("tokens: " + tried + " flipped bits refused");
        assertThat(tried).isGreaterThan(8_000);
    }

    @Test
    void both_names_of_the_algorithm_are_taken_in_the_header_and_in_the_key() {
        String newer = header.replace(ALG, "\"alg\":\"Ed25519\"");
        assertThat(verify(signed(newer, payload))).isInstanceOf(Verified.class);
        assertThat(verify(signed(newer, payload.replace(ALG, "\"alg\":\"Ed25519\""))))
                .isInstanceOf(Verified.class);
    }

    @Test
    void order_and_white_space_are_the_issuers_own_affair() {
        assertThat(verify(signed(header.replace(",", " , "), payload.replace(":{", ": {"))))
                .isInstanceOf(Verified.class);
    }

    @Test
    void token_of_an_authority_of_another_domain_with_the_same_key_is_refused() {
        TrustedKeys other = TrustedKeys.of(
                new TrustDomain("other.example"),
                List.of(AuthorityKey.of(AUTHORITY.key().bytes(), Keys.MADE, Keys.MADE)));
        assertThat(((Rejected) InstanceTokens.verify(token, other, Issued.NOW)).reason())
                .isEqualTo(Reason.ISSUER);
    }

    @Test
    void without_keys_nothing_is_believed() {
        TrustedKeys none = TrustedKeys.of(Issued.DOMAIN, List.of());
        assertThat(((Rejected) InstanceTokens.verify(token, none, Issued.NOW)).reason())
                .isEqualTo(Reason.KEY_UNKNOWN);
    }

    @Test
    void every_reason_is_reached_by_some_case() {
        EnumSet<Reason> seen = EnumSet.of(Reason.TOO_LARGE, Reason.CHARACTER, Reason.PARTS, Reason.UNSIGNED);
        seen.addAll(List.of(Reason.SIGNATURE_LENGTH, Reason.SIGNATURE, Reason.KEY_RETIRED));
        Stream.concat(HEADERS.stream(), PAYLOADS.stream()).map(Attack::reason).forEach(seen::add);
        assertThat(EnumSet.complementOf(seen)).isEmpty();
    }

    @Test
    void public_vectors_are_answered_here_as_by_the_verification_itself() throws Exception {
        int cases = 0;
        for (PublicVectors.Case vector : PublicVectors.all()) {
            // As an instance's key, and as a signature over our bytes.
            String confirmed = payload.replace(X, base64(vector.key()));
            TokenVerdict verdict = verify(signed(header, confirmed));
            if (vector.isKey()) {
                assertThat(verdict).as(vector.name()).isInstanceOf(Verified.class);
            } else {
                assertThat(((Rejected) verdict).reason()).as(vector.name()).isEqualTo(Reason.KEY);
            }
            String signed = token.substring(0, token.lastIndexOf('.') + 1) + base64(vector.signature());
            assertThat(reason(signed))
                    .as(vector.name())
                    .isIn(Reason.SIGNATURE, Reason.SIGNATURE_LENGTH, Reason.UNSIGNED);
            cases++;
        }
        System.out.println("tokens: " + cases + " public vectors");
        assertThat(cases).isEqualTo(163);
    }

    @Test
    void no_detail_repeats_what_a_stranger_could_put_into_a_log() {
        List<String> details = new ArrayList<>();
        for (Attack attack : HEADERS) {
            details.add(((Rejected) verify(signed(attack.on(header), payload))).detail());
        }
        for (Attack attack : PAYLOADS) {
            details.add(((Rejected) verify(signed(header, attack.on(payload)))).detail());
        }
        assertThat(details)
                .allSatisfy(detail -> assertThat(detail)
                        .isNotBlank()
                        .hasSizeLessThan(500)
                        .matches("[\\x20-\\x7e…]*")
                        .doesNotContain("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"));
    }

    private Reason reason(String compact) {
        TokenVerdict verdict = verify(compact);
        assertThat(verdict).isInstanceOf(Rejected.class);
        return ((Rejected) verdict).reason();
    }

    private TokenVerdict verify(String compact) {
        return InstanceTokens.verify(compact, issued.authority.trusted(), Issued.NOW.plus(Duration.ZERO));
    }

    /** What the authority would sign if it were made to. */
    private static String signed(String header, String payload) {
        String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(payload.getBytes(StandardCharsets.UTF_8));
        return input + "." + base64(AUTHORITY.sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The same bytes for a lenient decoder: the last character with its unused bits set. */
    private static String strayBits(String base64) {
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = digits.indexOf(base64.charAt(base64.length() - 1));
        return base64.substring(0, base64.length() - 1) + digits.charAt(last + 1);
    }

    private static String swapped(String text) {
        StringBuilder swapped = new StringBuilder();
        text.chars()
                .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                .forEach(c -> swapped.append((char) c));
        return swapped.toString();
    }

    private static Attack header(String name, Reason reason, String what, String instead) {
        return new Attack(name, reason, what, instead);
    }

    private static Attack claim(String name, Reason reason, String what, String instead) {
        return new Attack(name, reason, what, instead);
    }

    private static String base64(String hex) {
        return base64(java.util.HexFormat.of().parseHex(hex));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String text(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
