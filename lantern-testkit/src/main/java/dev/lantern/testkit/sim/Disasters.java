package dev.lantern.testkit.sim;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Breaks something every now and then, while the storm lasts. */
final class Disasters {
    private final World world;
    private final List<SimHost> hosts;
    private final Cluster cluster;
    private final SimNetwork network;
    private final Users users;
    private final List<RunPlan> plans;
    private final Dice dice;

    private record Kind(double weight, Runnable strike) {}

    Disasters(
            World world,
            List<SimHost> hosts,
            Cluster cluster,
            SimNetwork network,
            Users users,
            Map<RunRef, RunPlan> plans) {
        this.world = world;
        this.hosts = hosts;
        this.cluster = cluster;
        this.network = network;
        this.users = users;
        this.plans = List.copyOf(plans.values());
        this.dice = world.dice().split();
    }

    void begin() {
        if (world.weather().disasters > 0) {
            next();
        }
    }

    private void next() {
        Duration pause = dice.millis(200, (int) (1_000 + 6_000 * (1 - world.weather().disasters)));
        world.agenda().in(pause, () -> {
            if (world.weather().storm()) {
                strike();
                next();
            }
        });
    }

    private void strike() {
        Weather weather = world.weather();
        List<Kind> kinds = List.of(
                new Kind(weather.hostDeaths, this::killHost),
                new Kind(weather.hostPauses, this::pauseHost),
                new Kind(weather.clockJumps, this::moveClock),
                new Kind(weather.partitions, this::partition),
                new Kind(weather.partitions, this::isolate),
                new Kind(weather.instanceDeaths, this::killInstance),
                new Kind(weather.instancePauses, this::pauseInstance),
                new Kind(weather.outages, this::journalOutage),
                new Kind(weather.cancels, this::cancel),
                new Kind(weather.groundMoves, this::restartNode),
                new Kind(weather.groundMoves, this::drainNode),
                new Kind(weather.groundMoves / 4, this::breakFence),
                new Kind(weather.groundMoves / 4, this::remakeRuntimeClass),
                new Kind(weather.policyChanges, this::changePolicy),
                new Kind(weather.drifts, this::drift));
        double sum = kinds.stream().mapToDouble(Kind::weight).sum();
        double point = sum * dice.below(1 << 20) / (1 << 20);
        for (Kind kind : kinds) {
            point -= kind.weight();
            if (point < 0) {
                kind.strike().run();
                return;
            }
        }
    }

    private void killHost() {
        SimHost host = dice.pick(hosts);
        if (dice.chance(0.2)) {
            host.leave();
        } else {
            host.crash();
        }
        world.agenda().in(dice.millis(50, 6_000), host::boot);
    }

    private void pauseHost() {
        dice.pick(hosts).pause(dice.millis(300, 9_000));
    }

    private void moveClock() {
        Duration by = dice.chance(0.5) ? dice.millis(100, 5_000) : Duration.ofMinutes(dice.between(1, 600));
        dice.pick(hosts).jump(dice.chance(0.5) ? by : by.negated());
    }

    private void partition() {
        SimHost host = dice.pick(hosts);
        String wire = network.cut(host, dice.chance(0.4) ? Optional.empty() : anyInstance());
        world.timeline().note("network", () -> "cuts " + wire);
        world.agenda().in(dice.millis(500, 12_000), () -> {
            world.timeline().note("network", () -> "heals " + wire);
            network.heal(wire);
        });
    }

    /** A node that neither its hosts nor the cluster reach, though what runs there goes on. */
    private void isolate() {
        anyInstance().ifPresent(instance -> {
            List<String> wires = hosts.stream()
                    .map(host -> network.cut(host, Optional.of(instance)))
                    .toList();
            instance.isolated(true);
            world.timeline().note("network", () -> instance.life() + " is out of reach");
            world.agenda().in(dice.millis(2_000, 20_000), () -> {
                world.timeline().note("network", () -> instance.life() + " is back");
                wires.forEach(network::heal);
                instance.isolated(false);
            });
        });
    }

    private void killInstance() {
        anyInstance().ifPresent(instance -> instance.kill("its node was lost"));
    }

    private void pauseInstance() {
        anyInstance().ifPresent(instance -> {
            Duration span = dice.millis(300, 15_000);
            // A frozen node does what it is told once it thaws, and not before.
            instance.isolated(dice.chance(0.5));
            world.timeline().note(instance.life().toString(), () -> "stands still for " + span);
            instance.life().pause();
            world.agenda().in(span, () -> resume(instance));
        });
    }

    private void resume(SimInstance instance) {
        if (!instance.life().ended() && instance.life().paused()) {
            world.timeline().note(instance.life().toString(), () -> "goes on");
            instance.isolated(false);
            world.agenda().resume(instance.life());
        }
    }

    private void journalOutage() {
        dice.pick(hosts).journalOutage(dice.millis(300, 6_000));
    }

    private void cancel() {
        if (dice.chance(0.5)) {
            users.cancel(dice.pick(plans), "cancel at " + world.agenda().nanos());
        }
    }

    private void restartNode() {
        String node = dice.pick(world.ground().names());
        world.timeline().note("ground", () -> node + " restarts");
        world.ground().restart(node);
        cluster.instances().stream()
                .filter(instance -> instance.node().name().equals(node))
                .forEach(instance -> instance.kill("its node restarted"));
    }

    private void drainNode() {
        String node = dice.pick(world.ground().names());
        world.timeline().note("ground", () -> node + " takes nothing new");
        world.ground().drain(node);
        world.agenda().in(dice.millis(1_000, 30_000), () -> world.ground().undrain(node));
    }

    private void breakFence() {
        world.timeline().note("ground", () -> "the fence has a hole");
        world.ground().breakFence();
        world.agenda().in(dice.millis(1_000, 30_000), world.ground()::mendFence);
    }

    private void remakeRuntimeClass() {
        world.timeline().note("ground", () -> "the RuntimeClass is made again");
        world.ground().remakeRuntimeClass();
        cluster.instances().stream()
                .filter(SimInstance::sandboxed)
                .forEach(instance -> instance.violate(InstanceEnd.Violated.DRIFT, "another RuntimeClass"));
    }

    private void changePolicy() {
        world.ground().changePolicy(dice);
    }

    private void drift() {
        anyInstance().ifPresent(instance -> instance.violate(InstanceEnd.Violated.DRIFT, "another image"));
    }

    private Optional<SimInstance> anyInstance() {
        List<SimInstance> instances = cluster.instances();
        return instances.isEmpty() ? Optional.empty() : Optional.of(dice.pick(instances));
    }

    /** Everything that is broken is repaired, and nothing breaks any more. */
    void end() {
        world.weather().calm();
        network.healAll();
        for (SimInstance instance : cluster.instances()) {
            instance.isolated(false);
            resume(instance);
        }
        for (SimHost host : hosts) {
            host.wake();
            host.boot();
        }
    }
}
