package dev.lantern.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretValuesTest {
    private static final byte[] BYTES = "canary-1234".getBytes(UTF_8);
    private static final Duration TTL = Duration.ofMinutes(5);

    @Test
    void a_value_gives_copies_until_it_is_closed_and_then_nothing() {
        byte[] mine = BYTES.clone();
        SecretValue value = SecretValue.of(mine);
        mine[0] = 0;
        value.reveal()[1] = 0;
        assertThat(value.reveal()).isEqualTo(BYTES);

        value.close();
        value.close();

        assertThatThrownBy(value::reveal)
                .isInstanceOf(LanternException.class)
                .hasMessage("a secret's value was closed, and its bytes are wiped; have it issued again");
    }

    @Test
    void a_value_has_one_byte_at_least_and_64_kib_at_most() {
        assertThat(SecretValue.of(new byte[SecretValue.MAX_LENGTH]).reveal()).hasSize(65536);
        assertThatThrownBy(() -> SecretValue.of(new byte[0]))
                .hasMessage("a secret's value has 1 to 65536 bytes, found 0");
        assertThatThrownBy(() -> SecretValue.of(new byte[65537]))
                .hasMessage("a secret's value has 1 to 65536 bytes, found 65537");
    }

    @Test
    void a_value_shows_nothing_and_equals_no_other_of_the_same_bytes() {
        SecretValue value = SecretValue.of(BYTES);

        assertThat(value).hasToString("SecretValue[…]");
        assertThat(value).isNotEqualTo(SecretValue.of(BYTES));
    }

    @Test
    void an_issued_secret_shows_all_but_its_value() {
        IssuedSecret issued = new IssuedSecret(
                SecretValue.of(BYTES), SecretMode.DYNAMIC, Optional.of("db/creds/app/1"), TTL, Optional.empty());

        assertThat(issued).hasToString("IssuedSecret[DYNAMIC, handle=db/creds/app/1, ttl=PT5M, version=none]");
        assertThat(IssuedSecret.ofStatic(SecretValue.of(BYTES), TTL))
                .hasToString("IssuedSecret[STATIC, handle=none, ttl=PT5M, version=none]");
    }

    @Test
    void a_handle_goes_with_a_dynamic_secret_and_with_no_other() {
        SecretValue value = SecretValue.of(BYTES);

        assertThatThrownBy(
                        () -> new IssuedSecret(value, SecretMode.STATIC, Optional.of("handle"), TTL, Optional.empty()))
                .hasMessage("a STATIC secret with the handle \"handle\": a DYNAMIC one has a handle that is not empty,"
                        + " a STATIC one has none");
        for (Optional<String> none : List.of(Optional.of(""), Optional.<String>empty())) {
            assertThatThrownBy(() -> new IssuedSecret(value, SecretMode.DYNAMIC, none, TTL, Optional.empty()))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("a DYNAMIC one has a handle that is not empty");
        }
        assertThatThrownBy(() -> IssuedSecret.ofStatic(value, Duration.ZERO))
                .hasMessage("an issued secret is good for some time, found PT0S");
    }

    @Test
    void a_place_has_names_that_no_path_bends() {
        assertThat(new SecretPlace("acme", "api-key.v2")).hasToString("acme/api-key.v2");
        for (String name :
                List.of("", "..", ".", "a/b", "a\\b", "%2e", "__tenant__", "a b", "a\n", "ü", "x".repeat(129))) {
            assertThatThrownBy(() -> new SecretPlace(name, "key"))
                    .as(name)
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("tenant of a secret ");
            assertThatThrownBy(() -> new SecretPlace("acme", name))
                    .as(name)
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("key of a secret ");
        }
    }
}
