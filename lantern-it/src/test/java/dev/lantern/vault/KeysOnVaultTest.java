package dev.lantern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.crash.Wait;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Entries of a real KV engine, version 2. */
class KeysOnVaultTest extends VaultTest {

    @Test
    void latest_version_is_issued_and_told_whatever_became_of_those_before() {
        vault.put("acme", "api-key", "one");
        assertThat(version()).isEqualTo("1 one");
        vault.put("acme", "api-key", "two");
        assertThat(version()).isEqualTo("2 two");

        destroy(1);
        assertThat(version()).isEqualTo("2 two");
        vault.put("acme", "api-key", "three");
        assertThat(version()).isEqualTo("3 three");
    }

    @Test
    void deleted_version_is_empty_until_it_is_undeleted_or_another_is_put() {
        vault.put("acme", "api-key", "one");
        vault.put("acme", "api-key", "two");
        vault.delete("acme", "api-key");
        assertThat(text(KEY)).as("an older version is not issued in its place").isEmpty();

        vault.server().must("PUT", "secret/undelete/lantern/acme/api-key", Map.of("versions", List.of(2)));
        assertThat(version()).isEqualTo("2 two");
        vault.delete("acme", "api-key");
        vault.put("acme", "api-key", "three");
        assertThat(version()).isEqualTo("3 three");
    }

    @Test
    void destroyed_version_is_empty() {
        vault.put("acme", "api-key", "one");

        destroy(1);

        assertThat(text(KEY)).isEmpty();
    }

    @Test
    void entry_whose_time_is_over_is_empty() {
        vault.put("acme", "api-key", "one");
        vault.server().must("POST", "secret/metadata/lantern/acme/api-key", Map.of("delete_version_after", "1s"));
        vault.put("acme", "api-key", "two");

        Wait.until("it is over", () -> text(KEY).isEmpty());
    }

    @Test
    void entry_that_is_gone_with_its_history_begins_anew() {
        vault.put("acme", "api-key", "one");
        vault.put("acme", "api-key", "two");

        vault.server().must("DELETE", "secret/metadata/lantern/acme/api-key", Map.of());

        assertThat(text(KEY)).isEmpty();
        vault.put("acme", "api-key", "three");
        assertThat(version()).isEqualTo("1 three");
    }

    @Test
    void value_is_the_field_that_was_named_and_text() throws Exception {
        vault.put("acme", "api-key", Map.of("password", "s3cret", "value", 7, "empty", ""));
        for (String field : List.of("value", "empty", "absent")) {
            try (VaultSecretStore named = vault.store().valueField(field).build()) {
                assertThat(named.issue(KEY, TTL, WITHIN)).as(field).isEmpty();
            }
        }
        try (VaultSecretStore named = vault.store().valueField("password").build()) {
            assertThat(named.issue(KEY, TTL, WITHIN).orElseThrow().value().reveal())
                    .asString()
                    .isEqualTo("s3cret");
        }
    }

    @Test
    void value_may_be_as_large_as_it_may_be_and_no_larger() {
        vault.put("acme", "api-key", "\u0001".repeat(SecretValue.MAX_LENGTH));
        assertThat(text(KEY).orElseThrow()).hasSize(SecretValue.MAX_LENGTH);

        vault.put("acme", "api-key", "x".repeat(SecretValue.MAX_LENGTH + 1));
        Assertions.assertThatThrownBy(() -> store.issue(KEY, TTL, WITHIN))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("1 to 65536 bytes");
    }

    @Test
    void entry_stands_where_the_store_is_told_to_look() throws Exception {
        vault.server().must("POST", "sys/mounts/team/keys", Map.of("type", "kv", "options", Map.of("version", "2")));
        vault.policy("path \"team/keys/data/of/acme/*\" { capabilities = [\"read\"] }");
        Wait.until(
                "the engine is ready",
                () -> vault.server()
                                .ask(
                                        "POST",
                                        "team/keys/data/of/acme/api-key",
                                        Map.of("data", Map.of("value", "s3cret")))
                                .code()
                        == 200);
        try (VaultSecretStore elsewhere =
                vault.store().kv("team/keys", "of/{tenant}/{key}").build()) {
            assertThat(elsewhere.issue(KEY, TTL, WITHIN)).isPresent();
            assertThat(elsewhere.issue(new SecretPlace("umbrella", "api-key"), TTL, WITHIN))
                    .isEmpty();
        } finally {
            vault.server().must("DELETE", "sys/mounts/team/keys", Map.of());
        }
    }

    @Test
    void engine_of_version_1_and_none_at_all_are_empty_and_the_operator_is_told() throws Exception {
        vault.server().must("POST", "sys/mounts/old", Map.of("type", "kv", "options", Map.of("version", "1")));
        vault.policy("path \"old/*\" { capabilities = [\"read\"] }\npath \"none/*\" { capabilities = [\"read\"] }");
        try {
            vault.server().must("POST", "old/lantern/acme/api-key", Map.of("value", "s3cret"));
            for (String mount : List.of("old", "none")) {
                try (VaultSecretStore other =
                        vault.store().kv(mount, "lantern/{tenant}/{key}").build()) {
                    String told = logged(
                            () -> assertThat(other.issue(KEY, TTL, WITHIN)).isEmpty());
                    assertThat(told)
                            .contains("there is nothing at GET /v1/" + mount + "/data/lantern/acme/api-key (HTTP 404)");
                }
            }
        } finally {
            vault.server().must("DELETE", "sys/mounts/old", Map.of());
        }
    }

    private String version() {
        IssuedSecret issued = store.issue(KEY, TTL, WITHIN).orElseThrow();
        try (SecretValue value = issued.value()) {
            return issued.version().orElseThrow() + " " + new String(value.reveal(), StandardCharsets.UTF_8);
        }
    }

    private void destroy(int version) {
        vault.server().must("PUT", "secret/destroy/lantern/acme/api-key", Map.of("versions", List.of(version)));
    }
}
