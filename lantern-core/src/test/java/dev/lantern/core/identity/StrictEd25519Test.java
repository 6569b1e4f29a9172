package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictEd25519Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] MESSAGE = "step 1 is done".getBytes(StandardCharsets.UTF_8);
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** The eight points of small order in their canonical encodings, then the encodings that are not canonical. */
    private static final List<String> SMALL_ORDER = List.of(
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

    @Test
    void every_speccheck_case_is_refused() throws IOException {
        List<Json> cases = speccheck();
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Json.Obj c = (Json.Obj) cases.get(i);
            if (accepts(c.text("pub_key"), c.text("message"), c.text("signature"))) {
                accepted.add(i);
            }
        }
        System.out.println("Ed25519: " + cases.size() + " speccheck cases refused");
        assertThat(cases.size()).isEqualTo(12);
        assertThat(accepted).isEmpty();
    }

    @Test
    void wycheproof_is_answered_as_it_wants() throws IOException {
        Json.Obj root = (Json.Obj) resource("wycheproof_ed25519_test.json");
        List<String> wrong = new ArrayList<>();
        int valid = 0;
        int invalid = 0;
        for (Json groupItem : root.array("testGroups")) {
            Json.Obj group = (Json.Obj) groupItem;
            String key = group.object("publicKey").text("pk");
            for (Json testItem : group.array("tests")) {
                Json.Obj test = (Json.Obj) testItem;
                boolean expected = test.text("result").equals("valid");
                if (accepts(key, test.text("msg"), test.text("sig")) != expected) {
                    wrong.add(test.integer("tcId") + " " + test.text("comment"));
                }
                valid += expected ? 1 : 0;
                invalid += expected ? 0 : 1;
            }
        }
        System.out.println("Ed25519: wycheproof, " + valid + " valid accepted, " + invalid + " invalid refused");
        assertThat(wrong).isEmpty();
        assertThat(valid + invalid)
                .isEqualTo((int) root.integer("numberOfTests"))
                .isEqualTo(151);
        assertThat(valid).isGreaterThan(60);
        assertThat(invalid).isGreaterThan(50);
    }

    /**
     * The harness has the JDK verify what an authority signed, under keys that its host has validated, and looks at the
     * length itself. Under such a key the JDK leaves nothing else open: it wants S below the order and compares the bytes
     * of R.
     */
    @Test
    void jdk_gives_the_strict_answer_under_every_key_that_is_one() throws Exception {
        int answered = 0;
        List<String> wrong = new ArrayList<>();
        for (PublicVectors.Case vector : PublicVectors.all()) {
            if (vector.isKey()) {
                boolean accepted =
                        StrictEd25519.verify(VerificationKey.of(vector.key()), vector.message(), vector.signature());
                assertThat(accepted).as(vector.name()).isEqualTo(vector.valid());
                boolean jdk = vector.signature().length == StrictEd25519.SIGNATURE_LENGTH && jdkAccepts(vector);
                if (jdk != accepted) {
                    wrong.add(vector.name());
                }
                answered++;
            }
        }
        System.out.println("Ed25519: " + answered + " vectors answered by the JDK as here");
        assertThat(wrong).isEmpty();
        assertThat(answered).isGreaterThan(140);
    }

    private static boolean jdkAccepts(PublicVectors.Case vector) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(
                        HEX.parseHex("302a300506032b6570032100" + HEX.formatHex(vector.key())))));
        verifier.update(vector.message());
        try {
            return verifier.verify(vector.signature());
        } catch (SignatureException e) {
            // Not swallowed but answered: this is how the JDK says no to a signature of another form.
            return false;
        }
    }

    static Stream<String> smallOrder() {
        return SMALL_ORDER.stream();
    }

    @ParameterizedTest
    @MethodSource("smallOrder")
    void keys_of_small_order_cannot_be_made(String encoded) {
        assertThatThrownBy(() -> VerificationKey.ofHex(encoded))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("the Ed25519 public key " + encoded
                        + " is not the canonical encoding of a point of prime order; no honest key generator makes it");
    }

    @ParameterizedTest
    @MethodSource("smallOrder")
    void an_r_of_small_order_is_refused(String encoded) {
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(MESSAGE);
        System.arraycopy(HEX.parseHex(encoded), 0, signature, 0, 32);
        assertThat(StrictEd25519.verify(TestSigner.RFC8032_TEST_1.key(), MESSAGE, signature))
                .isFalse();
    }

    /** A public key of mixed order: speccheck case 3's, a good point plus one of order eight. */
    @Test
    void keys_of_mixed_order_cannot_be_made() {
        assertThatThrownBy(
                        () -> VerificationKey.ofHex("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d"))
                .hasMessageContaining("not the canonical encoding of a point of prime order");
    }

    @Test
    void encodings_off_the_curve_cannot_be_made() {
        assertThatThrownBy(() -> VerificationKey.ofHex("02" + "00".repeat(31))).hasMessageContaining("prime order");
        assertThatThrownBy(() -> VerificationKey.ofHex("ff".repeat(32))).hasMessageContaining("prime order");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 64})
    void keys_of_other_lengths_cannot_be_made(int length) {
        assertThatThrownBy(() -> VerificationKey.of(new byte[length]))
                .hasMessage("an Ed25519 public key has 32 bytes, found " + length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d7",
                "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511g",
                " 75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
            })
    void keys_are_written_in_one_form(String hex) {
        assertThatThrownBy(() -> VerificationKey.ofHex(hex))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith("an Ed25519 public key is written as 64 lower-case hexadecimal digits");
    }

    @Test
    void a_key_is_a_value() {
        VerificationKey key = VerificationKey.ofHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assertThat(key).isEqualTo(TestSigner.RFC8032_TEST_1.key()).hasSameHashCodeAs(TestSigner.RFC8032_TEST_1.key());
        assertThat(key).isNotEqualTo(TestSigner.RFC8032_TEST_2.key());
        assertThat(key).hasToString("ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        key.bytes()[0] ^= 1;
        assertThat(key.hex()).startsWith("d75a");
    }

    @Test
    void a_key_does_not_follow_the_array_it_was_made_of() {
        byte[] encoded = TestSigner.RFC8032_TEST_1.key().bytes();
        VerificationKey key = VerificationKey.of(encoded);
        Arrays.fill(encoded, (byte) 0);
        assertThat(StrictEd25519.verify(key, MESSAGE, TestSigner.RFC8032_TEST_1.sign(MESSAGE)))
                .isTrue();
    }

    @Test
    void every_flipped_bit_is_refused() {
        VerificationKey key = TestSigner.RFC8032_TEST_1.key();
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(MESSAGE);
        assertThat(StrictEd25519.verify(key, MESSAGE, signature)).isTrue();
        for (int bit = 0; bit < 8 * signature.length; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(StrictEd25519.verify(key, MESSAGE, flipped))
                    .as("bit " + bit)
                    .isFalse();
        }
    }

    @Test
    void s_plus_any_multiple_of_the_order_is_refused() {
        VerificationKey key = TestSigner.RFC8032_TEST_1.key();
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(MESSAGE);
        BigInteger s = scalar(signature);
        int tried = 0;
        for (int k = 1; k <= 15; k++) {
            BigInteger shifted = s.add(ORDER.multiply(BigInteger.valueOf(k)));
            if (shifted.bitLength() > 256) {
                break;
            }
            assertThat(StrictEd25519.verify(key, MESSAGE, withScalar(signature, shifted)))
                    .as("S + " + k + "L")
                    .isFalse();
            tried++;
        }
        assertThat(tried).isGreaterThanOrEqualTo(14);
        assertThat(StrictEd25519.verify(key, MESSAGE, withScalar(signature, ORDER)))
                .isFalse();
        assertThat(StrictEd25519.verify(key, MESSAGE, withScalar(signature, s))).isTrue();
    }

    /** What a verifier that multiplies by the cofactor accepts: an R shifted by a point of order eight. */
    @Test
    void an_r_of_mixed_order_is_refused_though_the_cofactored_equation_holds() throws IOException {
        Json.Obj mixed = (Json.Obj) speccheck().get(3);
        byte[] key = HEX.parseHex(mixed.text("pub_key"));
        byte[] message = HEX.parseHex(mixed.text("message"));
        byte[] signature = HEX.parseHex(mixed.text("signature"));
        assertThat(Ed25519.verify(signature, 0, key, 0, message, 0, message.length))
                .as("the plain verification of the library accepts it")
                .isTrue();
        assertThat(accepts(mixed.text("pub_key"), mixed.text("message"), mixed.text("signature")))
                .isFalse();
        assertThat(Ed25519.validatePublicKeyFull(signature, 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 63, 65, 128})
    void signatures_of_other_lengths_are_refused(int length) {
        byte[] signature = Arrays.copyOf(TestSigner.RFC8032_TEST_1.sign(MESSAGE), length);
        assertThat(StrictEd25519.verify(TestSigner.RFC8032_TEST_1.key(), MESSAGE, signature))
                .isFalse();
    }

    @Test
    void another_key_and_another_message_are_refused() {
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(MESSAGE);
        assertThat(StrictEd25519.verify(TestSigner.RFC8032_TEST_2.key(), MESSAGE, signature))
                .isFalse();
        assertThat(StrictEd25519.verify(TestSigner.RFC8032_TEST_1.key(), new byte[0], signature))
                .isFalse();
    }

    @Test
    void the_empty_message_can_be_signed() {
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(new byte[0]);
        assertThat(HEX.formatHex(signature)).startsWith("e5564300c360ac72");
        assertThat(StrictEd25519.verify(TestSigner.RFC8032_TEST_1.key(), new byte[0], signature))
                .isTrue();
    }

    private static boolean accepts(String key, String message, String signature) {
        VerificationKey parsed;
        try {
            parsed = VerificationKey.of(HEX.parseHex(key));
        } catch (LanternException e) {
            return false;
        }
        return StrictEd25519.verify(parsed, HEX.parseHex(message), HEX.parseHex(signature));
    }

    private static BigInteger scalar(byte[] signature) {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = signature[63 - i];
        }
        return new BigInteger(1, bigEndian);
    }

    private static byte[] withScalar(byte[] signature, BigInteger scalar) {
        byte[] changed = Arrays.copyOf(Arrays.copyOf(signature, 32), 64);
        BigInteger rest = scalar;
        for (int i = 32; i < 64; i++) {
            changed[i] = rest.byteValue();
            rest = rest.shiftRight(8);
        }
        return changed;
    }

    private static List<Json> speccheck() throws IOException {
        return ((Json.Array) resource("speccheck_cases.json")).items();
    }

    private static Json resource(String name) throws IOException {
        try (InputStream in = StrictEd25519Test.class.getResourceAsStream(name)) {
            return StrictJson.parse(in.readAllBytes(), StrictJson.Bounds.ofBytes(200_000));
        }
    }
}
