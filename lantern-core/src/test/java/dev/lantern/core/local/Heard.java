package dev.lantern.core.local;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A listener that remembers, and that can be waited for. Thread-safe. */
final class Heard implements SubstrateListener {
    private final List<InstanceEnd> ends = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private long characters;

    @Override
    public synchronized void ended(InstanceRef instance, InstanceEnd end) {
        ends.add(end);
        notifyAll();
    }

    @Override
    public void verified(InstanceRef instance, Verified verified) {
        throw new AssertionError("a plain process has nothing to verify: " + verified);
    }

    @Override
    public synchronized void logged(InstanceRef instance, Instant at, String stream, String line) {
        characters += line.length();
        if (lines.size() < 10_000) {
            lines.add(stream + ": " + line);
        }
        notifyAll();
    }

    synchronized List<InstanceEnd> ends() {
        return List.copyOf(ends);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    synchronized long characters() {
        return characters;
    }

    /** The first end, or an error after 20 seconds. */
    InstanceEnd end() {
        await("an end", () -> !ends.isEmpty());
        return ends().get(0);
    }

    /** The first so many ends. */
    List<InstanceEnd> ends(int count) {
        await(count + " ends", () -> ends.size() >= count);
        return ends();
    }

    /** The first so many lines. */
    List<String> lines(int count) {
        await(count + " lines", () -> lines.size() >= count);
        return lines();
    }

    /** The first line that begins with this, or an error after 20 seconds. */
    String line(String beginning) {
        await("a line " + beginning, () -> lines.stream().anyMatch(line -> line.startsWith(beginning)));
        return lines().stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    private synchronized void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("no " + what + " within 20 s; ends " + ends + ", lines " + lines);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
