package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.turns.LaneClosedException;
import dev.lantern.core.turns.LaneName;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A host as its instances see it, on a journal in memory. */
class HostTest {
    private final TestCluster cluster = new TestCluster();
    private final Host host = cluster.join("http://one:8080");

    private static GatewayCall begin(RunRef run, int epoch, String input) {
        byte[] salt = new byte[Opening.SALT_LENGTH];
        Arrays.fill(salt, (byte) epoch);
        return new GatewayCall.Begin(
                run,
                epoch,
                RunFixture.STEP,
                Effect.AT_MOST_ONCE,
                Optional.of(Opening.of("text/plain", salt, input.getBytes(StandardCharsets.UTF_8))),
                0);
    }

    private static GatewayCall output(RunRef run, String text) {
        Opening output = RunFixture.opening(text);
        return new GatewayCall.Output(
                run, 1, new OutputRecord(run, 1, output.commitment()), RunFixture.SIGNATURE, output);
    }

    private RunRef resumed() {
        RunRef run = cluster.running(host, "ticket-4711");
        assertThat(cluster.call(host, begin(run, 1, "pay 10"))).isInstanceOf(GatewayReply.RunIt.class);
        cluster.pass(TestCluster.SETTINGS.heartbeatSilence().plusSeconds(1));
        assertThat(cluster.call(host, new GatewayCall.Enrol(run, 2, RunFixture.KEY, 1, 1)))
                .isInstanceOf(GatewayReply.Enrolled.class);
        return run;
    }

    @Test
    void enrolment_names_the_hosts_own_address() {
        RunRef run = cluster.spawn(host, "ticket-4711");

        assertThat(cluster.call(host, new GatewayCall.Enrol(run, 1, RunFixture.KEY, 1, 1)))
                .isInstanceOfSatisfying(
                        GatewayReply.Enrolled.class,
                        enrolled -> assertThat(enrolled.owner()).contains("http://one:8080"));
    }

    @Test
    void step_in_doubt_begun_with_the_same_input_under_another_salt_is_in_doubt() {
        RunRef run = resumed();

        assertThat(cluster.call(host, begin(run, 2, "pay 10"))).isInstanceOf(GatewayReply.InDoubt.class);
        assertThat(cluster.kinds(run)).doesNotContain("anomaly_detected");
    }

    @Test
    void step_in_doubt_begun_with_another_input_is_refused_on_record() {
        RunRef run = resumed();

        assertThat(refusal(cluster.call(host, begin(run, 2, "pay 1000"))))
                .startsWith("DIVERGED: step pay#1 is recorded with another input");
        assertThat(cluster.events(run))
                .filteredOn(event -> event.kind().equals("anomaly_detected"))
                .singleElement()
                .satisfies(event -> assertThat(event.data().text("reason")).isEqualTo("diverged"))
                .satisfies(event -> assertThat(event.data().integer("instance")).isEqualTo(2));
    }

    @Test
    void completed_step_begun_with_another_input_is_refused_on_record() {
        RunRef run = cluster.running(host, "ticket-4711");
        Opening result = RunFixture.opening("result");
        Opening input = RunFixture.opening("pay 10");
        StepRecord record = new StepRecord(
                run, 1, RunFixture.STEP, Effect.PURE, Optional.of(input.commitment()), result.commitment(), List.of());
        cluster.call(host, new GatewayCall.Complete(run, 1, record, RunFixture.SIGNATURE, Optional.of(input), result));

        assertThat(cluster.call(host, begin(run, 1, "pay 10"))).isInstanceOf(GatewayReply.Recorded.class);
        assertThat(refusal(cluster.call(host, begin(run, 1, "pay 11")))).startsWith("DIVERGED");
        assertThat(cluster.kinds(run)).containsOnlyOnce("anomaly_detected");
    }

    @Test
    void instance_that_a_closing_host_cannot_start_any_more_is_no_failed_start() {
        cluster.startsFail(new LaneClosedException(LaneName.SUBSTRATE));
        assertThat(cluster.kinds(cluster.spawn(host, "closing"))).doesNotContain("instance_lost");

        cluster.startsFail(new LanternException("no room"));
        assertThat(cluster.kinds(cluster.spawn(host, "full"))).contains("instance_lost");
    }

    @Test
    void caller_is_answered_though_the_host_that_would_read_for_it_is_closing() {
        AtomicBoolean closing = new AtomicBoolean();
        Host reading = cluster.join("http://two:8080", closed(closing));
        RunRef run = cluster.running(reading, "ticket-4711");
        Opening result = RunFixture.opening("result");
        Opening input = RunFixture.opening("pay 10");
        StepRecord record = new StepRecord(
                run, 1, RunFixture.STEP, Effect.PURE, Optional.of(input.commitment()), result.commitment(), List.of());
        cluster.call(
                reading, new GatewayCall.Complete(run, 1, record, RunFixture.SIGNATURE, Optional.of(input), result));
        closing.set(true);

        assertThat(refusal(cluster.call(reading, begin(run, 1, "pay 10"))))
                .isEqualTo("UNAVAILABLE: the recorded result could not be read");
    }

    /** What a lane says of every read once it is closed. */
    private Journal closed(AtomicBoolean closing) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    if (closing.get() && method.getName().equals("read")) {
                        throw new LaneClosedException(LaneName.READS);
                    }
                    try {
                        return method.invoke(cluster.journal, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void output_repeated_after_the_seal_is_acknowledged() {
        RunRef run = cluster.running(host, "ticket-4711");
        assertThat(cluster.call(host, output(run, "done"))).isInstanceOf(GatewayReply.Accepted.class);
        cluster.pass(Duration.ofSeconds(6));
        assertThat(cluster.row(run).status().terminal()).isTrue();

        assertThat(cluster.call(host, output(run, "done")))
                .isEqualTo(new GatewayReply.Accepted(
                        cluster.row(run).head().seq(), cluster.row(run).head().hash()));
        assertThat(refusal(cluster.call(host, output(run, "something else"))))
                .isEqualTo("RUN_ENDED: run acme/ticket-4711 is SUCCEEDED");
        assertThat(refusal(cluster.call(host, new byte[] {9}, output(run, "done"))))
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void instance_of_a_deleted_run_is_as_unknown_as_a_strangers() {
        RunRef run = cluster.running(host, "ticket-4711");
        assertThat(cluster.call(host, output(run, "done"))).isInstanceOf(GatewayReply.Accepted.class);
        cluster.pass(Duration.ofSeconds(6));
        RunRow row = cluster.row(run);
        Disposal disposal = new Disposal(row.key(), Disposal.Kind.DELETE, row.head(), "a year is over");
        assertThat(cluster.journal.dispose(List.of(disposal), Duration.ofSeconds(1)))
                .containsExactly(new DisposalResult.Done());

        assertThat(refusal(cluster.call(host, output(run, "done")))).isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    // -- a journal that went back --------------------------------------------------------------------------------

    private GatewayReply.Accepted completed(RunRef run, String step) {
        var id = dev.lantern.agent.wire.StepId.occurrence(step, 1);
        Opening result = RunFixture.opening("result");
        StepRecord record = new StepRecord(run, 1, id, Effect.PURE, Optional.empty(), result.commitment(), List.of());
        return (GatewayReply.Accepted) cluster.call(
                host, new GatewayCall.Complete(run, 1, record, RunFixture.SIGNATURE, Optional.empty(), result));
    }

    private static GatewayCall beginBehind(RunRef run, GatewayReply.Accepted head) {
        return new GatewayCall.Begin(
                run,
                1,
                dev.lantern.agent.wire.StepId.occurrence("next", 1),
                Effect.PURE,
                Optional.empty(),
                0,
                head.seq(),
                Optional.of(head.hash()));
    }

    @Test
    void begin_behind_an_acknowledged_event_is_answered_without_asking_the_journal() {
        RunRef run = cluster.running(host, "ticket-4711");
        GatewayReply.Accepted head = completed(run, "plan");
        cluster.journalCalls();

        assertThat(cluster.call(host, beginBehind(run, head))).isInstanceOf(GatewayReply.RunIt.class);
        assertThat(cluster.journalCalls()).isEmpty();
    }

    @Test
    void journal_that_lost_an_acknowledged_event_fails_the_run_before_any_step_is_run_again() {
        RunRef run = cluster.running(host, "ticket-4711");
        completed(run, "plan");
        GatewayReply.Accepted head = completed(run, "fetch");
        cluster.putBack(run, (int) head.seq() - 1);
        Host restarted = cluster.join("http://two:8080");
        cluster.kill(host);
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));
        assertThat(restarted.owns(run)).isTrue();

        GatewayReply reply = cluster.call(restarted, beginBehind(run, head));

        assertThat(refusal(reply))
                .isEqualTo(
                        "JOURNAL_REGRESSED: event " + head.seq() + " of run acme/ticket-4711 was acknowledged and the"
                                + " journal no longer holds it; the run has failed");
        assertThat(cluster.events(run))
                .filteredOn(event -> event.kind().equals("journal_regressed"))
                .singleElement()
                .satisfies(event -> assertThat(event.data().integer("seq")).isEqualTo(head.seq()))
                .satisfies(event -> assertThat(event.data().text("hash"))
                        .isEqualTo(head.hash().hex()));
        cluster.pass(Duration.ofSeconds(1));
        assertThat(cluster.row(run).status()).isEqualTo(dev.lantern.run.RunStatus.FAILED);
        assertThat(cluster.events(run)
                        .get(cluster.events(run).size() - 1)
                        .data()
                        .text("reason"))
                .startsWith("journal_regressed: event " + head.seq());
    }

    @Test
    void event_of_another_history_in_the_place_of_the_acknowledged_one_fails_the_run_too() {
        RunRef run = cluster.running(host, "ticket-4711");
        GatewayReply.Accepted head = completed(run, "plan");
        GatewayReply.Accepted other =
                new GatewayReply.Accepted(head.seq(), dev.lantern.value.Digest.sha256(new byte[] {1}));

        assertThat(refusal(cluster.call(host, beginBehind(run, other)))).startsWith("JOURNAL_REGRESSED");
        assertThat(cluster.kinds(run)).contains("journal_regressed");
    }

    @Test
    void host_that_knows_of_the_lost_event_itself_needs_no_instance_to_tell_it() {
        RunRef run = cluster.running(host, "ticket-4711");
        GatewayReply.Accepted head = completed(run, "plan");
        cluster.putBack(run, (int) head.seq() - 1);

        // Its next append does not fit any more.
        cluster.pass(TestCluster.SETTINGS.heartbeatSilence().plusSeconds(2));

        assertThat(cluster.kinds(run)).contains("journal_regressed").endsWith("run_failed");
        assertThat(cluster.kinds(run)).doesNotContain("step_completed");
    }

    @Test
    void instance_that_stands_and_that_the_journal_does_not_know_shows_that_it_went_back() {
        RunRef run = cluster.running(host, "ticket-4711");
        cluster.putBack(run, 1);
        cluster.join("http://two:8080");
        cluster.kill(host);
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));

        assertThat(cluster.kinds(run)).containsExactly("run_created", "run_adopted", "journal_regressed", "run_failed");
    }

    @Test
    void regression_that_was_recorded_is_carried_out_by_the_next_host() {
        RunRef run = cluster.running(host, "ticket-4711");
        GatewayReply.Accepted head = completed(run, "plan");
        GatewayReply.Accepted other =
                new GatewayReply.Accepted(head.seq(), dev.lantern.value.Digest.sha256(new byte[] {1}));
        host.call(new Presented.Bearer(new byte[32]), beginBehind(run, other), reply -> {});
        cluster.settleUntil(() -> cluster.kinds(run).contains("journal_regressed"));
        cluster.kill(host);
        cluster.join("http://two:8080");
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));

        assertThat(cluster.kinds(run)).endsWith("run_failed");
        assertThat(cluster.row(run).host()).isEmpty();
    }

    private static String refusal(GatewayReply reply) {
        if (reply instanceof GatewayReply.Refused refused) {
            Problem problem = refused.problem();
            return problem.code() + ": " + problem.detail();
        }
        throw new AssertionError("a refusal is right, found " + reply);
    }
}
