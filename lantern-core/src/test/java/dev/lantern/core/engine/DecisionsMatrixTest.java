package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.FenceReport;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.core.gate.Attestation;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.run.RunStatus;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever happens wherever a run stands: nothing illegal follows. */
class DecisionsMatrixTest {
    private static final int COMMITTED = 1_700;
    private static final Verified VERIFIED =
            new Verified(Verified.NODE, Optional.of(new NodeId("n1", "uid-n1", "boot-n1")), List.of());
    private static final InstanceEnd VIOLATED = new InstanceEnd.Violated(
            InstanceEnd.Violated.DRIFT, List.of(new Violation("drift", "image", "another", "the pinned one", "look")));
    private static final Attester ATTESTER =
            (kind, node, report, at) -> Attestation.judge(kind, node, report, IsolationPolicy.safeDefaults(), at);
    private static final FenceReport SOUND = new FenceReport(true, "10.96.0.1:443", 3, Duration.ofSeconds(1), "");
    private static final FenceReport OPEN = new FenceReport(false, "10.96.0.1:443", 0, Duration.ZERO, "it answered");
    private static final Map<RunStatus, Set<RunStatus>> NEXT = new EnumMap<>(RunStatus.class);

    static {
        may(RunStatus.PENDING, RunStatus.STARTING, RunStatus.REFUSED, RunStatus.STOPPING);
        may(RunStatus.STARTING, RunStatus.RUNNING, RunStatus.RESUMING, RunStatus.STOPPING);
        may(RunStatus.RUNNING, RunStatus.RESUMING, RunStatus.STOPPING);
        may(RunStatus.RESUMING, RunStatus.RUNNING, RunStatus.STOPPING);
        may(RunStatus.STOPPING, RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.LIMIT_EXCEEDED);
    }

    private static void may(RunStatus from, RunStatus... to) {
        EnumSet<RunStatus> next = EnumSet.of(from);
        next.addAll(List.of(to));
        NEXT.put(from, next);
    }

    @Test
    void nothing_illegal_follows_from_anything_anywhere() {
        int cases = 0;
        for (Map.Entry<String, Supplier<RunFixture>> place : places().entrySet()) {
            for (Function<RunFixture, Stimulus> stimulus :
                    stimuli(place.getValue().get())) {
                RunFixture run = place.getValue().get();
                RunState before = run.state();
                Stimulus happening = stimulus.apply(run);
                Decision decision = run.peek(happening);
                check(place.getKey() + " × " + happening, before, decision, happening);
                cases++;
            }
        }
        System.out.println("decisions: " + cases + " cases");
        assertThat(cases).isGreaterThanOrEqualTo(COMMITTED);
    }

    private static void check(String where, RunState before, Decision decision, Stimulus stimulus) {
        RunState after = decision.state();
        assertThat(after.epoch()).as(where).isBetween(before.epoch(), before.epoch() + 1);
        assertThat(decision.events().isEmpty()).as(where).isEqualTo(after.equals(before) || after == before);
        if (before.sealed()) {
            assertThat(decision.events()).as(where).isEmpty();
            assertThat(decision.acts())
                    .as(where)
                    .noneMatch(act -> act instanceof Act.Start || act instanceof Act.AskGate);
        } else {
            assertLegalWay(where, before.status(), decision);
        }
        if (before.outcome().isPresent()) {
            assertThat(after.outcome()).as(where).isEqualTo(before.outcome());
            assertThat(decision.acts()).as(where).noneMatch(act -> act instanceof Act.Start);
        }
        if (RunFixture.kinds(decision).contains("instance_enrolled") && where.contains("in a sandbox")) {
            assertThat(stimulus).as(where).isInstanceOf(Stimulus.Compared.class);
            assertThat(where).doesNotContain("it answered");
        }
        if (stimulus instanceof Stimulus.Called || stimulus instanceof Stimulus.Compared) {
            assertThat(RunFixture.told(decision)).as(where).isNotEmpty();
        }
        List<String> kinds = RunFixture.kinds(decision);
        long terminal = kinds.stream()
                .filter(kind -> kind.startsWith("run_") && isTerminal(kind))
                .count();
        assertThat(terminal).as(where).isEqualTo(after.sealed() && !before.sealed() ? 1 : 0);
        if (terminal == 1) {
            assertThat(isTerminal(kinds.get(kinds.size() - 1))).as(where).isTrue();
        }
    }

    private static void assertLegalWay(String where, RunStatus from, Decision decision) {
        RunStatus to = decision.state().status();
        Set<RunStatus> reachable = EnumSet.of(from);
        for (int i = 0; i < decision.events().size(); i++) {
            EnumSet<RunStatus> further = EnumSet.copyOf(reachable);
            reachable.forEach(status -> further.addAll(NEXT.getOrDefault(status, Set.of())));
            reachable = further;
        }
        assertThat(reachable).as(where).contains(to);
    }

    private static boolean isTerminal(String kind) {
        return List.of("run_refused", "run_succeeded", "run_failed", "run_cancelled", "run_limit_exceeded")
                .contains(kind);
    }

    private static Map<String, Supplier<RunFixture>> places() {
        Map<String, Supplier<RunFixture>> places = new LinkedHashMap<>();
        places.put("created", RunFixture::new);
        places.put("gate asked", () -> {
            RunFixture run = new RunFixture();
            run.take(new Stimulus.Tick());
            return run;
        });
        places.put("starting", () -> new RunFixture().admitted());
        places.put("starting in a sandbox", () -> {
            RunFixture run = new RunFixture(List.of(Verified.NODE), ATTESTER).admitted();
            run.take(new Stimulus.Verified(1, VERIFIED));
            return run;
        });
        places.put("running in a sandbox", () -> {
            RunFixture run = new RunFixture(List.of(Verified.NODE), ATTESTER).admitted();
            run.take(new Stimulus.Verified(1, VERIFIED));
            run.take(new Stimulus.Compared(run.called(inside(1, SOUND)), Optional.of(VERIFIED)));
            return run;
        });
        places.put("running", () -> new RunFixture().running());
        places.put("step open", () -> with(new RunFixture().running(), run -> run.begin(Effect.AT_MOST_ONCE)));
        places.put("step done", () -> with(new RunFixture().running(), run -> run.complete(Effect.PURE, "result")));
        places.put(
                "step in doubt",
                () -> with(new RunFixture().running(), run -> run.begin(Effect.AT_MOST_ONCE))
                        .resumed());
        places.put("step happened", () -> {
            RunFixture run =
                    with(new RunFixture().running(), r -> r.begin(Effect.PROBE)).resumed();
            run.call(run.resolve(1, true));
            return run;
        });
        places.put("lost", () -> new RunFixture().running().lost().lost());
        places.put("refused again", () -> {
            RunFixture run = new RunFixture().running().lost();
            run.take(RunFixture.refusal());
            return run;
        });
        places.put("refused for long", () -> {
            RunFixture run = new RunFixture().running().lost();
            run.take(RunFixture.refusal());
            run.later(Duration.ofMinutes(11)).take(RunFixture.refusal());
            return run;
        });
        places.put("violated", () -> {
            RunFixture run = new RunFixture().running();
            run.take(new Stimulus.Ended(1, VIOLATED));
            return run;
        });
        places.put("resumed", () -> new RunFixture().running().resumed());
        places.put("delivered", () -> new RunFixture().running().delivered());
        places.put("cancelled", () -> {
            RunFixture run = new RunFixture().running();
            run.take(new Stimulus.Cancel(1, "no longer needed"));
            return run;
        });
        places.put("cancelled before its start", () -> {
            RunFixture run = new RunFixture();
            run.take(new Stimulus.Cancel(1, "no longer needed"));
            return run;
        });
        places.put("timed out", () -> {
            RunFixture run = new RunFixture(limits -> limits.timeout("10s")).running();
            run.later(Duration.ofSeconds(11)).take(new Stimulus.Tick());
            return run;
        });
        places.put("succeeded", () -> new RunFixture().running().delivered().tornDown());
        places.put("refused", () -> {
            RunFixture run = new RunFixture();
            run.take(RunFixture.refusal());
            return run;
        });
        return places;
    }

    private static GatewayCall inside(int epoch, FenceReport fence) {
        return new GatewayCall.Enrol(
                RunFixture.RUN,
                epoch,
                RunFixture.KEY,
                1,
                2,
                Optional.of(new InsideReport(new SandboxReport("Linux", "b", false, "", List.of()), fence)));
    }

    private static RunFixture with(RunFixture run, Function<RunFixture, GatewayCall> call) {
        run.call(call.apply(run));
        return run;
    }

    private static List<Function<RunFixture, Stimulus>> stimuli(RunFixture like) {
        int newest = Math.max(1, like.state().epoch());
        List<Function<RunFixture, Stimulus>> stimuli = new ArrayList<>();
        stimuli.add(run -> new Stimulus.Tick());
        stimuli.add(run -> {
            run.later(Duration.ofHours(1));
            return new Stimulus.Tick();
        });
        stimuli.add(run -> new Stimulus.Adopted(2, List.of()));
        stimuli.add(run -> new Stimulus.Adopted(2, List.of(newest)));
        stimuli.add(run -> new Stimulus.Adopted(2, List.of(newest, newest + 5)));
        stimuli.add(run -> RunFixture.admission());
        stimuli.add(run -> RunFixture.refusal());
        stimuli.add(run -> new Stimulus.GateUnavailable());
        stimuli.add(run -> new Stimulus.Cancel(1, "again"));
        for (int epoch = 0; epoch <= newest + 1; epoch++) {
            int of = epoch;
            stimuli.add(run -> new Stimulus.Started(of));
            stimuli.add(run -> new Stimulus.StartFailed(of, "no image"));
            stimuli.add(run -> new Stimulus.Stopped(of));
            stimuli.add(run -> new Stimulus.StopFailed(of));
            stimuli.add(run -> new Stimulus.StillEnding(of));
            stimuli.add(run -> new Stimulus.Verified(of, VERIFIED));
            stimuli.add(run -> new Stimulus.Ended(of, VIOLATED));
            stimuli.add(run -> new Stimulus.Ended(of, new InstanceEnd.Exited(0)));
            stimuli.add(run -> new Stimulus.Ended(of, new InstanceEnd.Exited(1)));
            stimuli.add(run -> new Stimulus.Ended(of, new InstanceEnd.Lost("node gone")));
            stimuli.add(run -> new Stimulus.Ended(of, new InstanceEnd.StartFailed("no image", true)));
            stimuli.add(run -> run.called(RunFixture.enrol(of, RunFixture.KEY)));
            stimuli.add(run -> run.called(RunFixture.enrol(of, RunFixture.OTHER_KEY)));
            stimuli.add(run -> run.called(inside(of, SOUND)));
            stimuli.add(run -> run.called(inside(of, OPEN)));
            stimuli.add(run -> new Stimulus.Compared(run.called(inside(of, SOUND)), Optional.of(VERIFIED)));
            stimuli.add(run -> new Stimulus.Compared(run.called(inside(of, OPEN)), Optional.of(VERIFIED)));
            stimuli.add(run -> new Stimulus.Compared(run.called(inside(of, SOUND)), Optional.empty()));
        }
        if (like.state().epoch() > 0) {
            for (Effect effect : Effect.values()) {
                stimuli.add(run -> run.called(run.begin(effect)));
                stimuli.add(run -> run.called(run.complete(effect, "result")));
            }
            stimuli.add(run -> run.called(run.complete(Effect.PURE, "another result")));
            stimuli.add(run -> run.called(run.fail(1)));
            stimuli.add(run -> run.called(run.fail(9)));
            stimuli.add(run -> run.called(run.resolve(1, true)));
            stimuli.add(run -> run.called(run.resolve(1, false)));
            stimuli.add(run -> run.called(run.output("output")));
            stimuli.add(run -> run.called(run.output("another output")));
            stimuli.add(run -> run.called(run.heartbeat()));
            stimuli.add(run -> run.called(run.heartbeat(), new byte[32]));
        }
        return stimuli;
    }
}
