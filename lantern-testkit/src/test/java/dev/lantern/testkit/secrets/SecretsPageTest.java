package dev.lantern.testkit.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.secrets.EnvironmentSecretStore;
import dev.lantern.core.secrets.FileSecretStore;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.core.secrets.Masks;
import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/secrets.md shows. */
class SecretsPageTest {
    private static final SecretPlace PLACE = new SecretPlace("acme", "api-key");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void store_over_the_vault_api_is_built_without_a_server() {
        // tag::vault[]
        VaultSecretStore.Builder bao = VaultSecretStore.at(URI.create("https://bao.example:8200"))
                .login("kubernetes", "lantern", Path.of("/var/run/secrets/lantern/bao-token"))
                .kv("secret", "lantern/{tenant}/{key}")
                .dynamic("database", "lantern/{tenant}/database/creds/app");
        // end::vault[]
        try (SecretStore store = bao.build()) {
            assertThat(store.name()).isEqualTo("the Vault API at https://bao.example:8200");
        }
    }

    @Test
    void stores_for_development_read_what_the_host_named(@TempDir Path root) {
        // tag::development[]
        SecretStore files = FileSecretStore.in(root); // <root>/acme/api-key, mode 600
        SecretStore variables = EnvironmentSecretStore.of(Map.of(new SecretPlace("acme", "api-key"), "ACME_API_KEY"));
        // end::development[]
        assertThat(files.issue(PLACE, MINUTE, MINUTE)).isEmpty();
        assertThat(variables.issue(PLACE, MINUTE, MINUTE).isPresent()).isEqualTo(System.getenv("ACME_API_KEY") != null);
    }

    @Test
    void store_for_tests_makes_secrets_and_tells_what_became_of_them() {
        SecretPlace database = new SecretPlace("acme", "database");
        // tag::memory[]
        InMemorySecretStore secrets = new InMemorySecretStore()
                .put(new SecretPlace("acme", "api-key"), "s3cret".getBytes(UTF_8))
                .makes(database, Duration.ofHours(1), number -> ("password-" + number).getBytes(UTF_8));
        // end::memory[]
        Optional<String> handle =
                secrets.issue(database, MINUTE, MINUTE).orElseThrow().handle();
        secrets.revoke(database, handle.orElseThrow(), MINUTE);
        assertThat(secrets.revoked()).containsExactly(handle.orElseThrow());
    }

    @Test
    void masks_replace_a_value_and_name_what_is_too_short() {
        SecretValue value = SecretValue.of("s3cret-value".getBytes(UTF_8));
        SecretValue pin = SecretValue.of("1234".getBytes(UTF_8));
        // tag::masks[]
        Masks masks = Masks.builder().add("API_KEY", value).add("PIN", pin).build();

        assertThat(masks.mask("curl -H 'Authorization: Basic dTpzM2NyZXQtdmFsdWU='"))
                .isEqualTo("curl -H 'Authorization: Basic dT[secret API_KEY]'");
        assertThat(masks.tooShort()).containsExactly("PIN");
        // end::masks[]
    }
}
