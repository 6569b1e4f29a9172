package dev.lantern.testkit.contract;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.SubstrateListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A listener that remembers everything. Thread-safe. */
final class Overheard implements SubstrateListener {
    private final Map<InstanceRef, List<InstanceEnd>> ends = new TreeMap<>();
    private final Map<InstanceRef, List<String>> lines = new TreeMap<>();
    private int count;

    @Override
    public synchronized void ended(InstanceRef instance, InstanceEnd end) {
        ends.computeIfAbsent(instance, i -> new ArrayList<>()).add(end);
        count++;
    }

    @Override
    public synchronized void logged(InstanceRef instance, String stream, String line) {
        lines.computeIfAbsent(instance, i -> new ArrayList<>()).add(stream + ": " + line);
        count++;
    }

    synchronized List<InstanceEnd> ends(InstanceRef instance) {
        return List.copyOf(ends.getOrDefault(instance, List.of()));
    }

    synchronized List<String> lines(InstanceRef instance) {
        return List.copyOf(lines.getOrDefault(instance, List.of()));
    }

    /** Everything that was told. */
    synchronized int count() {
        return count;
    }
}
