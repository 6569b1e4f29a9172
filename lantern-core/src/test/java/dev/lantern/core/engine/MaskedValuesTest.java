package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MaskedValuesTest {
    private final MaskedValues values = new MaskedValues();

    @Test
    void former_values_are_masked_beside_the_newest() {
        for (int i = 1; i <= 32; i++) {
            values.add("TOKEN", value("canary-" + i + "-"));
        }

        for (int i = 1; i <= 32; i++) {
            assertThat(values.mask("x canary-" + i + "- x")).isEqualTo("x [secret TOKEN] x");
        }
    }

    @Test
    void only_the_oldest_of_one_secret_is_forgotten_and_none_of_another() {
        values.add("DATABASE", value("of-the-database"));
        for (int i = 1; i <= 33; i++) {
            values.add("TOKEN", value("canary-" + i + "-"));
        }

        assertThat(values.mask("canary-1-")).isEqualTo("canary-1-");
        assertThat(values.mask("canary-2-")).isEqualTo("[secret TOKEN]");
        assertThat(values.mask("of-the-database")).isEqualTo("[secret DATABASE]");
    }

    /** Renewals bring the same value again and again: it takes no other one's place. */
    @Test
    void value_that_comes_again_counts_once() {
        values.add("TOKEN", value("the-first-one"));
        for (int i = 0; i < 40; i++) {
            values.add("TOKEN", value("the-second-one"));
        }

        assertThat(values.mask("the-first-one the-second-one")).isEqualTo("[secret TOKEN] [secret TOKEN]");
    }

    @Test
    void value_that_two_secrets_have_is_known_of_both() {
        for (int i = 1; i <= 32; i++) {
            values.add("TOKEN", value(i == 1 ? "the-same-one" : "canary-" + i + "-"));
        }
        values.add("DATABASE", value("the-same-one"));
        values.add("TOKEN", value("canary-33-"));

        assertThat(values.mask("the-same-one")).isEqualTo("[secret DATABASE]");
    }

    @Test
    void what_is_too_short_to_be_masked_is_told() {
        assertThat(values.add("TOKEN", value("long enough"))).isTrue();
        assertThat(values.add("PIN", value("4711"))).isFalse();
        assertThat(values.add("PIN", value("4711"))).isFalse();
        assertThat(values.mask("4711")).isEqualTo("4711");
    }

    @Test
    void value_that_was_added_stays_its_givers_and_may_be_closed() {
        SecretValue value = value("canary-4711");
        values.add("TOKEN", value);
        value.close();

        values.add("OTHER", value("of another one"));

        assertThat(values.mask("canary-4711")).isEqualTo("[secret TOKEN]");
    }

    @Test
    void line_does_not_pass_once_nothing_is_known_any_more() {
        values.add("TOKEN", value("canary-4711"));
        values.close();

        assertThatThrownBy(() -> values.mask("canary-4711"))
                .isInstanceOf(LanternException.class)
                .hasMessageNotContaining("canary");
    }

    private static SecretValue value(String text) {
        return SecretValue.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
