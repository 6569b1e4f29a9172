package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void secret_is_written_as_16_to_64_bytes_of_small_hexadecimal_digits() {
        assertThat(Secret.parse("09af".repeat(8)))
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(16).startsWith(0x09, 0xaf));
        assertThat(Secret.parse("09af".repeat(32)))
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(64));
        for (String other : new String[] {
            "",
            "09af".repeat(7) + "09",
            "09af".repeat(8) + "0",
            "09af".repeat(32) + "09",
            "09AF".repeat(8),
            "/9af".repeat(8),
            ":9af".repeat(8),
            "`9af".repeat(8),
            "g9af".repeat(8),
            " 9af".repeat(8)
        }) {
            assertThat(Secret.parse(other)).as(other).isEmpty();
        }
    }

    @Test
    void credential_of_a_platform_is_one_word_of_visible_ascii() {
        CallerCredential platform = CallerCredential.ofPlatform();

        assertThat(platform.parse("!a.b~"))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo("!a.b~".getBytes(StandardCharsets.US_ASCII)));
        for (String other : new String[] {"", " a", "a b", "a\u007f", "a\u0000", "\u00e9"}) {
            assertThat(platform.parse(other)).as(other).isEmpty();
        }
    }
}
