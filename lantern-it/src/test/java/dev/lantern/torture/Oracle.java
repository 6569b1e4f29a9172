package dev.lantern.torture;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers what was acknowledged to instances and users, and what happened in the world outside. It lives in the test,
 * which nobody kills. What can be judged at once is judged at once. Thread-safe.
 */
final class Oracle {
    private static final int MOST_DEFECTS = 50;

    /** Somebody was told that the chain passes through this place. */
    record Promise(RunRef run, long seq, Digest hash, String what) {}

    private record StepOf(RunRef run, String step) {}

    private final List<Promise> promises = new ArrayList<>();
    private final Map<StepOf, byte[]> results = new LinkedHashMap<>();
    private final Map<StepOf, Integer> completedIn = new LinkedHashMap<>();
    private final Map<StepOf, String> keys = new LinkedHashMap<>();
    private final Map<String, Integer> effects = new LinkedHashMap<>();
    private final Map<String, Integer> excuses = new LinkedHashMap<>();
    private final Map<RunRef, byte[]> outputs = new LinkedHashMap<>();
    private final Set<RunRef> spawned = new LinkedHashSet<>();
    private final Set<RunRef> cancelled = new LinkedHashSet<>();
    private final Set<RunRef> waiting = new LinkedHashSet<>();
    private final List<String> defects = new ArrayList<>();
    private int zombiesRefused;

    synchronized void defect(String what) {
        if (defects.size() < MOST_DEFECTS) {
            defects.add(what);
        }
    }

    synchronized List<String> defects() {
        return List.copyOf(defects);
    }

    // -- what instances hear -------------------------------------------------------------------------------

    synchronized void accepted(RunRef run, GatewayReply.Accepted accepted, String what) {
        promises.add(new Promise(run, accepted.seq(), accepted.hash(), what));
    }

    /**
     * The body may run.
     *
     * @param epoch the instance that was told so. An earlier one than the step was completed in may hear it late, and
     *     whatever it makes of it is refused
     */
    synchronized void mayRun(RunRef run, String step, int epoch, String key) {
        StepOf name = new StepOf(run, step);
        Integer completed = completedIn.get(name);
        if (completed != null && epoch >= completed) {
            defect("step " + step + " of " + run + " may run in epoch " + epoch
                    + " though its completion was acknowledged in epoch " + completed);
        }
        String before = keys.putIfAbsent(name, key);
        if (before != null && !before.equals(key)) {
            defect("step " + step + " of " + run + " has two idempotency keys");
        }
    }

    synchronized void completed(RunRef run, String step, int epoch, byte[] result) {
        completedIn.putIfAbsent(new StepOf(run, step), epoch);
        same(new StepOf(run, step), result);
    }

    synchronized void recorded(RunRef run, String step, byte[] result) {
        same(new StepOf(run, step), result);
    }

    private void same(StepOf step, byte[] result) {
        byte[] before = results.putIfAbsent(step, result);
        if (before != null && !Arrays.equals(before, result)) {
            defect("the result of step " + step.step() + " of " + step.run() + " has changed");
        }
    }

    synchronized void delivered(RunRef run, byte[] output) {
        byte[] before = outputs.putIfAbsent(run, output);
        if (before != null && !Arrays.equals(before, output)) {
            defect("two outputs of " + run + " were accepted");
        }
    }

    /** The agent has done its steps and waits to be cancelled. */
    synchronized void waits(RunRef run) {
        waiting.add(run);
    }

    synchronized boolean isWaiting(RunRef run) {
        return waiting.contains(run);
    }

    synchronized void zombieRefused() {
        zombiesRefused++;
    }

    // -- the world outside ---------------------------------------------------------------------------------

    /** A body has its effect. */
    synchronized void happens(RunRef run, Plan.Step step, String key) {
        int count = effects.merge(key, 1, Integer::sum);
        if (step.effect() == Effect.AT_MOST_ONCE || step.effect() == Effect.PROBE) {
            if (count > 1 + excuses.getOrDefault(key, 0)) {
                defect("the effect of " + step.effect().wireName() + " step " + step.name() + " of " + run
                        + " happened " + count + " times");
            }
        }
    }

    synchronized boolean hasHappened(String key) {
        return effects.containsKey(key);
    }

    /** The agent is about to say that the effect did not happen, so it may happen once more. */
    synchronized void excused(String key) {
        excuses.merge(key, 1, Integer::sum);
    }

    // -- what users hear -----------------------------------------------------------------------------------

    synchronized void spawned(RunRef run) {
        spawned.add(run);
    }

    /** Somebody begins to ask for the run's end, and asks until it is acknowledged. */
    synchronized void cancels(RunRef run) {
        cancelled.add(run);
    }

    // -- for the verdict -----------------------------------------------------------------------------------

    synchronized List<Promise> promises() {
        return List.copyOf(promises);
    }

    synchronized Set<RunRef> spawned() {
        return new LinkedHashSet<>(spawned);
    }

    synchronized boolean wasCancelled(RunRef run) {
        return cancelled.contains(run);
    }

    synchronized Optional<byte[]> result(RunRef run, String step) {
        return Optional.ofNullable(results.get(new StepOf(run, step)));
    }

    synchronized Optional<byte[]> output(RunRef run) {
        return Optional.ofNullable(outputs.get(run));
    }

    synchronized int completions() {
        return completedIn.size();
    }

    synchronized int refusedZombies() {
        return zombiesRefused;
    }
}
