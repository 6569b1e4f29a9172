package dev.lantern.testkit.contract;

import dev.lantern.core.logs.InMemoryLogStore;
import dev.lantern.logs.LogStore;

class InMemoryLogStoreTest extends LogStoreContract {
    @Override
    protected LogStore open() {
        return new InMemoryLogStore();
    }
}
