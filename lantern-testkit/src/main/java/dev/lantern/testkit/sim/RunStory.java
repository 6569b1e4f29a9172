package dev.lantern.testkit.sim;

import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.StepId;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.Opening;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run's chain, folded a second time and by other rules than the engine's: each event is asked whether it may stand
 * where it stands, and the end whether it follows from what came before.
 */
final class RunStory {
    private static final Duration SOON = Duration.ofSeconds(1);

    private record Completion(RunEvent.StepCompleted event, byte[] result, List<StoredOpening> openings) {}

    private final World world;
    private final RunRow row;
    private final RunPlan plan;
    private final Journal truth;
    private final ErasableCodec erasables = ErasableCodec.plain();
    private final Map<StepId, Completion> completed = new LinkedHashMap<>();
    private final Map<StepId, Integer> starts = new LinkedHashMap<>();
    private final Map<StepId, Integer> resolvedAway = new LinkedHashMap<>();
    private final Set<String> reports = new LinkedHashSet<>();
    private final Map<Integer, String> keys = new LinkedHashMap<>();
    private final BoundaryStory boundary;
    private final SecretStory secrets;
    private List<String> standing = List.of();
    private @Nullable RunEvent decided;
    private @Nullable RunEvent terminal;
    private Instant createdAt = Instant.MIN;
    private Instant lastAt = Instant.MIN;
    private int epoch;
    private boolean instance;
    private byte @Nullable [] output;
    private long tokens;
    private BigDecimal cost = BigDecimal.ZERO;
    private int lost;

    RunStory(World world, RunRow row, RunPlan plan, Journal truth) {
        this.world = world;
        this.row = row;
        this.plan = plan;
        this.truth = truth;
        this.boundary = new BoundaryStory(world, plan);
        this.secrets = new SecretStory(world, plan);
    }

    List<String> namedAsStanding() {
        return standing;
    }

    /** The handles of dynamic secrets that the terminal event names. */
    List<String> secretsStanding() {
        return secrets.standing();
    }

    void add(Event stored, EventEnvelope envelope, RunEvent event) {
        check(terminal == null, envelope, "follows a terminal event");
        check(!envelope.time().isBefore(lastAt), envelope, "is older than the event before it");
        check((envelope.seq() == 1) == (event instanceof RunEvent.RunCreated), envelope, "is out of its place");
        lastAt = envelope.time();
        secrets.add(stored, envelope, event, instance && keys.containsKey(epoch) && decided == null);
        if (event instanceof RunEvent.InstanceLost gone) {
            check(instance && gone.lost() == epoch, envelope, "loses an instance that was not there");
            epoch++;
            lost++;
            instance = false;
            if (gone.exhausted()) {
                decide(envelope, event);
            }
        } else if (event instanceof RunEvent.InstanceStarted) {
            check(!instance, envelope, "starts a second instance");
            check(decided == null, envelope, "starts an instance after the outcome was decided");
            instance = true;
            epoch = Math.max(1, epoch);
        } else if (event instanceof RunEvent.InstanceEnrolled enrolled) {
            check(instance, envelope, "enrols an instance that was not started");
            check(keys.putIfAbsent(epoch, enrolled.publicKey()) == null, envelope, "enrols a second key");
        } else if (event instanceof RunEvent.InstanceStopped) {
            instance = false;
        } else {
            addWork(stored, envelope, event);
        }
        check(envelope.epoch() == epoch, envelope, "bears epoch " + envelope.epoch() + " in epoch " + epoch);
        boundary.add(envelope, event);
    }

    private void addWork(Event stored, EventEnvelope envelope, RunEvent event) {
        if (event instanceof RunEvent.SecretRefused refused && refused.decides()) {
            decide(envelope, event);
        } else if (event instanceof RunEvent.RunCreated) {
            createdAt = envelope.time();
        } else if (event instanceof RunEvent.StepCompleted completion) {
            complete(stored, envelope, completion);
        } else if (event instanceof RunEvent.StepStarted started) {
            check(decided == null, envelope, "starts a step after the outcome was decided");
            starts.merge(started.step(), 1, Integer::sum);
            check(
                    !started.effect().beginIsDurable()
                            || starts.getOrDefault(started.step(), 0)
                                    <= 1 + resolvedAway.getOrDefault(started.step(), 0),
                    envelope,
                    "starts step " + started.step() + " again though nobody settled that it had not happened");
        } else if (event instanceof RunEvent.StepResolved resolved) {
            if (!resolved.happened()) {
                resolvedAway.merge(resolved.step(), 1, Integer::sum);
            }
        } else if (event instanceof RunEvent.UsageRecorded used) {
            check(reports.add(used.report()), envelope, "counts report " + used.report() + " twice");
            use(envelope, used.usage());
        } else if (event instanceof RunEvent.ResultReady ready) {
            checkSigned(envelope, ready.record().epoch(), ready.record().signedBytes(), ready.signature());
            output = open(stored, 0, List.of(ready.record().output())).orElse(null);
            decide(envelope, event);
        } else if (event instanceof RunEvent.JournalRegressed) {
            check(world.oracle().wentBack(row.run()), envelope, "says that the journal went back, which it did not");
            decide(envelope, event);
        } else if (event instanceof RunEvent.EndedWithoutOutput
                || event instanceof RunEvent.ResumeRefused
                || event instanceof RunEvent.CancelRequested
                || event instanceof RunEvent.LimitExceeded) {
            decide(envelope, event);
        } else {
            addEnd(envelope, event);
        }
    }

    private void addEnd(EventEnvelope envelope, RunEvent event) {
        if (event instanceof RunEvent.RunRefused) {
            terminal = event;
        } else if (event instanceof RunEvent.RunSucceeded end) {
            terminal = event;
            standing = end.standing();
            check(
                    decided instanceof RunEvent.ResultReady || decided instanceof RunEvent.EndedWithoutOutput,
                    envelope,
                    "does not follow from " + decided);
        } else if (event instanceof RunEvent.RunFailed end) {
            terminal = event;
            standing = end.standing();
            check(
                    decided instanceof RunEvent.InstanceLost
                            || decided instanceof RunEvent.ResumeRefused
                            || decided instanceof RunEvent.SecretRefused
                            || decided instanceof RunEvent.JournalRegressed,
                    envelope,
                    "does not follow from " + decided);
        } else if (event instanceof RunEvent.RunCancelled end) {
            terminal = event;
            standing = end.standing();
            check(decided instanceof RunEvent.CancelRequested, envelope, "does not follow from " + decided);
        } else if (event instanceof RunEvent.RunLimitExceeded end) {
            terminal = event;
            standing = end.standing();
            check(decided instanceof RunEvent.LimitExceeded, envelope, "does not follow from " + decided);
        }
    }

    private void complete(Event stored, EventEnvelope envelope, RunEvent.StepCompleted event) {
        StepId step = event.record().step();
        check(decided == null, envelope, "completes a step after the outcome was decided");
        checkSigned(envelope, event.record().epoch(), event.record().signedBytes(), event.signature());
        List<Commitment> commitments =
                new ArrayList<>(event.record().input().map(List::of).orElse(List.of()));
        commitments.add(event.record().result());
        byte[] result = open(stored, commitments.size() - 1, commitments).orElse(new byte[0]);
        List<StoredOpening> openings = stored.erasable()
                .map(erasable -> erasables.decode(row.run(), stored.hash(), erasable, commitments))
                .orElse(List.of());
        check(
                completed.putIfAbsent(step, new Completion(event, result, openings)) == null,
                envelope,
                "completes step " + step + " a second time");
        check(
                !event.record().effect().beginIsDurable() || starts.containsKey(step),
                envelope,
                "completes step " + step + " that was never started");
        world.oracle()
                .result(row.run(), step)
                .filter(promised -> !world.oracle().wentBack(row.run()))
                .ifPresent(promised -> check(
                        Arrays.equals(promised, result),
                        envelope,
                        "holds another result of " + step + " than was told"));
        use(envelope, event.record().usage());
    }

    private void checkSigned(EventEnvelope envelope, int signedEpoch, byte[] message, String signature) {
        String key = keys.get(epoch);
        check(signedEpoch == epoch, envelope, "was signed in epoch " + signedEpoch);
        check(
                key != null
                        && world.keys()
                                .signatures()
                                .verify(key, message, HexFormat.of().parseHex(signature)),
                envelope,
                "is not signed by the enrolled instance");
    }

    private Optional<byte[]> open(Event stored, int index, List<Commitment> commitments) {
        StoredOpening opening = erasables
                .decode(row.run(), stored.hash(), stored.erasable().orElseThrow(), commitments)
                .get(index);
        Commitment commitment = commitments.get(index);
        if (opening instanceof StoredOpening.Inline inline) {
            return Optional.of(inline.opening().bytes());
        } else if (opening instanceof StoredOpening.Elsewhere elsewhere) {
            Optional<Opening> kept = truth.kept(row.key(), commitment, SOON)
                    .map(body -> erasables.open(row.run(), elsewhere, body, commitment));
            if (kept.isEmpty()) {
                world.defects().found("a payload of event " + stored.seq() + " of " + row.run() + " is lost");
            }
            return kept.map(Opening::bytes);
        }
        return Optional.empty();
    }

    private void use(EventEnvelope envelope, List<ModelUsage> usage) {
        boolean within = withinLimits();
        for (ModelUsage one : usage) {
            tokens += one.totalTokens();
            cost = cost.add(one.costUsd().orElse(BigDecimal.ZERO));
        }
        check(within || usage.isEmpty(), envelope, "uses more though a limit was passed before");
    }

    private boolean withinLimits() {
        var limits = plan.spec().limits();
        return (limits.maxTokens().isEmpty() || tokens <= limits.maxTokens().getAsLong())
                && (limits.maxCostUsd().isEmpty()
                        || cost.compareTo(limits.maxCostUsd().get()) <= 0);
    }

    private void decide(EventEnvelope envelope, RunEvent event) {
        check(decided == null, envelope, "decides an outcome that was decided before");
        decided = event;
    }

    // -- once the chain was read ---------------------------------------------------------------------------------

    void end() {
        if (terminal == null || world.oracle().wentBack(row.run())) {
            // What was acknowledged is lost; that the run ended is all that can be demanded.
            return;
        }
        secrets.end(standing);
        check(!plan.lacksSecret() || starts.isEmpty() && completed.isEmpty(), "worked without all of its secrets");
        if (decided instanceof RunEvent.ResultReady) {
            endWithOutput();
        } else if (decided instanceof RunEvent.EndedWithoutOutput) {
            check(plan.script().ending() == Script.Ending.NOTHING, "ended without the output that its agent makes");
            checkAllDone();
        } else if (decided instanceof RunEvent.CancelRequested) {
            check(world.oracle().cancelled(row.run()), "was cancelled though nobody asked for it");
        } else if (decided instanceof RunEvent.LimitExceeded limit) {
            endAtLimit(limit);
        } else if (decided instanceof RunEvent.InstanceLost loss) {
            boolean agent = loss.budget() == RunEvent.Budget.AGENT;
            check(!agent || mayFail(), "failed by its agent, whose script never fails: " + loss.cause());
            check(
                    agent || boundary.brokenAtOnce() || lost >= World.SETTINGS.infrastructureTries(),
                    "failed with tries left: " + loss.cause());
        }
        if (!(decided instanceof RunEvent.ResultReady)) {
            check(world.oracle().output(row.run()).isEmpty(), "lost the output that was accepted");
        }
        check(decided instanceof RunEvent.LimitExceeded || withinLimits(), "ended above its limits");
        if (world.oracle().reported(row.run())) {
            check(reports.contains("warm-up"), "lost a usage report that was accepted");
        }
        for (List<StepPlan> stage : plan.script().stages()) {
            for (StepPlan step : stage) {
                if (world.oracle().acknowledged(row.run(), step.id())) {
                    check(completed.containsKey(step.id()), "lost the completion of " + step.id());
                }
                checkUsage(step);
            }
        }
    }

    private boolean mayFail() {
        return plan.script().crashes() > 0
                || plan.script().diverges()
                || plan.spec().limits().maxTokens().isPresent()
                || plan.script().ending() == Script.Ending.NEVER;
    }

    private void checkUsage(StepPlan step) {
        Completion completion = completed.get(step.id());
        if (completion != null) {
            check(
                    completion.event().record().usage().equals(step.usage())
                            || completion.event().record().usage().isEmpty(),
                    "bills step " + step.id() + " for something else than it used");
        }
    }

    private void endWithOutput() {
        Map<String, byte[]> results = new LinkedHashMap<>();
        checkAllDone();
        completed.forEach((step, completion) -> results.put(step.toString(), completion.result()));
        check(
                output != null && Arrays.equals(output, RunUsage.output(results)),
                "has an output that does not follow from its recorded results");
    }

    private void checkAllDone() {
        for (List<StepPlan> stage : plan.script().stages()) {
            for (StepPlan step : stage) {
                check(completed.containsKey(step.id()), "succeeded without step " + step.id());
            }
        }
    }

    private void endAtLimit(RunEvent.LimitExceeded limit) {
        var limits = plan.spec().limits();
        boolean right = switch (limit.limit()) {
            case "timeout" ->
                limits.timeout().isPresent()
                        && !lastAt.isBefore(createdAt.plus(limits.timeout().get()));
            case "max_steps" ->
                limits.maxSteps().isPresent()
                        && completed.size() >= limits.maxSteps().getAsLong();
            default -> !withinLimits();
        };
        check(right, "ended at a limit that was not reached: " + limit);
    }

    /** The recorded result, asked for with the recorded input. */
    void judge(Oracle.Answer answer) {
        Completion completion = completed.get(answer.step());
        if (completion == null) {
            world.defects().found("step " + answer.step() + " of " + row.run() + " was answered and is not recorded");
            return;
        }
        check(Arrays.equals(completion.result(), answer.result()), "answered another result of " + answer.step());
        Optional<Commitment> input = completion.event().record().input();
        boolean same = input.isPresent() == answer.input().isPresent()
                && (input.isEmpty()
                        || completion
                                .openings()
                                .get(0)
                                .matches(
                                        input.get(),
                                        "text/plain",
                                        answer.input().get()));
        check(same, "answered the result of " + answer.step() + " though it was asked with another input");
    }

    private void check(boolean holds, EventEnvelope envelope, String complaint) {
        if (!holds) {
            world.defects()
                    .found("event " + envelope.seq() + " (" + envelope.kind() + ") of " + row.run() + " " + complaint);
        }
    }

    private void check(boolean holds, String complaint) {
        if (!holds) {
            world.defects().found("run " + row.run() + " " + complaint);
        }
    }
}
