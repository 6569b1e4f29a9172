package dev.lantern.spec;

import static dev.lantern.spec.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRefTest {
    @Test
    void reads_a_tenant_and_the_placeholder() {
        SecretUri named = SecretUri.parse("lantern.secret://tenant/acme/key/openai");
        SecretUri own = SecretUri.parse("lantern.secret://tenant/__tenant__/key/openai");

        assertThat(named.tenant()).contains("acme");
        assertThat(own.tenant()).isEmpty();
        assertThat(own.key()).isEqualTo("openai");
        assertThat(own).isNotEqualTo(named).isEqualTo(SecretUri.ofOwnTenant("openai"));
    }

    @Test
    void the_short_form_is_the_placeholder() {
        assertThat(SecretUri.parse("lantern.secret://__tenant__/key/openai"))
                .hasToString("lantern.secret://tenant/__tenant__/key/openai");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lantern.secret://", "lantern.secret://tenant/acme", "lantern.secret://acme/key/x",
                "lantern.secret://tenant/acme/key/", "lantern.secret://tenant//key/x",
                        "lantern.secret://tenant/a/key/../x",
                "lantern.secret://tenant/a/key/x?y", "lantern.secret://tenant/a/key/x#y",
                        "lantern.secret://tenant/a/key/x/",
                "LANTERN.SECRET://tenant/a/key/x", " lantern.secret://tenant/a/key/x",
                        "lantern.secret://tenant/a%2fb/key/x",
                "lantern.secret://tenant/__other__/key/x", "lantern.secret://tenant/a/key/x\n"
            })
    void refuses_other_references(String text) {
        assertThat(refusalOf(() -> SecretUri.parse(text)))
                .contains(
                        "a reference of another form", "lantern.secret://tenant/<tenant id or __tenant__>/key/<name>");
    }

    @Test
    void never_shows_what_may_be_the_secret_itself() {
        assertThat(refusalOf(() -> SecretUri.parse("hunter2-canary")))
                .doesNotContain("hunter2")
                .contains("may be a secret", "store the value in the secret store");
    }

    @Test
    void a_lease_lasts_five_minutes_unless_told_and_fifteen_at_most() {
        SecretRef secret = SecretRef.of("API_KEY", SecretUri.ofOwnTenant("x"));

        assertThat(secret.ttl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(secret.ttl("15m").ttl()).isEqualTo(SecretRef.MAX_TTL);
        assertThat(secret.ttl("300s")).isEqualTo(secret);
        assertThat(refusalOf(() -> secret.ttl("16m"))).contains("found 16m; allowed: a duration from 1s to 15m");
        assertThat(refusalOf(() -> secret.ttl(Duration.ofMillis(999)))).contains("found 999ms");
        assertThat(refusalOf(() -> secret.ttl(Duration.ofSeconds(-5)))).contains("found PT-5S");
        assertThat(refusalOf(() -> secret.ttl("5"))).contains("did you mean \"5s\"?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A-B", "A B", "A/B", "..", "É", "A\n"})
    void the_name_is_a_variable_name_and_so_a_safe_file_name(String name) {
        assertThat(refusalOf(() -> SecretRef.of(name, SecretUri.ofOwnTenant("x"))))
                .contains("allowed: 1 to 128 of");
    }

    @Test
    void the_name_is_not_ours() {
        assertThat(refusalOf(() -> SecretRef.of("LANTERN_URL", SecretUri.ofOwnTenant("x"))))
                .contains("do not begin with LANTERN_");
    }
}
