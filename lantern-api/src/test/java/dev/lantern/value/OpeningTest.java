package dev.lantern.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpeningTest {
    private static final byte[] SALT = salt(0xab);
    private static final byte[] BYTES = "{\"canary\":\"hunter2\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void the_file_is_a_header_line_and_the_bytes() {
        Opening opening = Opening.of("application/json", SALT, BYTES);
        String file =
                "{\"mediaType\":\"application/json\",\"salt\":\"" + "ab".repeat(32) + "\"}\n{\"canary\":\"hunter2\"}";
        assertThat(opening.file()).isEqualTo(file.getBytes(StandardCharsets.UTF_8));
        assertThat(opening.commitment()).isEqualTo(new Commitment(Digest.sha256(opening.file())));
        assertThat(opening.size()).isEqualTo(20);
    }

    @Test
    void bytes_of_any_kind_and_none_are_payloads() {
        byte[] binary = {0, '\n', (byte) 0xff, '"', '\n'};
        Opening opening = Opening.of("application/octet-stream", SALT, binary);
        assertThat(Arrays.copyOfRange(opening.file(), opening.file().length - 5, opening.file().length))
                .isEqualTo(binary);
        assertThat(new String(Opening.of("a/b", SALT, new byte[0]).file(), StandardCharsets.UTF_8))
                .endsWith("\"}\n");
    }

    @Test
    void salt_media_type_and_bytes_all_bind() {
        Commitment commitment = Opening.of("a/b", SALT, BYTES).commitment();
        assertThat(Opening.of("a/c", SALT, BYTES).commitment()).isNotEqualTo(commitment);
        assertThat(Opening.of("a/b", salt(0xac), BYTES).commitment()).isNotEqualTo(commitment);
        assertThat(Opening.of("a/b", SALT, new byte[0]).commitment()).isNotEqualTo(commitment);
        assertThat(Opening.of("a/b", SALT, BYTES).commitment()).isEqualTo(commitment);
    }

    @Test
    void quotes_in_a_media_type_do_not_forge_a_header() {
        String forged = "a/b\",\"salt\":\"" + "00".repeat(32);
        Opening opening = Opening.of(forged, SALT, BYTES);
        assertThat(new String(opening.file(), StandardCharsets.UTF_8))
                .startsWith("{\"mediaType\":\"a/b\\\",\\\"salt\\\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33})
    void salts_have_32_bytes(int length) {
        assertThatThrownBy(() -> Opening.of("a/b", new byte[length], BYTES))
                .hasMessage("a salt has 32 bytes, found " + length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b\n", "text/plän", "a\u0000b", "a\u007f"})
    void media_types_are_printable_ascii(String mediaType) {
        assertThatThrownBy(() -> Opening.of(mediaType, SALT, BYTES))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("a media type is 1 to 255 printable ASCII characters, found " + mediaType.length()
                        + " characters");
    }

    @Test
    void a_media_type_has_at_most_255_characters() {
        assertThat(Opening.of("x".repeat(255), SALT, BYTES).mediaType()).hasSize(255);
        assertThatThrownBy(() -> Opening.of("x".repeat(256), SALT, BYTES)).hasMessageContaining("found 256 characters");
    }

    @Test
    void a_payload_has_at_most_16_mebibytes() {
        assertThat(Opening.of("a/b", SALT, new byte[16 * 1024 * 1024]).size()).isEqualTo(16777216);
        assertThatThrownBy(() -> Opening.of("a/b", SALT, new byte[16 * 1024 * 1024 + 1]))
                .hasMessage(
                        "a payload has at most 16777216 bytes, found 16777217; store it elsewhere and pass a reference with its digest");
    }

    @Test
    void equality_is_decided_without_showing() {
        Opening opening = Opening.of("a/b", SALT, BYTES);
        assertThat(opening.opens("a/b", BYTES.clone())).isTrue();
        assertThat(opening.opens("a/c", BYTES)).isFalse();
        assertThat(opening.opens("a/b", new byte[0])).isFalse();
        assertThat(opening).hasToString("Opening[a/b, 20 bytes]");
    }

    @Test
    void an_opening_is_a_value() {
        byte[] salt = SALT.clone();
        byte[] bytes = BYTES.clone();
        Opening opening = Opening.of("a/b", salt, bytes);
        salt[0] = 0;
        bytes[0] = 0;
        opening.salt()[0] = 0;
        opening.bytes()[0] = 0;
        assertThat(opening).isEqualTo(Opening.of("a/b", SALT, BYTES)).hasSameHashCodeAs(Opening.of("a/b", SALT, BYTES));
        assertThat(opening).isNotEqualTo(Opening.of("a/b", salt, BYTES));
    }

    private static byte[] salt(int value) {
        byte[] salt = new byte[Opening.SALT_LENGTH];
        Arrays.fill(salt, (byte) value);
        return salt;
    }
}
