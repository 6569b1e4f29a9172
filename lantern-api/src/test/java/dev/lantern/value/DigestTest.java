package dev.lantern.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
    /** FIPS 180-4, the one-block example. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void it_is_sha_256_over_the_parts_in_order() {
        assertThat(Digest.sha256("abc".getBytes(StandardCharsets.US_ASCII)).hex())
                .isEqualTo(ABC);
        assertThat(Digest.sha256(new byte[] {'a'}, new byte[0], new byte[] {'b', 'c'}))
                .isEqualTo(Digest.ofHex(ABC));
        assertThat(Digest.sha256().hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ba78",
                "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag",
                "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
            })
    void digests_are_written_in_one_form(String hex) {
        assertThatThrownBy(() -> Digest.ofHex(hex))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith(
                        "a SHA-256 digest is written as 64 lower-case hexadecimal digits, found " + hex.length());
    }

    @Test
    void a_refused_text_is_not_shown() {
        assertThatThrownBy(() -> Digest.ofHex("hunter2")).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> Commitment.ofHex("hunter2")).hasMessageNotContaining("hunter2");
    }

    @Test
    void only_32_bytes_are_a_digest() {
        assertThatThrownBy(() -> Digest.ofBytes(new byte[31])).hasMessage("a SHA-256 digest has 32 bytes, found 31");
        assertThatThrownBy(() -> Digest.ofBytes(new byte[33])).hasMessage("a SHA-256 digest has 32 bytes, found 33");
    }

    @Test
    void a_digest_is_a_value() {
        byte[] bytes = Digest.ofHex(ABC).bytes();
        Digest digest = Digest.ofBytes(bytes);
        bytes[0] = 0;
        digest.bytes()[1] = 0;
        assertThat(digest).isEqualTo(Digest.ofHex(ABC)).hasSameHashCodeAs(Digest.ofHex(ABC));
        assertThat(digest).isNotEqualTo(Digest.sha256()).hasToString("sha256:" + ABC);
        assertThat(new Commitment(digest)).hasToString("sha256:" + ABC).isEqualTo(Commitment.ofHex(ABC));
    }
}
