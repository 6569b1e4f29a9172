package dev.lantern.testkit.sim;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Where instances stand. It outlives hosts, and tells all of them what ended, as far as its notices arrive. */
final class Cluster {
    private final World world;
    private final Map<InstanceRef, SimInstance> standing = new TreeMap<>();
    private final List<SimHost> hosts = new ArrayList<>();
    private final Map<dev.lantern.value.RunRef, RunPlan> plans;
    private final SimNetwork network;
    private int started;

    Cluster(World world, Map<dev.lantern.value.RunRef, RunPlan> plans, SimNetwork network) {
        this.world = world;
        this.plans = plans;
        this.network = network;
    }

    void tells(SimHost host) {
        hosts.add(host);
    }

    int started() {
        return started;
    }

    List<InstanceRef> standing() {
        return List.copyOf(standing.keySet());
    }

    Optional<SimInstance> find(InstanceRef instance) {
        return Optional.ofNullable(standing.get(instance));
    }

    List<SimInstance> instances() {
        return List.copyOf(standing.values());
    }

    /** Idempotent by run and epoch. */
    void start(InstanceStart start) {
        if (standing.containsKey(start.instance())) {
            return;
        }
        started++;
        world.timeline().note("cluster", () -> start.instance() + " is started");
        SimInstance instance = new SimInstance(
                world,
                this,
                network,
                start,
                Objects.requireNonNull(plans.get(start.instance().run()), "plan"),
                started);
        standing.put(start.instance(), instance);
        instance.boot();
    }

    void gone(SimInstance instance, InstanceEnd end) {
        standing.remove(instance.ref(), instance);
        world.timeline().note("cluster", () -> instance.ref() + " is gone: " + end.describe());
        for (SimHost host : hosts) {
            if (!world.weather().strikes(world.weather().noticeLost)) {
                tell(host, instance.ref(), end, world.weather().messageLatency());
            }
            if (world.weather().strikes(world.weather().noticeRepeated)) {
                tell(host, instance.ref(), end, world.dice().millis(100, 20_000));
            }
        }
    }

    private void tell(SimHost host, InstanceRef instance, InstanceEnd end, Duration delay) {
        world.agenda().in(delay, () -> host.told(instance, end));
    }
}
