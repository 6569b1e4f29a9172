package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.engine.ChainForms;
import dev.lantern.core.engine.GateKeeper;
import dev.lantern.core.engine.Host;
import dev.lantern.core.engine.HostListener;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.gate.Attestation;
import dev.lantern.core.gate.Gate;
import dev.lantern.core.gate.Ruling;
import dev.lantern.core.gate.SecretGrants;
import dev.lantern.core.gateway.Presented;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Decision;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.Verified;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A machine with an address, on which one incarnation of a host runs at a time. */
final class SimHost implements HostListener {
    private static final int CACHE = 1 << 16;
    private static final SecretPolicy SECRETS = SecretPolicy.defaults();
    private static final String STDOUT = "stdout";

    private final World world;
    private final String name;
    private final Journal journal;
    private final Cluster cluster;
    private final Optional<String> unknown;
    private @Nullable Incarnation current;
    private int incarnations;

    /** @param unknown a kind of event that this machine's version does not know how to fold */
    SimHost(World world, String name, Journal journal, Cluster cluster, Optional<String> unknown) {
        this.world = world;
        this.name = name;
        this.journal = journal;
        this.cluster = cluster;
        this.unknown = unknown;
    }

    /** What one process is made of. */
    private record Incarnation(
            Life life, SimTurns turns, StormyJournal storm, Journal journal, Host host, Door door, Lines lines) {}

    String name() {
        return name;
    }

    boolean up() {
        return current != null;
    }

    /** Starts a process, again and again until it could join. */
    void boot() {
        if (current != null) {
            return;
        }
        Life life = new Life(name + "." + ++incarnations);
        Dice dice = world.dice().split();
        SimTurns turns = new SimTurns(world.agenda(), life, dice, world.weather(), world.defects());
        StormyJournal storm =
                new StormyJournal(journal, life.toString(), world.agenda(), dice, world.weather(), world.timeline());
        Journal seen = unknown.<Journal>map(kind -> new OlderReads(storm, kind)).orElse(storm);
        Journal connection = world.seams().connection(seen, world.agenda(), life);
        try {
            Host host = Host.join(new Host.Parts(
                    turns,
                    connection,
                    world.seams().substrate(new HostSubstrate(world, cluster, life, dice)),
                    world.seams().gate(gate(turns, dice)),
                    world.seams()
                            .attester((kind, node, report, at) -> Attestation.judge(
                                    kind, node, report, world.ground().policy(), at)),
                    world.seams().signatures(world.keys().signatures()),
                    Optional.empty(),
                    Optional.of(world.seams().secrets(world.vault())),
                    SECRETS,
                    new ChainForms(world.specs(), ErasableCodec.plain(), CACHE),
                    this,
                    World.SETTINGS,
                    name));
            current = new Incarnation(
                    life,
                    turns,
                    storm,
                    connection,
                    host,
                    world.seams().door((secret, call, reply) -> host.call(new Presented.Bearer(secret), call, reply)),
                    world.seams().lines(host::logged, this::logged));
            world.timeline().note(name, () -> life + " joins as host " + host.host());
        } catch (LanternException | IllegalStateException e) {
            life.end();
            world.agenda().in(Duration.ofMillis(300), this::boot);
        }
    }

    private GateKeeper gate(SimTurns turns, Dice dice) {
        return (tenant, spec, earlier) -> {
            Weather weather = world.weather();
            if (weather.strikes(weather.gateFails)) {
                throw new LanternException("the facts could not be had");
            }
            Ground ground = world.ground();
            Duration age = weather.strikes(weather.factsOld) ? dice.millis(0, 7_000) : Duration.ZERO;
            ClusterFacts facts = ground.facts(tenant, turns.now().minus(age), !weather.strikes(weather.factsUntold));
            SecretGrants grants = new SecretGrants(tenant, Optional.of(SECRETS));
            Ruling ruling = Gate.rule(spec, ground.policy(), facts, earlier, grants, turns.now());
            List<NodeId> fit = ruling.decision() instanceof Decision.Admitted admitted
                    ? ground.fitFor(admitted.placement().cluster().flatMap(Placement.InCluster::runtimeClass))
                    : List.of();
            world.admissions()
                    .ruled(spec, ruling.decision(), fit, world.agenda().nanos() - age.toNanos());
            world.agenda().block(weather.strikes(weather.factsSlow) ? dice.millis(0, 8_000) : dice.millis(0, 50));
            return ruling;
        };
    }

    /** Ends the process in the middle of whatever it does. */
    void crash() {
        if (current != null) {
            world.timeline().note(name, () -> "crashes");
            current.life().end();
            current = null;
        }
    }

    /** Ends the process in an orderly way, as far as its journal lets it. */
    void leave() {
        if (current != null) {
            Incarnation leaving = current;
            current = null;
            world.timeline().note(name, () -> "leaves");
            try {
                leaving.host().leave();
            } catch (LanternException | IllegalStateException e) {
                world.timeline().note(name, () -> "could not say good-bye");
            }
            world.agenda().takeBlocked();
            world.agenda().in(Duration.ofMillis(500), leaving.life()::end);
        }
    }

    /** Stands still and later goes on as if nothing had happened. */
    void pause(Duration span) {
        if (current != null) {
            Life life = current.life();
            world.timeline().note(name, () -> "stands still for " + span);
            life.pause();
            world.agenda().in(span, () -> resume(life));
        }
    }

    private void resume(Life life) {
        if (!life.ended() && life.paused()) {
            world.timeline().note(name, () -> life + " goes on");
            world.agenda().resume(life);
        }
    }

    /** Ends a pause now. */
    void wake() {
        if (current != null) {
            resume(current.life());
        }
    }

    void jump(Duration by) {
        if (current != null) {
            world.timeline().note(name, () -> "its clock jumps by " + by);
            current.turns().jump(by);
        }
    }

    void journalOutage(Duration span) {
        if (current != null) {
            StormyJournal storm = current.storm();
            world.timeline().note(name, () -> "has no journal for " + span);
            storm.outage(true);
            world.agenda().in(span, () -> storm.outage(false));
        }
    }

    /** Does {@code work} in this process as soon as it does anything, or {@code otherwise} if there is none. */
    void reached(Runnable work, Runnable otherwise) {
        if (current == null) {
            otherwise.run();
        } else {
            world.agenda().in(current.life(), Duration.ZERO, () -> {
                if (current != null) {
                    work.run();
                }
            });
        }
    }

    void call(byte[] secret, GatewayCall call, Consumer<GatewayReply> reply) {
        if (current != null) {
            current.door().call(secret, call, reply);
        }
    }

    void told(InstanceRef instance, InstanceEnd end) {
        reached(() -> host().ended(instance, world.seams().end(end)), () -> {});
    }

    void told(InstanceRef instance, Verified passed) {
        reached(() -> host().verified(instance, passed), () -> {});
    }

    /** What an agent of a run of this process has written arrives here, late: the process may own the run no more by then. */
    void wrote(InstanceRef instance, String line) {
        if (current != null && current.host().owns(instance.run())) {
            Lines lines = current.lines();
            Instant at = world.agenda().instant();
            world.agenda()
                    .in(
                            current.life(),
                            world.weather().messageLatency(),
                            () -> lines.logged(instance, at, STDOUT, line));
        }
    }

    /** The engine of the process that runs here; only inside of {@link #reached}. */
    Host host() {
        if (current == null) {
            throw new IllegalStateException(name + " is down");
        }
        return current.host();
    }

    /** The journal as the process that runs here sees it; only inside of {@link #reached}. */
    Journal journal() {
        if (current == null) {
            throw new IllegalStateException(name + " is down");
        }
        return current.journal();
    }

    @Override
    public void durable(RunRef run, List<Event> events) {
        Event last = events.get(events.size() - 1);
        world.oracle().durable(run, last);
    }

    @Override
    public void newest(InstanceRef instance) {}

    @Override
    public void decided(RunRef run) {
        world.oracle().decided(run);
    }

    @Override
    public void released(RunRef run) {
        world.timeline().note(name, () -> "lets go of " + run);
    }

    @Override
    public void logged(InstanceRef instance, Instant at, String stream, String line) {
        world.vendings().logged(name, instance, line);
        world.timeline().note(name, () -> instance + " wrote " + line);
    }

    @Override
    public void refused(RunRef run, int epoch, String reason, String detail) {}

    @Override
    public LogPosition kept(InstanceRef instance) {
        return LogPosition.START;
    }
}
