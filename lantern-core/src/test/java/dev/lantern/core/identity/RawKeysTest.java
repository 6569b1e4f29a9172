package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RawKeysTest {
    /** What the JDK makes of a key is what stands here. */
    @Test
    void seed_is_written_and_read_as_the_jdk_does() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();

        assertThat(RawKeys.pkcs8(seed)).isEqualTo(pair.getPrivate().getEncoded());
        assertThat(RawKeys.seed(pair.getPrivate().getEncoded())).contains(seed);
        assertThat(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(RawKeys.pkcs8(seed))))
                .isEqualTo(pair.getPrivate());
        assertThat(RawKeys.publicKey(pair.getPublic().getEncoded()))
                .hasValueSatisfying(raw -> assertThat(VerificationKey.of(raw).bytes())
                        .isEqualTo(Arrays.copyOfRange(pair.getPublic().getEncoded(), 12, 44)));
    }

    @Test
    void every_other_form_is_none() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        byte[] encoded = pair.getPrivate().getEncoded();

        assertThat(RawKeys.seed(other.getPrivate().getEncoded())).isEmpty();
        assertThat(RawKeys.publicKey(other.getPublic().getEncoded())).isEmpty();
        assertThat(RawKeys.seed(Arrays.copyOf(encoded, encoded.length - 1))).isEmpty();
        assertThat(RawKeys.seed(Arrays.copyOf(encoded, encoded.length + 1))).isEmpty();
        assertThat(RawKeys.seed(new byte[0])).isEmpty();
        assertThat(RawKeys.publicKey(encoded)).isEmpty();
    }
}
