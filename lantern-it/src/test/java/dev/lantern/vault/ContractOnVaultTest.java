package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.testkit.contract.SecretStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What every store does, with a policy that is the page's with {@code +} in the place of the tenant. */
@OnVault
class ContractOnVaultTest extends SecretStoreContract {
    @TempDir
    static Path directory;

    private static RealVault vault;

    @BeforeAll
    static void start() throws Exception {
        vault = RealVault.start(directory);
        vault.policy(RealVault.policyOfThePage().replace("/acme/", "/+/"));
    }

    @AfterAll
    static void stop() {
        if (vault != null) {
            vault.close();
        }
    }

    @Override
    protected SecretStore open() throws Exception {
        vault.empty();
        return vault.store().build();
    }

    @Override
    protected void put(SecretPlace place, byte[] value) {
        vault.put(place.tenant(), place.key(), new String(value, UTF_8));
    }

    @Override
    protected void remove(SecretPlace place) {
        vault.delete(place.tenant(), place.key());
    }

    @Override
    protected boolean makeDynamic() {
        vault.credentials(longest(), longest().multipliedBy(4));
        return true;
    }

    @Override
    protected boolean takesAnyBytes() {
        return false;
    }
}
