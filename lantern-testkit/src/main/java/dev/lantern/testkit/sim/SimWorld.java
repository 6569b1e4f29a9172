package dev.lantern.testkit.sim;

import dev.lantern.journal.RunRow;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A whole world under one seed: hosts, the journal they share, a cluster of instances, the network between them and
 * the users who spawn. First a storm, then calm, then the audit.
 */
final class SimWorld {
    private static final long REAL_SIGNATURES_EVERY = 50;
    private static final Duration REST_WITHIN = Duration.ofMinutes(12);
    private static final Duration AFTERMATH = Duration.ofSeconds(25);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final double WITH_SECRETS = 0.4;

    private final long seed;
    private final World world;
    private final RestorableJournal truth;
    private final JournalHistory history;
    private final SimNetwork network;
    private final Cluster cluster;
    private final Users users;
    private final Disasters disasters;
    private final List<SimHost> hosts = new ArrayList<>();
    private final Map<RunRef, RunPlan> plans = new LinkedHashMap<>();
    /** Whether the journal is restored from a copy that is behind, once in the storm. */
    private final boolean restored;

    private boolean over;

    SimWorld(long seed, Seams seams, boolean told) {
        this.seed = seed;
        Dice dice = new Dice(seed);
        Agenda agenda = new Agenda(dice.split());
        Timeline timeline = new Timeline(told, agenda::nanos);
        Defects defects = new Defects(timeline);
        Weather weather = new Weather(dice.split());
        Oracle oracle = new Oracle(timeline, defects);
        SimSpecs specs = new SimSpecs();
        // Dice that are no split of the others: what they draw shifts nothing in a world without secrets.
        Dice secrets = new Dice(Long.reverse(seed));
        boolean withSecrets = secrets.chance(WITH_SECRETS);
        Vault vault = new Vault(agenda, weather, timeline, secrets.split());
        truth = new RestorableJournal(agenda::instant);
        world = new World(
                agenda,
                dice,
                weather,
                timeline,
                defects,
                oracle,
                seed % REAL_SIGNATURES_EVERY == 0 ? SimKeys.real() : SimKeys.cheap(),
                specs,
                new Ground(dice.split()),
                new Admissions(agenda, defects),
                vault,
                new Vendings(oracle, defects, vault, specs, truth, plans),
                seams);
        network = new SimNetwork(world);
        cluster = new Cluster(world, plans, network);
        history = new JournalHistory(
                seams.store(truth, agenda),
                truth,
                timeline,
                defects,
                instance -> cluster.find(instance).isPresent(),
                world.vendings()::wrote);
        int hostCount = dice.between(2, 4);
        for (int i = 1; i <= hostCount; i++) {
            // The last one is sometimes a version behind; the others must then carry the runs.
            Optional<String> unknown = i == hostCount && dice.chance(0.15)
                    ? Optional.of(dice.pick(List.of("instance_enrolled", "step_completed", "run_adopted")))
                    : Optional.empty();
            SimHost host = new SimHost(world, "host-" + i, history, cluster, unknown);
            hosts.add(host);
            network.reaches(host);
            cluster.tells(host);
        }
        int runCount = dice.between(3, 8);
        for (int i = 1; i <= runCount; i++) {
            RunPlan plan = RunPlan.draw(dice, i, withSecrets ? SecretPlan.draw(secrets, i) : List.of());
            plans.put(plan.run(), plan);
            vault.keep(plan);
        }
        restored = dice.chance(0.1);
        users = new Users(world, hosts);
        disasters = new Disasters(world, hosts, cluster, network, users, plans);
    }

    SimResult run() {
        hosts.forEach(SimHost::boot);
        plans.values().forEach(users::spawn);
        disasters.begin();
        if (restored) {
            world.agenda().in(world.dice().millis(3_000, 15_000), this::restore);
        }
        Duration storm = world.dice().millis(15_000, 60_000);
        world.agenda().in(storm, this::calmDown);
        while (!over && world.agenda().step()) {
            // Everything happens in tasks of the agenda.
        }
        new Audit(world, truth, plans).run(history.runs(), cluster.standing());
        return new SimResult(
                seed,
                world.defects().list(),
                world.timeline().digest(),
                world.timeline().lines(),
                new SimResult.Counts(
                        plans.size(),
                        hosts.size(),
                        cluster.started(),
                        history.writes(),
                        history.moves(),
                        world.oracle().replies()),
                endings());
    }

    private Map<String, Integer> endings() {
        Map<String, Integer> endings = new TreeMap<>();
        for (RunRef run : history.runs()) {
            endings.merge(truth.find(run, LOOK).orElseThrow().status().name(), 1, Integer::sum);
        }
        return endings;
    }

    private void calmDown() {
        world.timeline().note("weather", () -> "the storm is over");
        disasters.end();
        plans.values().stream()
                .filter(plan -> plan.script().ending() == Script.Ending.NEVER)
                .forEach(plan -> users.cancel(plan, "the storm is over"));
        look(world.agenda().nanos() + REST_WITHIN.toNanos());
    }

    /** Hosts are down while a journal is restored: what they remember would tell the difference too easily. */
    private void restore() {
        List<RunRow> open = truth.open();
        if (open.isEmpty()) {
            return;
        }
        RunRow victim = world.dice().pick(open);
        long last = truth.commitBefore(victim, world.dice().between(1, 4));
        hosts.forEach(SimHost::crash);
        truth.restore(victim.run(), last);
        world.timeline()
                .note(
                        "journal",
                        () -> "is restored; " + victim.run() + " ends at event " + last + " instead of "
                                + victim.head().seq());
        world.oracle().wentBack(victim.run(), last, truth::holds);
        hosts.forEach(host -> world.agenda().in(world.dice().millis(50, 3_000), host::boot));
    }

    private void look(long until) {
        if (world.agenda().nanos() >= until) {
            world.timeline().note("weather", () -> "nobody waits any longer");
            over = true;
        } else if (users.served() && history.runs().stream().allMatch(this::ended)) {
            // What comes late comes now.
            world.agenda().in(AFTERMATH, () -> over = true);
        } else {
            world.agenda().in(LOOK, () -> look(until));
        }
    }

    private boolean ended(RunRef run) {
        return truth.find(run, LOOK)
                .map(row -> row.status().terminal() && row.status() != RunStatus.PENDING)
                .orElse(true);
    }
}
