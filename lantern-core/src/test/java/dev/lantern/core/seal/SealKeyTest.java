package dev.lantern.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealKeyTest {

    @Test
    void ids_are_short_and_plain() {
        assertThat(SealKey.of("2026-11.Key_1", new byte[32]).id()).isEqualTo("2026-11.Key_1");
        for (String id : List.of("", "a b", "a\n", "ä", "x".repeat(65))) {
            assertThatThrownBy(() -> SealKey.of(id, new byte[32]))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }

    @Test
    void only_32_bytes_are_a_key() {
        for (int length : List.of(0, 16, 31, 33)) {
            assertThatThrownBy(() -> SealKey.of("k", new byte[length]))
                    .hasMessage("seal key \"k\" has 32 bytes, found " + length);
        }
    }

    @Test
    void a_key_is_a_copy_and_is_wiped() {
        byte[] bytes = new byte[32];
        SealKey key = SealKey.of("k", bytes);
        bytes[0] = 1;
        assertThat(key.copy()).isEqualTo(new byte[32]);

        key.close();
        assertThatThrownBy(key::copy).hasMessage("seal key \"k\" was closed, and its bytes are wiped");
    }

    @Test
    void random_keys_differ() {
        assertThat(SealKey.random("a", Fixed.random(1)).copy())
                .isNotEqualTo(SealKey.random("a", Fixed.random(2)).copy());
    }

    @Test
    void a_ring_refuses_two_keys_of_one_name() {
        assertThatThrownBy(() -> KeyRing.of(Fixed.key("k", 1), Fixed.key("j", 2), Fixed.key("k", 3)))
                .hasMessage("two seal keys have the id \"k\"; an id names one key for ever");
    }
}
