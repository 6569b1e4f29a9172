package dev.lantern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AuthorityKeyTest {
    private static final byte[] RFC_8037 =
            HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    private static final Instant MADE = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void thumbprint_is_that_of_rfc_8037() {
        assertThat(AuthorityKey.thumbprint(RFC_8037)).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(AuthorityKey.of(RFC_8037, MADE, MADE).keyId())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void key_is_trusted_before_it_signs_and_after_and_each_end_is_exclusive() {
        AuthorityKey key = AuthorityKey.of(RFC_8037, MADE, MADE.plus(HOUR))
                .retired(MADE.plus(HOUR.multipliedBy(2)), MADE.plus(HOUR.multipliedBy(3)));

        assertThat(key.signsAt(MADE)).isFalse();
        assertThat(key.isTrustedAt(MADE)).isTrue();
        assertThat(key.signsAt(MADE.plus(HOUR))).isTrue();
        assertThat(key.signsAt(MADE.plus(HOUR.multipliedBy(2)).minusNanos(1))).isTrue();
        assertThat(key.signsAt(MADE.plus(HOUR.multipliedBy(2)))).isFalse();
        assertThat(key.isTrustedAt(MADE.plus(HOUR.multipliedBy(3)).minusNanos(1)))
                .isTrue();
        assertThat(key.isTrustedAt(MADE.plus(HOUR.multipliedBy(3)))).isFalse();
    }

    @Test
    void open_ends_stay_open() {
        AuthorityKey key = AuthorityKey.of(RFC_8037, MADE, MADE);

        assertThat(key.signsAt(Instant.MAX)).isTrue();
        assertThat(key.isTrustedAt(Instant.MAX)).isTrue();
        assertThat(key.signingUntil(MADE.plus(HOUR)).isTrustedAt(Instant.MAX)).isTrue();
        assertThat(key.everSigns()).isTrue();
    }

    @Test
    void trusted_key_never_signs() {
        AuthorityKey key = AuthorityKey.trusted(RFC_8037, MADE);

        assertThat(key.everSigns()).isFalse();
        assertThat(key.signsAt(MADE)).isFalse();
        assertThat(key.isTrustedAt(Instant.MAX)).isTrue();
    }

    @Test
    void times_out_of_order_are_refused_with_all_of_them() {
        assertThatThrownBy(() -> AuthorityKey.of(RFC_8037, MADE, MADE.minusSeconds(1)))
                .isInstanceOf(LanternException.class)
                .hasMessage("authority key kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k: made 2026-01-31T12:00:00Z,"
                        + " signs from 2026-01-31T11:59:59Z until further notice, is trusted until further notice;"
                        + " allowed are times in this order, and an end of trust only behind an end of signing");
        AuthorityKey key = AuthorityKey.of(RFC_8037, MADE, MADE);
        assertThatThrownBy(() -> key.signingUntil(MADE.minusSeconds(1))).hasMessageContaining("in this order");
        assertThatThrownBy(() -> key.retired(MADE.plus(HOUR), MADE.plus(HOUR).minusNanos(1)))
                .hasMessageContaining("in this order");
    }

    @Test
    void key_of_another_length_is_refused() {
        assertThatThrownBy(() -> AuthorityKey.of(new byte[31], MADE, MADE))
                .hasMessage("an authority key is an Ed25519 key of 32 bytes, found 31");
    }

    @Test
    void key_is_a_value_that_no_array_changes() {
        byte[] bytes = RFC_8037.clone();
        AuthorityKey key = AuthorityKey.of(bytes, MADE, MADE);
        bytes[0] ^= 1;
        key.publicKey()[0] ^= 1;

        assertThat(key.publicKey()).isEqualTo(RFC_8037);
        assertThat(key)
                .isEqualTo(AuthorityKey.of(RFC_8037, MADE, MADE))
                .hasSameHashCodeAs(AuthorityKey.of(RFC_8037, MADE, MADE));
        assertThat(key)
                .isNotEqualTo(key.signingUntil(MADE))
                .isNotEqualTo(AuthorityKey.of(RFC_8037, MADE, MADE.plus(HOUR)));
        assertThat(key.signingUntil(MADE)).isNotEqualTo(key.retired(MADE, MADE));
        assertThat(key.toString()).contains("kPrK_qmx", "signs from 2026-01-31T12:00:00Z until further notice");
    }
}
