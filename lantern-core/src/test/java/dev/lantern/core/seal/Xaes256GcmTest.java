package dev.lantern.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.Test;

/** The vectors of {@code c2sp.org/XAES-256-GCM}. */
class Xaes256GcmTest {
    private static final byte[] NONCE = ascii("ABCDEFGHIJKLMNOPQRSTUVWX");

    @Test
    void the_vector_whose_subkey_needs_no_reduction() throws Exception {
        byte[] key = repeated(1);

        assertThat(hex(Xaes256Gcm.derivedKey(key, NONCE)))
                .isEqualTo("c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b");
        assertThat(hex(encrypt(key, NONCE, new byte[0], ascii("XAES-256-GCM"))))
                .isEqualTo("ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
    }

    @Test
    void the_vector_whose_subkey_needs_one() throws Exception {
        byte[] key = repeated(3);

        assertThat(hex(Xaes256Gcm.derivedKey(key, NONCE)))
                .isEqualTo("e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8");
        assertThat(hex(encrypt(key, NONCE, ascii("c2sp.org/XAES-256-GCM"), ascii("XAES-256-GCM"))))
                .isEqualTo("986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
    }

    @Test
    void ten_thousand_random_messages_give_the_published_digest() throws Exception {
        SHAKEDigest stream = new SHAKEDigest(128);
        SHAKEDigest all = new SHAKEDigest(128);
        for (int i = 0; i < 10_000; i++) {
            byte[] key = next(stream, 32);
            byte[] nonce = next(stream, 24);
            byte[] plain = next(stream, next(stream, 1)[0] & 0xff);
            byte[] aad = next(stream, next(stream, 1)[0] & 0xff);
            byte[] sealed = encrypt(key, nonce, aad, plain);
            assertThat(Xaes256Gcm.decrypt(key, nonce, aad, sealed, 0)).isEqualTo(plain);
            all.update(sealed, 0, sealed.length);
        }
        assertThat(hex(next(all, 32))).isEqualTo("e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939");
    }

    @Test
    void what_differs_does_not_open() throws Exception {
        byte[] sealed = encrypt(repeated(1), NONCE, ascii("aad"), ascii("plain"));
        byte[] otherNonce = NONCE.clone();
        otherNonce[0] ^= 1;

        assertThatThrownBy(() -> Xaes256Gcm.decrypt(repeated(2), NONCE, ascii("aad"), sealed, 0))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Xaes256Gcm.decrypt(repeated(1), otherNonce, ascii("aad"), sealed, 0))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Xaes256Gcm.decrypt(repeated(1), NONCE, ascii("aae"), sealed, 0))
                .isInstanceOf(AEADBadTagException.class);
    }

    private static byte[] encrypt(byte[] key, byte[] nonce, byte[] aad, byte[] plain) throws Exception {
        byte[] out = new byte[plain.length + Xaes256Gcm.TAG_LENGTH];
        Xaes256Gcm.encrypt(key, nonce, aad, plain, out, 0);
        return out;
    }

    private static byte[] next(SHAKEDigest stream, int length) {
        byte[] bytes = new byte[length];
        stream.doOutput(bytes, 0, length);
        return bytes;
    }

    private static byte[] repeated(int b) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) b);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
