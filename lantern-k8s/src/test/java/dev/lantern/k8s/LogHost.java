package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import dev.lantern.value.LanternException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A host that keeps every line it is told, and what it is said to have kept from before. */
final class LogHost implements SubstrateHost, SubstrateListener {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    final Map<InstanceRef, List<Told>> lines = new ConcurrentHashMap<>();
    final Map<InstanceRef, LogPosition> kept = new ConcurrentHashMap<>();
    final AtomicInteger threads = new AtomicInteger();
    final AtomicInteger mostThreads = new AtomicInteger();
    final List<RuntimeException> thrown = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger keptFails = new AtomicInteger();

    /** A line as it was told. */
    record Told(Instant at, String line) {}

    List<Told> lines(InstanceRef instance) {
        List<Told> told = lines.getOrDefault(instance, List.of());
        synchronized (told) {
            return List.copyOf(told);
        }
    }

    int count(InstanceRef instance) {
        return lines.getOrDefault(instance, List.of()).size();
    }

    List<String> texts(InstanceRef instance) {
        return lines(instance).stream().map(Told::line).toList();
    }

    /** Waits until something holds, and says what was told if it never does. */
    void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("%s; told %s", what, lines.keySet())
                    .isLessThan(end);
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public String installation() {
        return "6f1c9d2e-8a47-4b5e-9c3d-0e2f4a6b8c1d";
    }

    @Override
    public SubstrateListener listener() {
        return this;
    }

    @Override
    public void work(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    mostThreads.accumulateAndGet(threads.incrementAndGet(), Math::max);
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        thrown.add(e);
                    } finally {
                        threads.decrementAndGet();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Override
    public RandomGenerator chance() {
        return new Random(1);
    }

    @Override
    public LogPosition kept(InstanceRef instance) {
        if (keptFails.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new LanternException("the log store is away");
        }
        return kept.getOrDefault(instance, LogPosition.START);
    }

    @Override
    public void verified(InstanceRef instance, Verified verified) {
        throw new AssertionError("logs verify nothing");
    }

    @Override
    public void ended(InstanceRef instance, InstanceEnd end) {
        throw new AssertionError("logs end nothing");
    }

    @Override
    public void logged(InstanceRef instance, Instant at, String stream, String line) {
        assertThat(stream).isEqualTo("log");
        lines.computeIfAbsent(instance, any -> Collections.synchronizedList(new ArrayList<>()))
                .add(new Told(at, line));
    }
}
