package dev.lantern.agent.harness;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps secrets in memory and what was done with them; refuses what the test says. */
final class KeptSecrets implements SecretsPlace {
    final Map<String, String> there = new LinkedHashMap<>();
    final List<String> done = new ArrayList<>();
    private String broken = "";

    /** From now on neither takes nor removes this one. */
    void breaks(String name) {
        broken = name;
    }

    @Override
    public void put(String name, Confidential value) {
        requireWhole(name);
        there.put(name, new String(value.reveal(), StandardCharsets.UTF_8));
        done.add("put " + name);
    }

    @Override
    public void remove(String name) {
        requireWhole(name);
        there.remove(name);
        done.add("remove " + name);
    }

    @Override
    public void removeAll() {
        there.clear();
        done.add("remove all");
    }

    private void requireWhole(String name) {
        if (name.equals(broken)) {
            throw new LanternException("no space is left");
        }
    }
}
