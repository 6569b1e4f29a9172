package dev.lantern.core.seal;

import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A ring that does not change. The first key is the current one. */
record HeldKeys(List<SealKey> keys) implements KeyRing {

    HeldKeys {
        keys = List.copyOf(keys);
        TreeSet<String> ids = new TreeSet<>();
        for (SealKey key : keys) {
            if (!ids.add(key.id())) {
                throw new LanternException(
                        "two seal keys have the id \"" + key.id() + "\"; an id names one key for ever");
            }
        }
    }

    static HeldKeys of(SealKey current, SealKey... former) {
        List<SealKey> keys = new ArrayList<>(List.of(current));
        keys.addAll(Arrays.asList(former));
        return new HeldKeys(keys);
    }

    @Override
    public SealKey current() {
        return keys.get(0);
    }

    @Override
    public Optional<SealKey> find(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    @Override
    public void close() {
        keys.forEach(SealKey::close);
    }
}
