package dev.lantern.vault;

import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.crash.Wait;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that was started for it. */
final class RealBackend implements Backend {
    private final RealVault vault;

    RealBackend(RealVault vault) {
        this.vault = vault;
    }

    @Override
    public VaultSecretStore store() throws Exception {
        return vault.store().build();
    }

    @Override
    public void signs(boolean right) throws Exception {
        TokenIssuer issuer = right ? vault.issuer() : TokenIssuer.generated();
        Files.writeString(vault.token(), issuer.token(TokenIssuer.AUDIENCE, Duration.ofMinutes(10)));
    }

    @Override
    public void put(String tenant, String key, Map<String, ?> fields) {
        vault.put(tenant, key, fields);
    }

    @Override
    public void delete(String tenant, String key) {
        vault.delete(tenant, key);
    }

    @Override
    public void destroy(String tenant, String key, int version) {
        vault.server()
                .must("PUT", "secret/destroy/lantern/" + tenant + "/" + key, Map.of("versions", List.of(version)));
    }

    @Override
    public void credentials(Duration life, Duration longest) {
        vault.credentials(life, longest);
    }

    @Override
    public void forgetCredentials() {
        vault.server().must("DELETE", "lantern/acme/database/roles/app", Map.of());
    }

    @Override
    public void away(boolean on) {
        if (on) {
            vault.database().lockOut();
        } else {
            vault.database().letIn();
        }
    }

    @Override
    public void revokeTokens() {
        vault.server().revokeTokens();
        Wait.until("what was made with them is gone", () -> vault.database().users() == 0);
    }

    @Override
    public void seal(boolean on) {
        if (on) {
            vault.server().seal();
        } else {
            vault.server().unseal();
        }
    }

    @Override
    public void hasEnded(String lease) {
        Wait.until(
                "it has ended",
                () -> vault.server()
                                .ask("PUT", "sys/leases/lookup", Map.of("lease_id", lease))
                                .code()
                        != 200);
    }
}
