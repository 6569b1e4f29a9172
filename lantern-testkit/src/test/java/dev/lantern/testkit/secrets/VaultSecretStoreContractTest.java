package dev.lantern.testkit.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.testkit.contract.SecretStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class VaultSecretStoreContractTest extends SecretStoreContract {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final FakeVault vault = FakeVault.start();

    @BeforeAll
    static void tell() {
        System.out.println("Vault API: FAKE");
    }

    @Override
    protected SecretStore open() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "a signed token\n");
        vault.role("kubernetes", "lantern", "a signed token", Duration.ofHours(1), "");
        return VaultSecretStore.at(vault.address())
                .login("kubernetes", "lantern", token)
                .dynamic("database", "lantern/{tenant}/database/creds/app")
                .clock(vault.clock())
                .build();
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    @Override
    protected void put(SecretPlace place, byte[] value) throws IOException {
        vault.put(path(place), JSON.writeValueAsString(Map.of("value", new String(value, UTF_8))));
    }

    @Override
    protected void remove(SecretPlace place) {
        vault.delete(path(place));
    }

    private static String path(SecretPlace place) {
        return "lantern/" + place.tenant() + "/" + place.key();
    }

    @Override
    protected boolean makeDynamic() {
        for (String tenant : new String[] {"acme", "umbrella"}) {
            vault.engine(
                    "lantern/" + tenant + "/database/creds/app",
                    longest(),
                    longest().multipliedBy(4),
                    number -> "{\"username\":\"v-" + number + "\",\"password\":\"p-" + number + "\"}");
        }
        return true;
    }

    @Override
    protected boolean takesAnyBytes() {
        return false;
    }
}
