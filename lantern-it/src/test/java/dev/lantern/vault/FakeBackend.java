package dev.lantern.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.testkit.secrets.FakeVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code FakeVault}, with a policy that allows what that of the page does. */
final class FakeBackend implements Backend {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREDENTIALS = "lantern/acme/database/creds/app";

    private final FakeVault vault;
    private final Path token;

    FakeBackend(FakeVault vault, Path token) {
        this.vault = vault;
        this.token = token;
    }

    @Override
    public VaultSecretStore store() throws Exception {
        signs(true);
        vault.role(
                "jwt",
                "lantern",
                "right",
                Duration.ofHours(1),
                "secret/data/lantern/acme/",
                CREDENTIALS,
                "sys/leases/renew/" + CREDENTIALS + "/",
                "sys/leases/revoke/" + CREDENTIALS + "/");
        return VaultSecretStore.at(vault.address())
                .login("jwt", "lantern", token)
                .dynamic("database", "lantern/{tenant}/database/creds/app")
                .clock(vault.clock())
                .build();
    }

    @Override
    public void signs(boolean right) throws Exception {
        Files.writeString(token, right ? "right" : "wrong");
    }

    @Override
    public void put(String tenant, String key, Map<String, ?> fields) {
        try {
            vault.put("lantern/" + tenant + "/" + key, JSON.writeValueAsString(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void delete(String tenant, String key) {
        vault.delete("lantern/" + tenant + "/" + key);
    }

    @Override
    public void destroy(String tenant, String key, int version) {
        // To a store it looks as if it had been deleted.
        vault.delete("lantern/" + tenant + "/" + key);
    }

    @Override
    public void credentials(Duration life, Duration longest) {
        vault.engine(
                CREDENTIALS,
                life,
                longest,
                number -> "{\"username\":\"v-" + number + "\",\"password\":\"p-" + number + "\"}");
    }

    @Override
    public void forgetCredentials() {
        vault.forget(CREDENTIALS);
    }

    @Override
    public void away(boolean on) {
        vault.away(on);
    }

    @Override
    public void revokeTokens() {
        vault.revokeTokens();
    }

    @Override
    public void seal(boolean on) {
        vault.seal(on);
    }

    @Override
    public void hasEnded(String lease) {
        vault.pass(Duration.ofSeconds(3));
    }
}
