package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.event.RunEvent.Budget;
import dev.lantern.core.gate.Earlier;
import dev.lantern.core.gate.Strength;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** No instance without a decision of the gate that is its own. */
class NextInstanceTest {
    private static final Strength PROCESS = new Strength(Isolation.TRUSTED, HandlerKind.PROCESS);
    private static final NodeId N1 = new NodeId("n1", "uid-n1", "boot-n1");
    private static final NodeId N2 = new NodeId("n2", "uid-n2", "boot-n2");
    private static final String VIOLATION = "spec.isolation: found none; allowed: some; add one [boundary-missing]";

    private static Placement onNodes(String uidOfClass, NodeId... nodes) {
        return new Placement(
                Isolation.UNTRUSTED,
                HandlerKind.GVISOR,
                Optional.of(new Placement.InCluster(
                        new Placement.NamespaceId("agents", "uid-ns"),
                        Optional.of(
                                new RuntimeClassFact("gvisor", uidOfClass, "runsc", Optional.empty(), new TreeMap<>())),
                        List.of(nodes),
                        false)));
    }

    private static RunFixture waiting() {
        return new RunFixture().running().lost();
    }

    private static List<RunEvent> events(Decision decision) {
        return decision.events().stream().map(Decision.Recorded::event).toList();
    }

    private static List<Act.Start> starts(Decision decision) {
        return decision.acts().stream()
                .filter(Act.Start.class::isInstance)
                .map(Act.Start.class::cast)
                .toList();
    }

    private static List<Earlier> questions(Decision decision) {
        return decision.acts().stream()
                .filter(Act.AskGate.class::isInstance)
                .map(act -> ((Act.AskGate) act).earlier())
                .toList();
    }

    private static Optional<Instant> due(RunFixture run) {
        return run.decisions().nextTick(run.state(), run.vitals(), run.now());
    }

    // -- a decision each ---------------------------------------------------------------------------------------

    @Test
    void admission_and_start_are_one_decision_and_the_whole_placement_goes_into_the_start() {
        RunFixture run = new RunFixture();
        assertThat(questions(run.take(new Stimulus.Tick()))).containsExactly(Earlier.NONE);
        Placement first = onNodes("uid-1", N1, N2);

        Decision started = run.take(RunFixture.admission(first));

        assertThat(RunFixture.kinds(started)).containsExactly("gate_passed", "instance_started");
        assertThat(starts(started)).singleElement().satisfies(start -> {
            assertThat(start.placement()).isSameAs(first);
            assertThat(start.useBy()).isEqualTo(RunFixture.USE_BY);
        });
    }

    @Test
    void nothing_of_a_placement_is_kept_for_the_next_instance() {
        RunFixture run = new RunFixture();
        run.take(new Stimulus.Tick());
        run.take(RunFixture.admission(onNodes("uid-1", N1)));

        Decision lost = run.take(new Stimulus.Ended(1, new InstanceEnd.Lost("evicted")));
        assertThat(starts(lost)).isEmpty();
        assertThat(questions(lost))
                .containsExactly(
                        new Earlier(Optional.of(new Strength(Isolation.UNTRUSTED, HandlerKind.GVISOR)), List.of()));
        Placement second = onNodes("uid-2", N2);
        Decision next = run.take(RunFixture.admission(second));

        assertThat(RunFixture.kinds(next)).containsExactly("gate_passed", "run_resumed", "instance_started");
        assertThat(starts(next)).singleElement().satisfies(start -> {
            assertThat(start.epoch()).isEqualTo(2);
            assertThat(start.placement()).isSameAs(second);
        });
    }

    @Test
    void gate_is_asked_once_at_a_time_and_only_when_an_instance_is_due() {
        RunFixture run = waiting();
        assertThat(questions(run.take(new Stimulus.Tick()))).isEmpty();
        run.take(RunFixture.admission());
        run.lost();

        // The second loss in a row waits for its back-off.
        assertThat(questions(run.take(new Stimulus.Tick()))).isEmpty();
        assertThat(due(run)).contains(run.now().plusMillis(500));
        run.later(Duration.ofMillis(500));
        assertThat(questions(run.take(new Stimulus.Tick()))).hasSize(1);
        assertThat(questions(run.take(new Stimulus.GateUnavailable()))).hasSize(1);
    }

    @Test
    void decision_that_comes_too_late_starts_nothing() {
        RunFixture cancelled = waiting();
        cancelled.take(new Stimulus.Cancel(1, "no longer needed"));
        assertThat(starts(cancelled.take(RunFixture.admission()))).isEmpty();
        assertThat(RunFixture.kinds(cancelled.take(RunFixture.refusal()))).isEmpty();

        RunFixture timedOut =
                new RunFixture(limits -> limits.timeout("10s")).running().lost();
        Decision late = timedOut.later(Duration.ofSeconds(10)).take(RunFixture.admission());
        assertThat(RunFixture.kinds(late)).startsWith("limit_exceeded").doesNotContain("instance_started");
        assertThat(starts(late)).isEmpty();

        RunFixture running = new RunFixture().running();
        assertThat(running.take(RunFixture.admission()).events()).isEmpty();
    }

    @Test
    void chain_with_one_admission_for_all_instances_is_folded_and_goes_on_with_one_for_each() {
        // As chains were written before each instance had a decision of its own.
        List<RunEvent> old = List.of(
                new RunEvent.GatePassed(Isolation.TRUSTED, HandlerKind.PROCESS, List.of()),
                new RunEvent.InstanceStarted(RunFixture.digest(RunFixture.secret(1))),
                new RunEvent.InstanceLost(1, "its node is gone", Budget.INFRASTRUCTURE, false),
                new RunEvent.RunResumed(0),
                new RunEvent.InstanceStarted(RunFixture.digest(RunFixture.secret(2))),
                new RunEvent.InstanceEnrolled(RunFixture.keyHex(), 1, Optional.empty()));
        RunFixture run = new RunFixture();
        RunState state = run.state();
        long seq = 1;
        for (RunEvent event : old) {
            state = state.apply(event, ++seq, run.now());
        }
        Vitals vitals = new Vitals(run.now());

        Decision adopted = run.decisions().decide(state, seq, vitals, new Stimulus.Adopted(7, List.of()), run.now());
        assertThat(RunFixture.kinds(adopted)).containsExactly("run_adopted", "instance_lost");
        run.later(Duration.ofMinutes(1));
        Decision due = run.decisions().decide(adopted.state(), seq + 2, vitals, new Stimulus.Tick(), run.now());
        assertThat(questions(due)).containsExactly(new Earlier(Optional.of(PROCESS), List.of()));
        Decision next = run.decisions().decide(due.state(), seq + 2, vitals, RunFixture.admission(), run.now());

        assertThat(RunFixture.kinds(next)).containsExactly("gate_passed", "run_resumed", "instance_started");
        assertThat(next.state().epoch()).isEqualTo(3);
    }

    // -- refusals ----------------------------------------------------------------------------------------------

    @Test
    void refusal_of_the_first_instance_ends_the_run() {
        RunFixture run = new RunFixture();
        run.take(new Stimulus.Tick());

        assertThat(RunFixture.kinds(run.take(RunFixture.refusal()))).containsExactly("run_refused");
        assertThat(run.state().status()).isEqualTo(RunStatus.REFUSED);
    }

    @Test
    void refusal_of_a_later_instance_is_on_record_and_the_run_waits() {
        RunFixture run = waiting();

        Decision refused = run.take(RunFixture.refusal());

        assertThat(events(refused)).containsExactly(new RunEvent.AnomalyDetected("gate-refused", 2, 1, VIOLATION));
        assertThat(starts(refused)).isEmpty();
        assertThat(run.state().status()).isEqualTo(RunStatus.RESUMING);
        assertThat(run.state().outcome()).isEmpty();
    }

    @Test
    void refusals_are_asked_about_again_ever_later_and_counted_by_the_minute() {
        RunFixture run = waiting();
        List<Duration> pauses = new ArrayList<>();
        List<RunEvent> told = new ArrayList<>();
        while (pauses.size() < 9) {
            told.addAll(events(run.take(RunFixture.refusal())));
            Instant refusedAt = run.now();
            boolean asked = false;
            while (!asked) {
                run.later(Duration.between(run.now(), due(run).orElseThrow()));
                Decision tick = run.take(new Stimulus.Tick());
                told.addAll(events(tick));
                assertThat(starts(tick)).isEmpty();
                asked = !questions(tick).isEmpty();
            }
            pauses.add(Duration.between(refusedAt, run.now()));
        }

        assertThat(pauses)
                .extracting(Duration::toMillis)
                .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
        assertThat(told)
                .containsExactly(
                        new RunEvent.AnomalyDetected("gate-refused", 2, 1, VIOLATION),
                        new RunEvent.AnomalyDetected("gate-refused", 2, 6, VIOLATION),
                        new RunEvent.AnomalyDetected("gate-refused", 2, 2, VIOLATION));
    }

    @Test
    void run_goes_on_as_soon_as_the_gate_admits_it_again() {
        RunFixture run = waiting();
        run.take(RunFixture.refusal());
        run.later(Duration.ofMinutes(9)).take(new Stimulus.Tick());

        assertThat(RunFixture.kinds(run.take(RunFixture.admission())))
                .containsExactly("gate_passed", "run_resumed", "instance_started");
        // Refusals begin to count anew with the next loss.
        run.take(new Stimulus.Started(2));
        run.lost().later(Duration.ofMinutes(2)).take(new Stimulus.Tick());
        assertThat(RunFixture.kinds(run.take(RunFixture.refusal()))).containsExactly("anomaly_detected");
        run.later(Duration.ofMinutes(9)).take(new Stimulus.Tick());
        run.take(RunFixture.refusal());
        assertThat(run.state().outcome()).isEmpty();
    }

    @Test
    void run_that_is_refused_for_too_long_fails_with_the_violations() {
        RunFixture run = waiting();
        run.take(RunFixture.refusal());
        run.take(new Stimulus.Stopped(1));
        run.later(Duration.ofMinutes(10).minusMillis(1)).take(new Stimulus.Tick());
        run.take(RunFixture.refusal());
        assertThat(run.state().outcome()).isEmpty();
        run.later(Duration.ofMillis(1)).take(new Stimulus.Tick());

        Decision last = run.take(RunFixture.refusal());

        assertThat(RunFixture.kinds(last)).startsWith("resume_refused").endsWith("run_failed");
        assertThat(events(last).get(events(last).size() - 1))
                .isEqualTo(new RunEvent.RunFailed(
                        "the gate refused the next instance for too long: " + VIOLATION, List.of()));
    }

    @Test
    void next_owner_counts_from_the_first_refusal_and_not_from_its_own() {
        RunFixture run = waiting();
        run.take(RunFixture.refusal());
        Vitals adopted = new Vitals(run.later(Duration.ofMinutes(10)).now());

        assertThat(RunFixture.kinds(
                        run.decisions().decide(run.state(), run.seq(), adopted, RunFixture.refusal(), run.now())))
                .contains("resume_refused");
    }

    @Test
    void hours_without_any_host_are_no_refusal() {
        RunFixture run = waiting();
        run.later(Duration.ofHours(5));

        assertThat(RunFixture.kinds(run.take(RunFixture.refusal()))).containsExactly("anomaly_detected");
    }

    // -- suspect nodes -----------------------------------------------------------------------------------------

    private static RunFixture onNode(NodeId node) {
        RunFixture run = new RunFixture().running();
        run.take(verified(run.state().epoch(), node));
        return run;
    }

    private static Stimulus verified(int epoch, NodeId node) {
        return new Stimulus.Verified(epoch, new Verified(Verified.NODE, Optional.of(node), List.of()));
    }

    private static List<NodeId> suspects(RunFixture run, Decision loss) {
        List<Earlier> asked = questions(loss);
        return asked.isEmpty()
                ? questions(run.later(Duration.ofMinutes(1)).take(new Stimulus.Tick()))
                        .get(0)
                        .suspects()
                : asked.get(0).suspects();
    }

    @Test
    void node_that_lost_an_instance_to_the_infrastructure_is_suspect() {
        RunFixture gone = onNode(N1);
        assertThat(suspects(gone, gone.take(new Stimulus.Ended(1, new InstanceEnd.Lost("node gone")))))
                .containsExactly(N1);

        RunFixture silent = onNode(N1);
        assertThat(suspects(silent, silent.later(Duration.ofSeconds(30)).take(new Stimulus.Tick())))
                .containsExactly(N1);

        RunFixture notStarted = new RunFixture().admitted();
        notStarted.take(verified(1, N1));
        assertThat(suspects(notStarted, notStarted.take(new Stimulus.StartFailed(1, "no sandbox"))))
                .containsExactly(N1);

        RunFixture unknown = new RunFixture().running();
        assertThat(suspects(unknown, unknown.take(new Stimulus.Ended(1, new InstanceEnd.Lost("node gone")))))
                .isEmpty();
    }

    @Test
    void node_of_a_violated_boundary_is_suspect() {
        RunFixture run = new RunFixture().running().resumed();
        run.take(verified(2, N1));

        assertThat(suspects(run, run.take(new Stimulus.Ended(2, DRIFT)))).containsExactly(N1);
    }

    @Test
    void agents_own_error_casts_no_suspicion_on_its_node() {
        RunFixture run = onNode(N1);

        assertThat(suspects(run, run.take(new Stimulus.Ended(1, new InstanceEnd.Exited(1)))))
                .isEmpty();
    }

    @Test
    void suspicion_ends_with_its_time_and_begins_anew_with_each_loss() {
        RunFixture run = onNode(N1);
        run.lost();
        Instant firstLoss = run.now();
        run.later(Duration.ofMinutes(9)).take(RunFixture.admission());
        run.take(verified(2, N2));
        run.take(new Stimulus.Started(2));
        Decision second = run.take(new Stimulus.Ended(2, new InstanceEnd.Lost("evicted")));
        assertThat(suspects(run, second)).as("at " + run.now()).containsExactly(N2);
        assertThat(Duration.between(firstLoss, run.now())).isEqualTo(Duration.ofMinutes(10));

        run.take(RunFixture.admission());
        run.take(verified(3, N1));
        Decision third = run.take(new Stimulus.Ended(3, new InstanceEnd.Lost("evicted")));
        assertThat(suspects(run, third)).containsExactly(N1, N2);
    }

    // -- checkpoints -------------------------------------------------------------------------------------------

    private static final InstanceEnd.Violated DRIFT = new InstanceEnd.Violated(
            InstanceEnd.Violated.DRIFT,
            List.of(new dev.lantern.gate.Violation(
                    "image-changed", "spec.image", "another", "the pinned one", "look")));
    private static final String DRIFTED = "the boundary was not what was admitted (drift): spec.image: found another;"
            + " allowed: the pinned one; look [image-changed]";

    @Test
    void checkpoint_is_one_event_however_often_and_whenever_it_is_told() {
        RunFixture run = new RunFixture().admitted();
        Stimulus pod = new Stimulus.Verified(1, new Verified(Verified.POD, Optional.empty(), List.of()));

        assertThat(RunFixture.kinds(run.take(pod)))
                .as("before its start has returned")
                .containsExactly("boundary_verified");
        assertThat(RunFixture.kinds(run.take(pod))).isEmpty();
        run.take(new Stimulus.Started(1));
        run.call(RunFixture.enrol(1, RunFixture.KEY));
        assertThat(RunFixture.kinds(run.take(verified(1, N1))))
                .as("after enrolment")
                .containsExactly("boundary_verified");
        assertThat(RunFixture.kinds(run.take(pod))).isEmpty();
        assertThat(RunFixture.kinds(run.take(verified(1, N2)))).isEmpty();
        assertThat(run.state().instance().orElseThrow().node()).contains(N1);
        assertThat(run.state().instance().orElseThrow().enrolled()).isTrue();
    }

    @Test
    void checkpoint_of_another_epoch_is_no_news() {
        RunFixture run = new RunFixture().running().resumed();

        assertThat(run.take(verified(1, N1)).events()).isEmpty();
        assertThat(run.take(verified(3, N1)).events()).isEmpty();
        assertThat(run.take(verified(2, N2)).events()).hasSize(1);
    }

    @Test
    void first_instance_whose_boundary_was_violated_fails_the_run_at_once() {
        for (RunFixture run : List.of(new RunFixture().admitted(), new RunFixture().running())) {
            Decision violated = run.take(new Stimulus.Ended(1, DRIFT));

            assertThat(events(violated))
                    .startsWith(
                            new RunEvent.BoundaryViolated("drift", DRIFT.violations()),
                            new RunEvent.InstanceLost(1, DRIFTED, Budget.INFRASTRUCTURE, true));
            assertThat(run.state().outcome()).contains(new RunOutcome.Failure(DRIFTED));
            assertThat(questions(violated)).isEmpty();
        }
    }

    @Test
    void later_instance_whose_boundary_was_violated_costs_a_try_of_the_infrastructures() {
        RunFixture run = new RunFixture().running().resumed();
        int before = run.state().failures(Budget.INFRASTRUCTURE);

        assertThat(RunFixture.kinds(run.take(new Stimulus.Ended(2, DRIFT))))
                .containsExactly("boundary_violated", "instance_lost");

        assertThat(run.state().failures(Budget.INFRASTRUCTURE)).isEqualTo(before + 1);
        assertThat(run.state().outcome()).isEmpty();
        assertThat(run.state().epoch()).isEqualTo(3);
    }

    @Test
    void nothing_of_a_violated_instance_is_accepted_any_more() {
        RunFixture run = new RunFixture().running().resumed();
        var complete = run.called(run.complete(dev.lantern.agent.Effect.PURE, "result"));
        var output = run.called(run.output("output"));
        run.take(new Stimulus.Ended(2, DRIFT));

        assertThat(RunFixture.told(run.take(complete))).startsWith("STALE_EPOCH");
        assertThat(RunFixture.told(run.take(output))).startsWith("STALE_EPOCH");
        assertThat(run.take(new Stimulus.Ended(2, DRIFT)).events())
                .as("told again")
                .isEmpty();
        assertThat(run.take(verified(2, N1)).events()).isEmpty();
    }

    @Test
    void violation_behind_the_outcome_is_on_record_once_and_changes_nothing() {
        RunFixture run = new RunFixture().running().delivered();

        Decision violated = run.take(new Stimulus.Ended(1, DRIFT));

        assertThat(RunFixture.kinds(violated)).containsExactly("boundary_violated");
        assertThat(violated.acts()).as("not spared any longer").hasAtLeastOneElementOfType(Act.Stop.class);
        assertThat(run.take(new Stimulus.Ended(1, DRIFT)).events()).isEmpty();
        run.tornDown();
        assertThat(run.state().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    // -- ends --------------------------------------------------------------------------------------------------

    @Test
    void exit_is_told_in_the_substrates_own_words() {
        RunFixture run = new RunFixture().running();

        assertThat(events(run.take(new Stimulus.Ended(
                        1, new InstanceEnd.Exited(137, "the agent used more memory than spec.limits.memory")))))
                .contains(new RunEvent.InstanceLost(
                        1, "the agent used more memory than spec.limits.memory", Budget.AGENT, false));
    }

    @Test
    void exit_of_an_instance_that_never_enrolled_is_no_success_and_not_the_agents_doing() {
        RunFixture run = new RunFixture().admitted();

        assertThat(events(run.take(new Stimulus.Ended(1, new InstanceEnd.Exited(0)))))
                .containsExactly(
                        new RunEvent.InstanceLost(1, "the agent exited with code 0", Budget.INFRASTRUCTURE, false));
    }

    // -- stops -------------------------------------------------------------------------------------------------

    @Test
    void stop_that_takes_its_time_is_looked_after_ever_later() {
        RunFixture run = new RunFixture().running().delivered();
        run.later(EngineSettings.defaults().exitGrace()).take(new Stimulus.Tick());
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Decision ending = run.take(new Stimulus.StillEnding(1));
            assertThat(ending.acts()).isEmpty();
            Instant before = run.now();
            Decision again = run.later(Duration.between(run.now(), due(run).orElseThrow()))
                    .take(new Stimulus.Tick());
            assertThat(again.acts()).containsExactly(new Act.Stop(1, Duration.ofSeconds(10)));
            pauses.add(Duration.between(before, run.now()));
        }

        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 4L, 4L);
        assertThat(RunFixture.kinds(run.take(new Stimulus.Stopped(1)))).endsWith("run_succeeded");
    }

    @Test
    void stop_that_never_ends_does_not_keep_the_run_open_for_ever() {
        RunFixture run = new RunFixture().running().delivered();
        run.take(new Stimulus.Ended(1, new InstanceEnd.Exited(0)));
        run.take(new Stimulus.StillEnding(1));

        Decision late = run.later(EngineSettings.defaults().teardownWithin()).take(new Stimulus.StillEnding(1));

        assertThat(events(late)).endsWith(new RunEvent.RunSucceeded(List.of("acme/ticket-4711@1")));
    }
}
