package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StrictSignaturesTest {
    private static final byte[] MESSAGE = "step 1 is done".getBytes(StandardCharsets.UTF_8);

    private final StrictSignatures signatures = new StrictSignatures();

    @Test
    void only_what_an_honest_generator_makes_is_a_key() {
        byte[] smallOrder = new byte[32];
        smallOrder[0] = 1;

        assertThat(signatures.isKey(TestSigner.RFC8032_TEST_1.key().bytes())).isTrue();
        assertThat(signatures.isKey(smallOrder)).isFalse();
        assertThat(signatures.isKey(new byte[31])).isFalse();
    }

    /** More than once, because keys are kept. */
    @Test
    void signature_is_that_of_the_key_that_is_named() {
        String one = TestSigner.RFC8032_TEST_1.key().hex();
        String two = TestSigner.RFC8032_TEST_2.key().hex();
        byte[] signature = TestSigner.RFC8032_TEST_1.sign(MESSAGE);

        for (int i = 0; i < 2; i++) {
            assertThat(signatures.verify(one, MESSAGE, signature)).isTrue();
            assertThat(signatures.verify(two, MESSAGE, signature)).isFalse();
            assertThat(signatures.verify(one, new byte[0], signature)).isFalse();
        }
    }
}
