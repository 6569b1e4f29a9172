package dev.lantern.testkit.sim;

import dev.lantern.core.event.EventData;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.ChainVerifier;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.ChainVerdict;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the whole journal once the world has come to rest, and holds it against everything that was promised. */
final class Audit {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final World world;
    private final Journal truth;
    private final Map<RunRef, RunPlan> plans;
    private final Map<RunRef, List<Event>> chains = new LinkedHashMap<>();

    Audit(World world, Journal truth, Map<RunRef, RunPlan> plans) {
        this.world = world;
        this.truth = truth;
        this.plans = plans;
    }

    /** @param standing what the cluster still holds */
    void run(List<RunRef> runs, List<dev.lantern.substrate.InstanceRef> standing) {
        Map<RunRef, RunStory> stories = new LinkedHashMap<>();
        for (RunRef run : runs) {
            RunRow row = truth.find(run, SOON).orElseThrow();
            List<Event> chain = truth.read(row.key(), 0, Integer.MAX_VALUE, SOON);
            chains.put(run, chain);
            verify(row, chain);
            stories.put(run, story(row, chain));
        }
        world.vendings().end(stories);
        world.oracle().promises().forEach(this::keep);
        world.oracle().answers().stream()
                .filter(answer -> !world.oracle().wentBack(answer.run()))
                .forEach(answer -> judge(answer, stories));
        for (RunRef run : world.oracle().spawned()) {
            if (!chains.containsKey(run)) {
                world.defects().found("run " + run + " was promised to its spawner and does not exist");
            }
        }
        standing.stream()
                .filter(instance -> !stories.containsKey(instance.run())
                        || !stories.get(instance.run()).namedAsStanding().contains(instance.toString()))
                .forEach(instance -> world.defects().found(instance + " still stands and no terminal event names it"));
        // What agents wrote was judged when it was passed on: by now every value has ended.
        world.timeline().lines().stream()
                .filter(line -> !line.contains(" wrote "))
                .forEach(this::unseen);
    }

    /** What the world says of itself is read by people. */
    private void unseen(String line) {
        for (RunRef run : plans.keySet()) {
            world.vendings().shown(run, line).ifPresent(value -> world.defects().found("the timeline shows " + value));
        }
    }

    private void verify(RunRow row, List<Event> chain) {
        ChainVerifier verifier = ChainVerifier.endingAt(row.run(), row.head());
        chain.forEach(verifier::add);
        if (verifier.verdict() instanceof ChainVerdict.Broken broken) {
            world.defects().found("the chain of " + row.run() + " does not verify: " + broken);
        }
        if (row.host().isPresent()) {
            world.defects()
                    .found("run " + row.run() + " has not ended: it is " + row.status() + " in the hands of host "
                            + row.host().getAsLong() + ", " + chain.size() + " events");
        }
    }

    private RunStory story(RunRow row, List<Event> chain) {
        RunStory story = new RunStory(world, row, Objects.requireNonNull(plans.get(row.run()), "plan"), truth);
        EventData data = new EventData(world.specs());
        List<String> told = new ArrayList<>();
        for (Event event : chain) {
            try {
                EventEnvelope envelope = EventEnvelope.parse(event.bytes());
                RunEvent read = data.read(envelope.kind(), envelope.version(), envelope.data());
                told.add(envelope.kind());
                story.add(event, envelope, read);
            } catch (LanternException e) {
                world.defects()
                        .found("event " + event.seq() + " of " + row.run() + " cannot be read: " + e.getMessage());
            }
        }
        world.timeline().note("audit", () -> row.run() + " is " + row.status() + ": " + told);
        world.timeline().mark(row.run() + row.head().hash().hex());
        story.end();
        return story;
    }

    private void keep(Oracle.Promise promise) {
        List<Event> chain = chains.getOrDefault(promise.run(), List.of());
        long seq = promise.place().seq();
        if (world.oracle().isVoid(promise)) {
            return;
        }
        if (seq > chain.size()
                || !chain.get((int) seq - 1).hash().equals(promise.place().hash())) {
            world.defects()
                    .found("event " + seq + " of " + promise.run() + " was acknowledged (" + promise.what()
                            + ") and is lost");
        }
    }

    private void judge(Oracle.Answer answer, Map<RunRef, RunStory> stories) {
        RunStory story = stories.get(answer.run());
        if (story != null) {
            story.judge(answer);
        }
    }
}
