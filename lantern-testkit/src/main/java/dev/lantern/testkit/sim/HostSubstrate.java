package dev.lantern.testkit.sim;

import dev.lantern.gate.Facts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.Verified;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One incarnation's view of the cluster, with calls that fail before or after their effect. */
final class HostSubstrate implements Substrate {
    private final World world;
    private final Cluster cluster;
    private final Life host;
    private final Dice dice;

    HostSubstrate(World world, Cluster cluster, Life host, Dice dice) {
        this.world = world;
        this.cluster = cluster;
        this.host = host;
        this.dice = dice;
    }

    @Override
    public String name() {
        return "simulated cluster";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        throw new UnsupportedOperationException("a simulated host looks for itself");
    }

    @Override
    public void open(SubstrateHost host) {
        // The cluster tells whichever incarnation stands behind a host's address.
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        world.agenda().block(dice.millis(5, 400));
        boolean fails = world.weather().strikes(world.weather().startFails);
        if (fails && dice.chance(0.5)) {
            throw failure("start of " + start.instance() + " failed before its effect");
        }
        cluster.start(start);
        if (fails) {
            throw failure("start of " + start.instance() + " took effect and its answer was lost");
        }
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        boolean fails = world.weather().strikes(world.weather().stopFails);
        if (fails && dice.chance(0.5)) {
            throw failure("stop of " + instance + " failed before its effect");
        }
        Optional<SimInstance> standing = cluster.find(instance);
        if (standing.isPresent() && standing.get().isolated()) {
            world.agenda().block(dice.millis(200, 3_000));
            throw failure("stop of " + instance + " did not reach its node");
        }
        if (standing.isPresent()) {
            Duration until = standing.get().terminate(grace);
            if (world.weather().strikes(world.weather().stopLeaves)) {
                // The platform does the waiting and the killing, whatever becomes of this host.
                world.agenda().in(until, () -> standing.get().kill("killed by the platform"));
                return false;
            }
            // The kill is this host's own doing: a host that dies first never kills.
            world.agenda().in(host, until, () -> standing.get().kill("killed after its grace"));
            world.agenda().block(until.plusMillis(1));
        }
        if (fails) {
            throw failure("stop of " + instance + " lost its answer");
        }
        return true;
    }

    @Override
    public List<String> checkpointsBeforeEnrolment() {
        return List.of(Verified.NODE);
    }

    @Override
    public List<Verified> verified(InstanceRef instance) {
        if (world.weather().strikes(world.weather().lookFails)) {
            throw failure("what " + instance + " has passed could not be had");
        }
        return cluster.find(instance).flatMap(SimInstance::bound).stream().toList();
    }

    @Override
    public boolean isAttested() {
        return true;
    }

    @Override
    public Optional<Verified> compare(InstanceRef instance, Duration within) {
        world.agenda().block(dice.millis(2, 200));
        if (world.weather().strikes(world.weather().lookFails)) {
            throw failure("whether " + instance + " is what was admitted could not be had");
        }
        return cluster.find(instance).flatMap(SimInstance::bound);
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        if (world.weather().strikes(world.weather().lookFails)) {
            throw failure("the list of what stands could not be had");
        }
        return cluster.standing();
    }

    @Override
    public void close() {
        // Nothing ends with a host.
    }

    private RuntimeException failure(String message) {
        world.timeline().note(host.toString(), () -> message);
        return dice.chance(0.5) ? new LanternException(message) : new IllegalStateException(message);
    }
}
