package dev.lantern.testkit.sim;

import dev.lantern.gate.NodeId;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Where instances stand. It outlives hosts, and tells all of them what ended, as far as its notices arrive. */
final class Cluster {
    private static final Duration TELL_AGAIN = Duration.ofSeconds(2);

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
        NodeId pinned =
                world.dice().pick(start.placement().cluster().orElseThrow().nodes());
        NodeId node = world.ground().node(pinned.name());
        world.admissions().starts(start, node);
        world.timeline().note("cluster", () -> start.instance() + " is started on " + node);
        SimInstance instance = new SimInstance(
                world,
                this,
                network,
                start,
                Objects.requireNonNull(plans.get(start.instance().run()), "plan"),
                started,
                node);
        standing.put(start.instance(), instance);
        pass(instance, pinned);
    }

    /** The checkpoints on the way in. What does not pass them never comes to run. */
    private void pass(SimInstance instance, NodeId pinned) {
        if (world.weather().strikes(world.weather().startViolates)) {
            instance.violate(Verified.POD, "a container more");
            return;
        }
        tellSometime(host -> host.told(instance.ref(), new Verified(Verified.POD, Optional.empty(), List.of())));
        if (!instance.node().equals(pinned)) {
            instance.violate(Verified.NODE, instance.node().toString());
            return;
        }
        instance.boot();
        instance.bound().ifPresent(bound -> tellSometime(host -> host.told(instance.ref(), bound)));
    }

    /** Whoever owns the run follows what its agents write. */
    void wrote(InstanceRef instance, String line) {
        hosts.forEach(host -> host.wrote(instance, line));
    }

    void gone(SimInstance instance, InstanceEnd end) {
        standing.remove(instance.ref(), instance);
        world.timeline().note("cluster", () -> instance.ref() + " is gone: " + end.describe());
        tellSometime(host -> host.told(instance.ref(), end));
    }

    /** It runs no more, and stands until somebody stops it: until then everybody is told again and again. */
    void broken(SimInstance instance, InstanceEnd.Violated end) {
        if (standing.get(instance.ref()) == instance) {
            tellSometime(host -> host.told(instance.ref(), end));
            world.agenda().in(TELL_AGAIN, () -> broken(instance, end));
        }
    }

    /** What stood of it after its end is removed. */
    void removed(SimInstance instance) {
        standing.remove(instance.ref(), instance);
    }

    /** To each host late, twice, in any order or not at all. */
    private void tellSometime(Consumer<SimHost> notice) {
        for (SimHost host : hosts) {
            if (!world.weather().strikes(world.weather().noticeLost)) {
                world.agenda().in(world.weather().messageLatency(), () -> notice.accept(host));
            }
            if (world.weather().strikes(world.weather().noticeRepeated)) {
                world.agenda().in(world.dice().millis(100, 20_000), () -> notice.accept(host));
            }
        }
    }
}
