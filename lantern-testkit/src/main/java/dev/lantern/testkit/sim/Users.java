package dev.lantern.testkit.sim;

import dev.lantern.core.engine.InboxForms;
import dev.lantern.core.event.EventData;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The host application's own users: they spawn and cancel, at whichever host they reach, until they are answered. */
final class Users {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(6);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final World world;
    private final List<SimHost> hosts;
    private final Dice dice;
    private final Set<String> satisfied = new LinkedHashSet<>();
    private int waiting;

    Users(World world, List<SimHost> hosts) {
        this.world = world;
        this.hosts = hosts;
        this.dice = world.dice().split();
    }

    /** Whether everybody who asked for something was answered. */
    boolean served() {
        return waiting == 0;
    }

    void spawn(RunPlan plan) {
        waiting++;
        world.agenda().in(plan.spawnedAt(), () -> trySpawn(plan, plan.run() + "/first"));
        if (dice.chance(0.25)) {
            waiting++;
            world.agenda().in(plan.spawnedAt().plus(dice.millis(0, 300)), () -> trySpawn(plan, plan.run() + "/second"));
        }
    }

    private void trySpawn(RunPlan plan, String user) {
        if (satisfied.contains(user)) {
            return;
        }
        SimHost host = dice.pick(hosts);
        Opening input = Opening.of("text/plain", dice.bytes(Opening.SALT_LENGTH), plan.input());
        RunEvent.RunCreated created = plan.created(input, dice);
        host.reached(
                () -> host.host()
                        .create(
                                plan.run(),
                                created,
                                RunLabels.none(),
                                input,
                                result -> spawned(plan, user, host, result)),
                () -> {});
        // The answer may be lost with its host; whoever asked asks again, elsewhere, under the same id.
        world.agenda().in(ANSWER_WITHIN, () -> trySpawn(plan, user));
    }

    private void spawned(RunPlan plan, String user, SimHost host, CreateResult result) {
        RunRow row = result instanceof CreateResult.Created made ? made.row() : ((CreateResult.Exists) result).row();
        world.timeline()
                .note(
                        user,
                        () -> "is told by " + host.name() + ": "
                                + result.getClass().getSimpleName());
        if (!host.up()) {
            return;
        }
        Event first;
        try {
            first = host.journal().read(row.key(), 0, 1, SOON).get(0);
        } catch (LanternException | IllegalStateException e) {
            return;
        }
        EventEnvelope envelope = EventEnvelope.parse(first.bytes());
        RunEvent event = new EventData(world.specs()).read(envelope.kind(), envelope.version(), envelope.data());
        if (!(event instanceof RunEvent.RunCreated created)
                || !created.request().equals(plan.request())) {
            world.defects().found("the spawn of " + plan.run() + " was answered with a run of another request");
        } else if (satisfied.add(user)) {
            waiting--;
            world.oracle().spawned(plan.run(), first);
        }
    }

    void cancel(RunPlan plan, String reason) {
        waiting++;
        tryCancel(plan, plan.run() + "/" + reason, reason);
    }

    private void tryCancel(RunPlan plan, String user, String reason) {
        if (satisfied.contains(user)) {
            return;
        }
        SimHost host = dice.pick(hosts);
        host.reached(() -> putCancel(plan, user, reason, host.journal()), () -> {});
        world.agenda().in(Duration.ofSeconds(1), () -> tryCancel(plan, user, reason));
    }

    private void putCancel(RunPlan plan, String user, String reason, Journal journal) {
        if (satisfied.contains(user)) {
            return;
        }
        try {
            var row = journal.find(plan.run(), SOON);
            if (row.isEmpty()) {
                return;
            }
            world.oracle().cancelAsked(plan.run());
            journal.put(InboxForms.cancel(row.get().key(), reason), SOON);
            world.timeline().note(user, () -> "has put a cancel into the inbox");
            satisfied.add(user);
            waiting--;
        } catch (LanternException | IllegalStateException e) {
            world.timeline().note(user, () -> "does not know whether its cancel was put");
        }
    }
}
