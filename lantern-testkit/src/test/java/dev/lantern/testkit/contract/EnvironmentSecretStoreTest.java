package dev.lantern.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.secrets.EnvironmentSecretStore;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnvironmentSecretStoreTest extends SecretStoreContract {
    private final Map<String, String> environment = new TreeMap<>();

    @Override
    protected SecretStore open() {
        return EnvironmentSecretStore.of(
                Map.of(PLACE, "ACME_KEY", new SecretPlace("umbrella", PLACE.key()), "UMBRELLA_KEY"),
                variable -> Optional.ofNullable(environment.get(variable)));
    }

    private static String variable(SecretPlace place) {
        return place.tenant().equals("acme") ? "ACME_KEY" : "UMBRELLA_KEY";
    }

    @Override
    protected void put(SecretPlace place, byte[] value) {
        environment.put(variable(place), new String(value, UTF_8));
    }

    @Override
    protected void remove(SecretPlace place) {
        environment.remove(variable(place));
    }

    @Override
    protected boolean takesAnyBytes() {
        return false;
    }

    @Test
    void a_variable_that_the_host_did_not_name_is_not_read_whatever_a_key_is_called() {
        environment.put("PATH", "canary");
        environment.put("acme", "canary");
        environment.put("ACME_KEY", "");

        assertThat(text(new SecretPlace("acme", "PATH"))).isEmpty();
        assertThat(text(new SecretPlace("acme", "ACME_KEY"))).isEmpty();
        assertThat(text(new SecretPlace("acme", "acme"))).isEmpty();
        assertThat(text(PLACE)).as("an empty variable").isEmpty();
    }
}
