package dev.lantern.testkit.contract;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A listener that remembers everything. Thread-safe. */
final class Overheard implements SubstrateListener {
    private final Map<InstanceRef, List<InstanceEnd>> ends = new TreeMap<>();
    private final Map<InstanceRef, List<String>> lines = new TreeMap<>();
    private final Map<InstanceRef, List<Verified>> verified = new TreeMap<>();
    private final Map<InstanceRef, LogPosition> positions = new TreeMap<>();
    private int count;

    @Override
    public synchronized void ended(InstanceRef instance, InstanceEnd end) {
        ends.computeIfAbsent(instance, i -> new ArrayList<>()).add(end);
        count++;
    }

    @Override
    public synchronized void verified(InstanceRef instance, Verified passed) {
        verified.computeIfAbsent(instance, i -> new ArrayList<>()).add(passed);
    }

    @Override
    public synchronized void logged(InstanceRef instance, Instant at, String stream, String line) {
        lines.computeIfAbsent(instance, i -> new ArrayList<>()).add(stream + ": " + line);
        positions.merge(instance, LogPosition.START.plus(at), (before, first) -> before.plus(at));
        count++;
    }

    synchronized List<InstanceEnd> ends(InstanceRef instance) {
        return List.copyOf(ends.getOrDefault(instance, List.of()));
    }

    synchronized List<String> lines(InstanceRef instance) {
        return List.copyOf(lines.getOrDefault(instance, List.of()));
    }

    synchronized List<Verified> verified(InstanceRef instance) {
        return List.copyOf(verified.getOrDefault(instance, List.of()));
    }

    synchronized LogPosition position(InstanceRef instance) {
        return positions.getOrDefault(instance, LogPosition.START);
    }

    /** Everything that was told. */
    synchronized int count() {
        return count;
    }
}
