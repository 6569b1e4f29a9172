package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Sees what no part of a real world sees at once: what was promised to whom, and what happened outside. It judges
 * what can be judged at once and remembers the rest for the audit.
 */
final class Oracle {

    /** A promise that the chain passes through this place. */
    record Promise(RunRef run, Head place, String what) {}

    /** A begin that was answered with a recorded result. */
    record Answer(RunRef run, StepId step, Optional<byte[]> input, byte[] result) {}

    private record Step(RunRef run, StepId id) {}

    private record Enrolment(RunRef run, int epoch) {}

    private final Timeline timeline;
    private final Defects defects;
    private final List<Promise> promises = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Map<Step, byte[]> results = new LinkedHashMap<>();
    private final Set<Step> acknowledged = new LinkedHashSet<>();
    private final Map<String, Step> keys = new LinkedHashMap<>();
    private final Map<String, Integer> effects = new LinkedHashMap<>();
    private final Map<String, Integer> excuses = new LinkedHashMap<>();
    private final Map<Enrolment, String> enrolments = new LinkedHashMap<>();
    private final Map<RunRef, byte[]> outputs = new LinkedHashMap<>();
    private final Set<RunRef> reports = new LinkedHashSet<>();
    private final Set<RunRef> cancels = new LinkedHashSet<>();
    private final Map<RunRef, String> spawned = new LinkedHashMap<>();
    private final Map<RunRef, Long> wentBack = new LinkedHashMap<>();
    private BiPredicate<RunRef, Head> holds = (run, place) -> true;
    private int replies;

    Oracle(Timeline timeline, Defects defects) {
        this.timeline = timeline;
        this.defects = defects;
    }

    /**
     * The journal was put back: of this run it holds no event behind {@code last}, and what followed may happen again.
     *
     * @param holds whether the chain passes through a place now
     */
    void wentBack(RunRef run, long last, BiPredicate<RunRef, Head> holds) {
        wentBack.put(run, last);
        this.holds = holds;
    }

    boolean wentBack(RunRef run) {
        return wentBack.containsKey(run);
    }

    /** Whether nothing can be demanded of this promise: the journal was put back behind it. */
    boolean isVoid(Promise promise) {
        return promise.place().seq() > wentBack.getOrDefault(promise.run(), Long.MAX_VALUE);
    }

    // -- what hosts say --------------------------------------------------------------------------------------

    /** A host has answered; whether the answer arrives is another matter. */
    void answered(String host, GatewayCall call, GatewayReply reply) {
        replies++;
        timeline.mark(host + call.getClass().getSimpleName() + reply.getClass().getSimpleName());
        if (reply instanceof GatewayReply.Accepted accepted) {
            promises.add(new Promise(
                    call.run(),
                    new Head(accepted.seq(), accepted.hash()),
                    call.getClass().getSimpleName()));
        }
        if (call instanceof GatewayCall.Begin begin) {
            begun(host, begin, reply);
        } else if (call instanceof GatewayCall.Complete complete && reply instanceof GatewayReply.Accepted) {
            acknowledged.add(new Step(call.run(), complete.record().step()));
            same(
                    new Step(call.run(), complete.record().step()),
                    complete.result().bytes());
        } else if (call instanceof GatewayCall.Enrol enrol && reply instanceof GatewayReply.Enrolled) {
            enrolled(enrol);
        }
    }

    private void begun(String host, GatewayCall.Begin begin, GatewayReply reply) {
        Step step = new Step(begin.run(), begin.step());
        if (reply instanceof GatewayReply.RunIt run) {
            if (wentBack(begin.run())) {
                knows(host, begin);
            } else if (acknowledged.contains(step)) {
                defects.found(host + " lets " + step + " run again after its completion was acknowledged");
            }
            key(step, run.idempotencyKey());
        } else if (reply instanceof GatewayReply.Recorded recorded) {
            same(step, recorded.result().bytes());
            answers.add(new Answer(
                    begin.run(),
                    begin.step(),
                    begin.input().map(dev.lantern.value.Opening::bytes),
                    recorded.result().bytes()));
        } else if (reply instanceof GatewayReply.InDoubt doubt) {
            key(step, doubt.idempotencyKey());
        } else if (reply instanceof GatewayReply.Happened happened) {
            key(step, happened.idempotencyKey());
        }
    }

    /** Who knows more than the journal must not be told to go on. */
    private void knows(String host, GatewayCall.Begin begin) {
        if (begin.hash().isPresent()
                && !holds.test(begin.run(), new Head(begin.seq(), begin.hash().get()))) {
            defects.found(host + " lets an instance of " + begin.run() + " go on that knows of event " + begin.seq()
                    + ", which the journal has lost");
        }
    }

    private void key(Step step, String key) {
        Step before = keys.putIfAbsent(key, step);
        if (before != null && !before.equals(step)) {
            defects.found(step + " and " + before + " have the same idempotency key");
        }
        long others = keys.values().stream().filter(step::equals).count();
        if (others > 1) {
            defects.found(step + " has more than one idempotency key");
        }
    }

    private void same(Step step, byte[] result) {
        byte[] before = results.putIfAbsent(step, result);
        if (before != null && !wentBack(step.run()) && !Arrays.equals(before, result)) {
            defects.found("the result of " + step + " has changed");
        }
    }

    private void enrolled(GatewayCall.Enrol enrol) {
        String key = HexFormat.of().formatHex(enrol.publicKey());
        String before = enrolments.putIfAbsent(new Enrolment(enrol.run(), enrol.epoch()), key);
        if (before != null && !before.equals(key) && !wentBack(enrol.run())) {
            defects.found("two keys enrolled as instance " + enrol.epoch() + " of " + enrol.run());
        }
    }

    /** The host application was told that this is durable. */
    void durable(RunRef run, Event event) {
        promises.add(new Promise(run, new Head(event.seq(), event.hash()), "the host application"));
    }

    void decided(RunRef run) {
        timeline.note("application", () -> "hears that " + run + " is decided");
    }

    // -- what instances and users know ---------------------------------------------------------------------------

    void accepted(RunRef run, GatewayReply.Accepted accepted, String what) {
        promises.add(new Promise(run, new Head(accepted.seq(), accepted.hash()), what));
    }

    void completed(RunRef run, StepId step, byte[] result) {
        same(new Step(run, step), result);
    }

    void recorded(RunRef run, StepId step, byte[] result) {
        same(new Step(run, step), result);
    }

    void reported(RunRef run, String report) {
        reports.add(run);
    }

    void delivered(RunRef run, byte[] output) {
        byte[] before = outputs.putIfAbsent(run, output);
        if (before != null && !Arrays.equals(before, output) && !wentBack(run)) {
            defects.found("two outputs of " + run + " were accepted");
        }
    }

    void spawned(RunRef run, Event first) {
        promises.add(new Promise(run, new Head(first.seq(), first.hash()), "the spawner"));
        String before = spawned.putIfAbsent(run, first.hash().hex());
        if (before != null && !before.equals(first.hash().hex())) {
            defects.found("two spawners of " + run + " were given two runs");
        }
    }

    void cancelAsked(RunRef run) {
        cancels.add(run);
    }

    // -- the outside world ---------------------------------------------------------------------------------------

    /** A step's body has its effect on the outside world. */
    void happens(RunRef run, StepPlan step, String key) {
        int count = effects.merge(key, 1, Integer::sum);
        if (!wentBack(run) && step.effect().beginIsDurable() && count > 1 + excuses.getOrDefault(key, 0)) {
            defects.found("the effect of " + step.effect().wireName() + " step " + step.id() + " of " + run
                    + " happened " + count + " times, and the agent settled only " + excuses.getOrDefault(key, 0)
                    + " as not having happened");
        }
    }

    boolean hasHappened(String key) {
        return effects.getOrDefault(key, 0) > 0;
    }

    /** The agent says that the effect did not happen, right or wrong: it may happen once more. */
    void excused(String key) {
        excuses.merge(key, 1, Integer::sum);
    }

    // -- for the audit ---------------------------------------------------------------------------------------------

    List<Promise> promises() {
        return promises;
    }

    List<Answer> answers() {
        return answers;
    }

    Optional<byte[]> result(RunRef run, StepId step) {
        return Optional.ofNullable(results.get(new Step(run, step)));
    }

    boolean acknowledged(RunRef run, StepId step) {
        return acknowledged.contains(new Step(run, step));
    }

    Optional<byte[]> output(RunRef run) {
        return Optional.ofNullable(outputs.get(run));
    }

    boolean reported(RunRef run) {
        return reports.contains(run);
    }

    boolean cancelled(RunRef run) {
        return cancels.contains(run);
    }

    Set<RunRef> spawned() {
        return spawned.keySet();
    }

    int replies() {
        return replies;
    }
}
