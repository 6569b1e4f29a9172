package dev.lantern.testkit.sim;

import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.wire.FenceReport;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** One instance: the real harness, a scripted agent beside it, and what starts and stops the two. */
final class SimInstance implements AgentControl {
    private static final Duration DRAIN_WITHIN = Duration.ofSeconds(5);
    private static final String FORBIDDEN = "10.96.0.1:443";

    private final World world;
    private final Cluster cluster;
    private final InstanceRef ref;
    private final Life life;
    private final Dice dice;
    private final SimLoop loop;
    private final Harness harness;
    private final RunPlan plan;
    private final NodeId node;
    private final boolean sandboxed;
    private Optional<ScriptedAgent> agent = Optional.empty();
    private boolean terminating;
    private boolean isolated;
    private boolean agentGone;
    private boolean broken;

    SimInstance(
            World world,
            Cluster cluster,
            SimNetwork network,
            InstanceStart start,
            RunPlan plan,
            int number,
            NodeId node) {
        this.world = world;
        this.cluster = cluster;
        this.plan = plan;
        this.node = node;
        this.sandboxed = start.placement()
                .cluster()
                .flatMap(Placement.InCluster::runtimeClass)
                .isPresent();
        this.ref = start.instance();
        this.life = new Life(ref + "~" + number);
        this.dice = world.dice().split();
        this.loop = new SimLoop(world.agenda(), life, dice, world.defects());
        byte[] secret = HexFormat.of().parseHex(start.enrolmentSecret());
        this.harness = new Harness(
                ref.run(),
                ref.epoch(),
                (owner, call, outcome) -> network.send(this, secret, owner, call, outcome),
                loop,
                world.keys().newKey(dice),
                this);
    }

    InstanceRef ref() {
        return ref;
    }

    Life life() {
        return life;
    }

    NodeId node() {
        return node;
    }

    /** What a look at its node finds while it runs. */
    Optional<Verified> bound() {
        return life.ended() ? Optional.empty() : Optional.of(new Verified(Verified.NODE, Optional.of(node), List.of()));
    }

    /** Whether a RuntimeClass holds it. */
    boolean sandboxed() {
        return sandboxed;
    }

    SimLoop loop() {
        return loop;
    }

    void boot() {
        boolean lies = sandboxed && world.weather().strikes(world.weather().sandboxLies);
        boolean open = world.weather().strikes(world.weather().fenceOpen);
        if (lies || open) {
            world.admissions().deceives(ref);
        }
        InsideReport found = new InsideReport(sandboxed && !lies ? ownKernel() : kernelOfTheNode(), fence(open));
        loop.later(dice.millis(10, 1_200), () -> harness.start(Optional.of(found)));
    }

    private static SandboxReport ownKernel() {
        return new SandboxReport("Linux version 4.4.0-gvisor", "a-boot-of-its-own", true, "", List.of());
    }

    private SandboxReport kernelOfTheNode() {
        return new SandboxReport("Linux version 6.12.0", node.bootId(), false, "", List.of());
    }

    private static FenceReport fence(boolean open) {
        return open
                ? new FenceReport(false, FORBIDDEN, 0, Duration.ZERO, "it answered")
                : new FenceReport(true, FORBIDDEN, 3, Duration.ofMillis(1_200), "");
    }

    @Override
    public void release(GatewayReply.Enrolled enrolled) {
        world.timeline()
                .note(
                        life.toString(),
                        () -> "enrolled, " + enrolled.resume().completed().size() + " steps are done");
        ScriptedAgent released = new ScriptedAgent(
                world, plan, ref.epoch(), harness, loop, dice, line -> cluster.wrote(ref, line), this::agentEnded);
        agent = Optional.of(released);
        released.begin(enrolled.resume().input());
    }

    @Override
    public void stop(String why) {
        world.timeline().note(life.toString(), () -> "the harness stops the agent: " + why);
        Duration grace = World.SETTINGS.stopGrace();
        terminate(grace);
        loop.later(grace, () -> kill("killed by its harness"));
    }

    /**
     * Asks the agent to end.
     *
     * @return when all of the instance is gone if nothing stands in the way, at most {@code grace}
     */
    Duration terminate(Duration grace) {
        if (agent.isEmpty() || broken) {
            return Duration.ZERO;
        }
        if (plan.script().ignoresTerm()) {
            return grace;
        }
        Duration reaction = dice.millis(1, 600);
        if (!terminating) {
            terminating = true;
            loop.later(reaction, () -> agent.orElseThrow().end(143));
        }
        return min(grace, reaction.plusMillis(700));
    }

    /** Its node is out of the cluster's reach: it goes on working, and nobody can stop it from outside. */
    void isolated(boolean now) {
        isolated = now;
    }

    boolean isolated() {
        return isolated;
    }

    /** Ends all of it at once, whatever it is doing. */
    void kill(String why) {
        if (broken) {
            cluster.removed(this);
        } else if (!life.ended()) {
            end(new InstanceEnd.Lost(why));
        }
    }

    /** Its boundary is not what was admitted: it is ended at once, and what stands of it is left for whoever stops it. */
    void violate(String checkpoint, String found) {
        if (!life.ended()) {
            InstanceEnd.Violated end = new InstanceEnd.Violated(
                    checkpoint,
                    List.of(new Violation("drift", "pod", found, "what was admitted", "look who changed it")));
            world.timeline().note(life.toString(), end::describe);
            broken = true;
            life.end();
            world.admissions().violated(ref);
            cluster.broken(this, end);
        }
    }

    private void agentEnded(int code) {
        if (agentGone) {
            return;
        }
        agentGone = true;
        world.timeline().note(life.toString(), () -> "the agent exits with code " + code);
        harness.agentEnded(() -> exited(code));
        loop.later(DRAIN_WITHIN, () -> exited(code));
    }

    private void exited(int code) {
        if (!life.ended()) {
            end(new InstanceEnd.Exited(code));
        }
    }

    private void end(InstanceEnd end) {
        life.end();
        cluster.gone(this, end);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
