package dev.lantern.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import java.time.Duration;

class InMemorySecretStoreTest extends SecretStoreContract {
    private final InMemorySecretStore memory = new InMemorySecretStore();

    @Override
    protected SecretStore open() {
        return memory;
    }

    @Override
    protected void put(SecretPlace place, byte[] value) {
        memory.put(place, value);
    }

    @Override
    protected void remove(SecretPlace place) {
        memory.remove(place);
    }

    @Override
    protected boolean makeDynamic() {
        memory.makes(MADE, longest(), number -> ("made-" + number).getBytes(UTF_8));
        memory.makes(
                new SecretPlace("umbrella", MADE.key()),
                Duration.ofHours(1),
                number -> ("umbrella-" + number).getBytes(UTF_8));
        return true;
    }
}
