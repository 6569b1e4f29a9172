package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.StepId;
import dev.lantern.core.event.RunEvent;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Verified;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstanceCallsTest {
    private static final StepId OTHER = StepId.keyed("mail", "order-7");

    // -- who calls ---------------------------------------------------------------------------------------------

    @Test
    void wrong_secret_and_unknown_epoch_look_the_same() {
        RunFixture run = new RunFixture().running();

        assertThat(run.call(run.heartbeat(), RunFixture.secret(9))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(run.call(RunFixture.enrol(7, RunFixture.KEY))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(run.call(RunFixture.enrol(0, RunFixture.KEY))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void another_epochs_secret_does_not_lower_or_raise_the_callers() {
        RunFixture run = new RunFixture().running().resumed();

        assertThat(run.call(run.heartbeat(), RunFixture.secret(1))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(run.call(RunFixture.enrol(1, RunFixture.KEY), RunFixture.secret(2)))
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void stale_instance_is_refused_whatever_it_calls() {
        RunFixture run = new RunFixture().running();
        List<GatewayCall> calls = List.of(
                run.heartbeat(),
                run.begin(Effect.IDEMPOTENT),
                run.complete(Effect.PURE, "work done before it was given up"),
                run.fail(1),
                run.resolve(1, true),
                run.output("late"),
                new GatewayCall.Report(RunFixture.RUN, 1, "late", List.of()),
                RunFixture.enrol(1, RunFixture.KEY));
        run.resumed();
        RunState before = run.state();

        assertThat(calls)
                .allSatisfy(call -> assertThat(run.call(call))
                        .isEqualTo("STALE_EPOCH: instance 1 of run acme/ticket-4711 was given up; the newest is 2"));
        assertThat(run.state().steps()).isSameAs(before.steps());
        assertThat(run.state().usage()).isSameAs(before.usage());
        assertThat(run.state().status()).isEqualTo(before.status());
        assertThat(run.state().outcome()).isEmpty();
    }

    @Test
    void one_key_for_each_instance() {
        RunFixture run = new RunFixture().running();

        assertThat(run.call(RunFixture.enrol(1, RunFixture.KEY))).isEqualTo("enrolled");
        byte[] another = RunFixture.KEY.clone();
        another[3] = 1;
        assertThat(run.call(RunFixture.enrol(1, another)))
                .isEqualTo("ALREADY_ENROLLED: another key has enrolled as instance 1");
    }

    @Test
    void enrolment_wants_a_key_and_a_common_protocol() {
        RunFixture run = new RunFixture().admitted();

        assertThat(run.call(RunFixture.enrol(1, RunFixture.OTHER_KEY)))
                .isEqualTo("INVALID: the public key is no valid Ed25519 key");
        assertThat(run.call(new GatewayCall.Enrol(RunFixture.RUN, 1, RunFixture.KEY, 4, 5)))
                .isEqualTo("PROTOCOL: the harness speaks protocol 4 to 5, this host speaks 1 to 3");
        assertThat(run.call(run.begin(Effect.PURE))).isEqualTo("INVALID: enrol first");
    }

    @Test
    void word_of_the_platform_is_good_for_that_instance_alone() {
        RunFixture run = new RunFixture().admitted();
        GatewayCall enrol = RunFixture.enrol(1, RunFixture.KEY);

        for (InstanceRef other : List.of(
                new InstanceRef(RunFixture.RUN, 2),
                new InstanceRef(new RunRef("acme", "ticket-4712"), 1),
                new InstanceRef(new RunRef("other", "ticket-4711"), 1))) {
            assertThat(run.call(enrol, new Proof.ByPlatform(other))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        }
        assertThat(run.call(
                        RunFixture.enrol(2, RunFixture.KEY), new Proof.ByPlatform(new InstanceRef(RunFixture.RUN, 2))))
                .as("it stands, and the chain has not started it")
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(run.call(enrol, new Proof.ByPlatform(new InstanceRef(RunFixture.RUN, 1))))
                .isEqualTo("enrolled");
    }

    @Test
    void nobody_enrols_before_the_checkpoints_that_the_substrate_names() {
        RunFixture run = new RunFixture(List.of(Verified.POD, Verified.NODE)).admitted();
        GatewayCall enrol = RunFixture.enrol(1, RunFixture.KEY);
        String notYet = "UNAVAILABLE: where instance 1 runs is not verified yet; repeat the call";

        assertThat(run.call(enrol)).isEqualTo(notYet);
        run.take(new Stimulus.Verified(1, new Verified(Verified.NODE, Optional.empty(), List.of())));
        assertThat(run.call(enrol)).isEqualTo(notYet);
        assertThat(RunFixture.kinds(run.peek(run.called(enrol))))
                .as("nothing for the record")
                .isEmpty();
        assertThat(run.call(run.begin(Effect.PURE))).isEqualTo("INVALID: enrol first");

        run.take(new Stimulus.Verified(1, new Verified(Verified.POD, Optional.empty(), List.of())));
        assertThat(run.call(enrol)).isEqualTo("enrolled");
    }

    @Test
    void what_one_instance_has_passed_is_worth_nothing_to_the_next() {
        RunFixture run = new RunFixture(List.of(Verified.NODE)).admitted();
        run.take(new Stimulus.Verified(1, new Verified(Verified.NODE, Optional.empty(), List.of())));
        run.lost().later(Duration.ofMinutes(1)).take(new Stimulus.Tick());
        run.take(RunFixture.admission());
        run.take(new Stimulus.Verified(1, new Verified(Verified.NODE, Optional.empty(), List.of())));

        assertThat(run.call(RunFixture.enrol(2, RunFixture.KEY)))
                .isEqualTo("UNAVAILABLE: where instance 2 runs is not verified yet; repeat the call");
    }

    @Test
    void ended_run_refuses_everything() {
        RunFixture run = new RunFixture().running().delivered().tornDown();

        assertThat(run.call(run.heartbeat())).isEqualTo("RUN_ENDED: run acme/ticket-4711 is SUCCEEDED");
        assertThat(run.call(run.begin(Effect.PURE))).isEqualTo("RUN_ENDED: run acme/ticket-4711 is SUCCEEDED");
    }

    // -- steps -------------------------------------------------------------------------------------------------

    @Test
    void begin_is_durable_only_where_its_start_must_not_be_forgotten() {
        RunFixture run = new RunFixture().running();

        assertThat(RunFixture.kinds(run.peek(run.called(run.begin(Effect.PURE)))))
                .isEmpty();
        assertThat(RunFixture.kinds(run.peek(run.called(run.begin(Effect.IDEMPOTENT)))))
                .isEmpty();
        assertThat(RunFixture.kinds(run.peek(run.called(run.begin(Effect.AT_MOST_ONCE)))))
                .containsExactly("step_started");
        assertThat(RunFixture.kinds(run.peek(run.called(run.begin(Effect.PROBE)))))
                .containsExactly("step_started");
    }

    @Test
    void repeated_begin_is_answered_as_the_first() {
        RunFixture run = new RunFixture().running();

        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE))).isEqualTo("run it, attempt 1");
        long before = run.seq();
        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE))).isEqualTo("run it, attempt 1");
        assertThat(run.seq()).isEqualTo(before);
    }

    @Test
    void completed_step_is_replayed_and_never_run_again() {
        RunFixture run = new RunFixture().running();
        assertThat(run.call(run.complete(Effect.PURE, "result"))).isEqualTo("accepted");
        long at = run.seq();

        assertThat(run.call(run.begin(Effect.PURE))).isEqualTo("replay of " + at);
        run.resumed();
        assertThat(run.call(run.begin(Effect.PURE))).isEqualTo("replay of " + at);
    }

    @Test
    void completing_twice_is_once_and_with_other_content_a_conflict() {
        RunFixture run = new RunFixture().running();
        run.call(run.complete(Effect.PURE, "result"));
        long before = run.seq();

        assertThat(run.call(run.complete(Effect.PURE, "result"))).isEqualTo("accepted");
        assertThat(run.seq()).isEqualTo(before);
        StepBook recorded = run.state().steps();
        assertThat(run.call(run.complete(Effect.PURE, "another")))
                .isEqualTo("CONFLICT: step pay#1 is completed with another result; begin it to get the recorded one");
        assertThat(run.state().steps()).isSameAs(recorded);
    }

    // -- the same step with another input ------------------------------------------------------------------------

    @Test
    void open_step_begun_again_with_another_input_is_compared_before_it_is_answered() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.AT_MOST_ONCE));
        long begun = run.seq();

        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE, "another"))).isEqualTo("comparison with " + begun);
        assertThat(run.call(run.beginWithoutInput(Effect.AT_MOST_ONCE)))
                .startsWith("DIVERGED: step pay#1 is recorded with another input");
    }

    @Test
    void step_begun_without_input_is_not_begun_again_with_one() {
        RunFixture run = new RunFixture().running();
        run.call(run.beginWithoutInput(Effect.PROBE));

        assertThat(run.call(run.begin(Effect.PROBE))).startsWith("DIVERGED: step pay#1 is recorded with another input");
        assertThat(run.call(run.beginWithoutInput(Effect.PROBE))).isEqualTo("run it, attempt 1");
    }

    @Test
    void every_durable_begin_is_compared_with_the_one_before_whatever_became_of_it() {
        RunFixture doubted = new RunFixture().running();
        doubted.call(doubted.begin(Effect.AT_MOST_ONCE));
        long begun = doubted.seq();
        doubted.resumed();
        assertThat(doubted.call(doubted.begin(Effect.AT_MOST_ONCE, "another"))).isEqualTo("comparison with " + begun);

        doubted.call(doubted.resolve(1, false));
        assertThat(doubted.call(doubted.begin(Effect.AT_MOST_ONCE, "another"))).isEqualTo("comparison with " + begun);

        RunFixture happened = new RunFixture().running();
        happened.call(happened.begin(Effect.PROBE));
        happened.resumed();
        happened.call(happened.resolve(1, true));
        assertThat(happened.call(happened.begin(Effect.PROBE, "another"))).isEqualTo("comparison with " + begun);

        RunFixture failed = new RunFixture(limits -> limits.maxTokens(100)).running();
        failed.call(failed.begin(RunFixture.STEP, Effect.IDEMPOTENT, 10));
        failed.call(failed.fail(1));
        assertThat(failed.call(failed.begin(Effect.IDEMPOTENT, "another"))).isEqualTo("comparison with " + begun);
    }

    @Test
    void begin_whose_input_was_found_to_be_the_same_is_answered() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.AT_MOST_ONCE));
        Stimulus.Called again = run.called(run.begin(Effect.AT_MOST_ONCE, "another"));

        assertThat(RunFixture.told(run.take(again.sameInputAs(run.seq())))).isEqualTo("run it, attempt 1");
        assertThat(RunFixture.told(run.take(again.sameInputAs(run.seq() - 1))))
                .as("compared with an older begin than the newest")
                .isEqualTo("comparison with " + run.seq());
    }

    // -- refusals on record --------------------------------------------------------------------------------------

    @Test
    void first_refusal_is_an_event_and_those_of_the_next_minute_are_one_more() {
        RunFixture run = new RunFixture().running();
        GatewayCall unsigned = run.complete(RunFixture.STEP, Effect.PURE, "result", new byte[] {8});

        assertThat(run.take(run.called(unsigned)).events())
                .extracting(Decision.Recorded::event)
                .containsExactly(new RunEvent.AnomalyDetected(
                        "bad-signature", 1, 1, "the record of step pay#1 is not signed by instance 1"));
        for (int i = 0; i < 20; i++) {
            run.later(Duration.ofSeconds(2));
            assertThat(RunFixture.kinds(run.take(run.called(unsigned)))).isEmpty();
        }
        assertThat(run.decisions().nextTick(run.state(), run.vitals(), run.now()))
                .hasValueSatisfying(
                        at -> assertThat(at).isBeforeOrEqualTo(run.now().plusSeconds(20)));
        run.later(Duration.ofSeconds(20));
        assertThat(run.take(new Stimulus.Tick()).events())
                .extracting(Decision.Recorded::event)
                .containsExactly(new RunEvent.AnomalyDetected(
                        "bad-signature", 1, 20, "the record of step pay#1 is not signed by instance 1"));
        assertThat(run.call(run.heartbeat())).isEqualTo("alive");
    }

    @Test
    void each_reason_has_a_count_of_its_own_and_all_stand_before_the_seal() {
        RunFixture run = new RunFixture().running();
        GatewayCall unsigned = run.complete(RunFixture.STEP, Effect.PURE, "result", new byte[] {8});
        run.call(unsigned);
        run.call(unsigned);
        assertThat(RunFixture.kinds(run.take(run.called(run.fail(9))))).containsExactly("anomaly_detected");
        run.call(run.fail(9));
        run.delivered();

        List<RunEvent> end = new ArrayList<>();
        for (int epoch : run.vitals().standing()) {
            run.take(new Stimulus.Stopped(epoch)).events().forEach(recorded -> end.add(recorded.event()));
        }

        assertThat(end)
                .filteredOn(RunEvent.AnomalyDetected.class::isInstance)
                .extracting(event -> ((RunEvent.AnomalyDetected) event).reason())
                .containsExactly("bad-signature", "invalid");
        assertThat(end.get(end.size() - 1)).isInstanceOf(RunEvent.RunSucceeded.class);
    }

    @Test
    void new_owner_counts_on_from_what_the_chain_says() {
        RunFixture run = new RunFixture().running();
        GatewayCall unsigned = run.complete(RunFixture.STEP, Effect.PURE, "result", new byte[] {8});
        run.call(unsigned);
        run.later(Duration.ofSeconds(10));
        Vitals adopted = new Vitals(run.now());

        Decision decision = run.decisions().decide(run.state(), run.seq(), adopted, run.called(unsigned), run.now());

        assertThat(decision.events()).isEmpty();
    }

    @Test
    void stranger_leaves_no_trace_in_the_chain() {
        RunFixture run = new RunFixture().running();

        assertThat(RunFixture.kinds(run.take(run.called(run.heartbeat(), RunFixture.secret(9)))))
                .isEmpty();
        assertThat(RunFixture.kinds(run.take(run.called(RunFixture.enrol(1, new byte[] {5}), RunFixture.secret(9)))))
                .isEmpty();
    }

    @Test
    void completion_must_be_signed_and_describe_itself() {
        RunFixture run = new RunFixture().running();

        assertThat(run.call(run.complete(RunFixture.STEP, Effect.PURE, "result", new byte[] {8})))
                .isEqualTo("BAD_SIGNATURE: the record of step pay#1 is not signed by instance 1");
        GatewayCall.Complete honest = (GatewayCall.Complete) run.complete(Effect.PURE, "result");
        assertThat(run.call(new GatewayCall.Complete(
                        RunFixture.RUN,
                        1,
                        honest.record(),
                        honest.signature(),
                        honest.input(),
                        RunFixture.opening("swapped"))))
                .isEqualTo("INVALID: the record of step pay#1 does not describe this call");
        assertThat(run.call(new GatewayCall.Complete(
                        RunFixture.RUN, 1, honest.record(), honest.signature(), Optional.empty(), honest.result())))
                .isEqualTo("INVALID: the record of step pay#1 does not describe this call");
    }

    @Test
    void record_of_another_run_is_refused() {
        RunFixture run = new RunFixture().running();
        GatewayCall.Complete honest = (GatewayCall.Complete) run.complete(Effect.PURE, "result");
        var stolen = new dev.lantern.agent.wire.StepRecord(
                new RunRef("umbrella", "ticket-4711"),
                1,
                honest.record().step(),
                honest.record().effect(),
                honest.record().input(),
                honest.record().result(),
                List.of());

        assertThat(run.call(new GatewayCall.Complete(
                        RunFixture.RUN, 1, stolen, honest.signature(), honest.input(), honest.result())))
                .isEqualTo("INVALID: the record of step pay#1 does not describe this call");
    }

    @Test
    void at_most_once_step_is_begun_before_it_is_completed() {
        RunFixture run = new RunFixture().running();

        assertThat(run.call(run.complete(Effect.AT_MOST_ONCE, "result")))
                .isEqualTo("INVALID: step pay#1 is at_most_once and was never begun: begin it first");
    }

    @Test
    void step_that_a_lost_instance_began_is_in_doubt_until_it_is_settled() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.AT_MOST_ONCE));
        run.resumed();

        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE))).isEqualTo("in doubt since instance 1, attempt 1");
        assertThat(run.call(run.complete(Effect.AT_MOST_ONCE, "result")))
                .isEqualTo("STEP_IN_DOUBT: step pay#1 is in doubt: resolve it first");
        assertThat(run.call(run.resolve(1, false))).isEqualTo("accepted");
        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE))).isEqualTo("run it, attempt 2");
    }

    @Test
    void idempotent_step_that_a_lost_instance_began_runs_again() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.IDEMPOTENT));
        run.resumed();

        assertThat(run.call(run.begin(Effect.IDEMPOTENT))).isEqualTo("run it, attempt 1");
    }

    @Test
    void step_that_happened_is_completed_and_not_run() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.PROBE));
        run.resumed();
        run.call(run.resolve(1, true));

        assertThat(run.call(run.begin(Effect.PROBE))).isEqualTo("happened");
        assertThat(run.call(run.fail(1))).isEqualTo("accepted");
        assertThat(run.call(run.begin(Effect.PROBE)))
                .as("a failure to find the result undoes nothing")
                .isEqualTo("happened");
        assertThat(run.call(run.complete(Effect.PROBE, "found"))).isEqualTo("accepted");
    }

    @Test
    void body_that_threw_leaves_an_at_most_once_step_in_doubt() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.AT_MOST_ONCE));

        assertThat(run.call(run.fail(1))).isEqualTo("accepted");
        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE))).isEqualTo("in doubt since instance 1, attempt 1");
    }

    @Test
    void late_repeat_of_a_failure_does_not_fail_a_later_attempt() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.AT_MOST_ONCE));
        GatewayCall late = run.fail(1);
        run.call(late);
        run.call(run.resolve(1, false));
        run.call(run.begin(Effect.AT_MOST_ONCE));
        long before = run.seq();

        assertThat(run.call(late)).isEqualTo("accepted");
        assertThat(run.seq()).isEqualTo(before);
        assertThat(run.call(run.complete(Effect.AT_MOST_ONCE, "result"))).isEqualTo("accepted");
    }

    @Test
    void late_repeat_of_a_resolution_does_not_settle_a_later_attempt() {
        RunFixture run = new RunFixture().running();
        run.call(run.begin(Effect.AT_MOST_ONCE));
        run.call(run.fail(1));
        GatewayCall late = run.resolve(1, false);
        run.call(late);
        run.call(run.begin(Effect.AT_MOST_ONCE));
        run.call(run.fail(2));

        assertThat(run.call(late)).isEqualTo("CONFLICT: attempt 1 of step pay#1 is not the one in doubt");
        assertThat(run.call(run.begin(Effect.AT_MOST_ONCE))).isEqualTo("in doubt since instance 1, attempt 2");
    }

    @Test
    void repeated_failure_counts_once() {
        RunFixture run = new RunFixture().running();

        assertThat(run.call(run.fail(1))).isEqualTo("accepted");
        assertThat(run.call(run.fail(1))).isEqualTo("accepted");
        assertThat(run.call(run.begin(Effect.IDEMPOTENT))).isEqualTo("run it, attempt 2");
        assertThat(run.call(run.fail(4)))
                .isEqualTo("INVALID: attempt 4 of step pay#1 was never begun; the last one was 1");
    }

    @Test
    void completed_step_neither_fails_nor_is_settled() {
        RunFixture run = new RunFixture().running();
        run.call(run.complete(Effect.PURE, "result"));

        assertThat(run.call(run.fail(1))).isEqualTo("CONFLICT: step pay#1 is completed and can no longer fail");
        assertThat(run.call(run.resolve(1, false))).isEqualTo("CONFLICT: step pay#1 is not in doubt");
    }

    // -- behind the outcome --------------------------------------------------------------------------------------

    @Test
    void completion_behind_a_cancel_is_refused() {
        RunFixture run = new RunFixture().running();
        run.take(new Stimulus.Cancel(1, "no longer needed"));

        assertThat(run.call(run.complete(Effect.PURE, "late")))
                .isEqualTo("RUN_ENDED: the outcome of run acme/ticket-4711 is decided");
        assertThat(run.call(run.begin(Effect.PURE)))
                .isEqualTo("RUN_ENDED: the outcome of run acme/ticket-4711 is decided");
        assertThat(run.call(run.heartbeat())).isEqualTo("alive, stop");
    }

    @Test
    void repeat_of_a_completion_before_the_cancel_is_still_acknowledged() {
        RunFixture run = new RunFixture().running();
        run.call(run.complete(Effect.PURE, "result"));
        run.take(new Stimulus.Cancel(1, "no longer needed"));

        assertThat(run.call(run.complete(Effect.PURE, "result"))).isEqualTo("accepted");
    }

    @Test
    void first_output_stands() {
        RunFixture run = new RunFixture().running().delivered();

        assertThat(run.call(run.output("output"))).isEqualTo("accepted");
        assertThat(run.call(run.output("another")))
                .isEqualTo("RUN_ENDED: the outcome of run acme/ticket-4711 is decided");
    }

    @Test
    void repeats_of_what_stands_are_acknowledged_behind_the_outcome_and_behind_the_seal() {
        RunFixture run = new RunFixture().running();
        GatewayCall report = new GatewayCall.Report(RunFixture.RUN, 1, "warm-up", List.of());
        GatewayCall complete = run.complete(Effect.PURE, "result");
        GatewayCall failed = new GatewayCall.Fail(RunFixture.RUN, 1, OTHER, 1, "java.io.IOException");
        GatewayCall output = run.output("output");
        List<GatewayCall> repeats = List.of(report, complete, failed, output);
        repeats.forEach(call -> assertThat(run.call(call)).isEqualTo("accepted"));

        assertThat(repeats).allSatisfy(call -> assertThat(run.call(call)).isEqualTo("accepted"));
        run.tornDown();
        assertThat(run.state().sealed()).isTrue();
        long before = run.seq();
        assertThat(repeats).allSatisfy(call -> assertThat(run.call(call)).isEqualTo("accepted"));
        assertThat(run.seq()).isEqualTo(before);
        assertThat(run.call(output, RunFixture.secret(9))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(run.call(run.output("another"))).isEqualTo("RUN_ENDED: run acme/ticket-4711 is SUCCEEDED");
        assertThat(run.call(run.complete(Effect.PURE, "another")))
                .isEqualTo("RUN_ENDED: run acme/ticket-4711 is SUCCEEDED");
        assertThat(run.call(new GatewayCall.Report(RunFixture.RUN, 1, "more", List.of())))
                .isEqualTo("RUN_ENDED: run acme/ticket-4711 is SUCCEEDED");
    }

    // -- limits --------------------------------------------------------------------------------------------------

    @Test
    void step_above_max_steps_ends_the_run() {
        RunFixture run = new RunFixture(limits -> limits.maxSteps(1)).running();
        run.call(run.complete(Effect.PURE, "result"));

        Decision decision = run.take(run.called(run.begin(OTHER, Effect.PURE, 0)));

        assertThat(RunFixture.told(decision)).isEqualTo("LIMIT_EXCEEDED: max_steps is 1");
        assertThat(RunFixture.kinds(decision)).containsExactly("limit_exceeded");
    }

    @Test
    void reservation_above_max_tokens_is_refused_and_the_run_goes_on() {
        RunFixture run = new RunFixture(limits -> limits.maxTokens(100)).running();

        assertThat(run.call(run.begin(RunFixture.STEP, Effect.IDEMPOTENT, 60))).isEqualTo("run it, attempt 1");
        assertThat(run.call(run.begin(OTHER, Effect.IDEMPOTENT, 60)))
                .isEqualTo("LIMIT_EXCEEDED: the reservation would bring max_tokens to 120 of 100");
        assertThat(run.state().outcome()).isEmpty();
    }

    @Test
    void report_counts_once_and_ends_the_run_above_its_limit() {
        RunFixture run = new RunFixture(limits -> limits.maxTokens(100)).running();
        GatewayCall report =
                new GatewayCall.Report(RunFixture.RUN, 1, "warm-up", List.of(ModelUsage.of("acme", "small", 60, 0)));

        run.call(report);
        assertThat(run.call(report)).isEqualTo("accepted");
        assertThat(run.state().usage().tokens()).isEqualTo(60);
        Decision decision = run.take(run.called(
                new GatewayCall.Report(RunFixture.RUN, 1, "more", List.of(ModelUsage.of("acme", "small", 60, 0)))));

        assertThat(RunFixture.kinds(decision)).startsWith("usage_recorded", "limit_exceeded");
    }

    @Test
    void silence_of_an_instance_raises_the_epoch_and_the_next_one_starts() {
        RunFixture run = new RunFixture().running();
        run.later(Duration.ofSeconds(29));
        assertThat(RunFixture.kinds(run.take(new Stimulus.Tick()))).isEmpty();

        run.later(Duration.ofSeconds(1));
        assertThat(RunFixture.kinds(run.take(new Stimulus.Tick()))).containsExactly("instance_lost");
        assertThat(RunFixture.kinds(run.take(RunFixture.admission())))
                .containsExactly("gate_passed", "run_resumed", "instance_started");
        assertThat(run.state().epoch()).isEqualTo(2);
    }

    @Test
    void stop_waits_for_the_start_that_it_could_overtake() {
        RunFixture run = new RunFixture().admitted();

        Decision cancelled = run.take(new Stimulus.Cancel(1, "at once"));
        assertThat(cancelled.acts()).noneMatch(act -> act instanceof Act.Stop);
        Decision started = run.take(new Stimulus.Started(1));
        assertThat(started.acts()).hasAtLeastOneElementOfType(Act.Stop.class);
    }
}
