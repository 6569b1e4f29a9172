package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.event.EventData;
import dev.lantern.core.event.SpecForms;
import dev.lantern.core.format.Chain;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.turns.Loop;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.RunRow;
import dev.lantern.spec.AgentSpec;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Nothing leaves a mailbox before what it rests on is durable. */
class MailboxTest {
    private static final Head BEFORE = new Head(8, Chain.genesis(RunFixture.RUN).hash());

    private final RunFixture run = new RunFixture().running();
    private final ManualTurns turns = new ManualTurns();
    private final FakeHost host = new FakeHost();
    private final List<String> answers = new ArrayList<>();
    private final Mailbox mailbox = new Mailbox(RunFixture.RUN, 1, run.state(), BEFORE, turns, 0, host);

    private void call(GatewayCall call) {
        mailbox.take(new Stimulus.Called(
                reply -> answers.add(told(reply)), Proof.BySecret.of(RunFixture.secret(call.epoch())), call));
    }

    private static String told(GatewayReply reply) {
        if (reply instanceof GatewayReply.Accepted accepted) {
            return "accepted at " + accepted.seq();
        } else if (reply instanceof GatewayReply.Refused refused) {
            return refused.problem().code() + ": " + refused.problem().detail();
        }
        return reply.getClass().getSimpleName();
    }

    @Test
    void no_reply_before_durability() {
        call(run.complete(Effect.PURE, "result"));
        assertThat(host.appends).hasSize(1);
        assertThat(answers).isEmpty();

        host.written();
        assertThat(answers).containsExactly("accepted at 9");
    }

    @Test
    void answer_that_rests_on_nothing_new_is_given_at_once() {
        call(run.beginWithoutInput(Effect.PURE));

        assertThat(host.appends).isEmpty();
        assertThat(answers).containsExactly("RunIt");
    }

    @Test
    void refusal_is_told_behind_the_event_that_records_it() {
        call(run.complete(RunFixture.STEP, Effect.PURE, "result", new byte[] {8}));
        assertThat(answers).isEmpty();

        host.written();
        assertThat(answers).containsExactly("BAD_SIGNATURE: the record of step pay#1 is not signed by instance 1");
    }

    @Test
    void whoever_waits_for_a_look_into_the_journal_is_answered_though_the_run_has_moved() {
        call(run.begin(Effect.AT_MOST_ONCE));
        host.written();
        call(run.begin(Effect.AT_MOST_ONCE, "another"));
        assertThat(host.acts).hasSize(1);
        Act.CompareInput compare = (Act.CompareInput) host.acts.get(0);
        mailbox.abandon();

        mailbox.take(new Stimulus.TurnedAway(compare.called(), Problem.of(Problem.Code.DIVERGED, "another input")));

        assertThat(answers)
                .containsExactly(
                        "RunIt", "UNAVAILABLE: run acme/ticket-4711 is moving to another host; repeat the call");
    }

    @Test
    void answer_that_rests_on_events_under_way_waits_for_them() {
        call(run.complete(Effect.PURE, "result"));
        call(run.heartbeat());
        assertThat(answers).isEmpty();

        host.written();
        assertThat(answers).containsExactly("accepted at 9", "Alive");
    }

    @Test
    void what_is_decided_while_an_append_is_under_way_makes_the_next_one() {
        call(run.complete(Effect.PURE, "result"));
        call(run.begin(RunFixture.STEP, Effect.AT_MOST_ONCE, 0));
        call(run.output("output"));
        assertThat(host.appends).hasSize(1);

        host.written();
        assertThat(host.appends).hasSize(1);
        assertThat(host.appends.get(0).fence().head().seq()).isEqualTo(9);
        host.written();
        // The output, and the end of a run of which nothing stands.
        assertThat(answers).containsExactly("accepted at 9", "accepted at 12");
    }

    @Test
    void act_is_done_behind_its_event() {
        mailbox.take(new Stimulus.Ended(1, new InstanceEnd.Lost("gone")));
        assertThat(host.acts).isEmpty();

        host.written();
        assertThat(host.acts).hasAtLeastOneElementOfType(Act.AskGate.class);
        mailbox.take(RunFixture.admission());
        assertThat(host.acts).noneMatch(act -> act instanceof Act.Start);

        host.written();
        assertThat(host.acts).hasAtLeastOneElementOfType(Act.Start.class);
    }

    @Test
    void each_append_raises_the_epoch_by_one_at_most() {
        for (int epoch = 1; epoch <= 3; epoch++) {
            mailbox.take(new Stimulus.Ended(epoch, new InstanceEnd.Lost("gone")));
            turns.pass(Duration.ofMinutes(1));
            host.now = host.now.plus(Duration.ofMinutes(1));
            mailbox.take(new Stimulus.Tick());
            mailbox.take(RunFixture.admission());
        }
        List<Integer> raises = new ArrayList<>();
        while (!host.appends.isEmpty()) {
            Append append = host.appends.get(0);
            raises.add(append.epoch() - append.fence().epoch());
            host.written();
        }
        assertThat(raises)
                .hasSizeGreaterThan(1)
                .allSatisfy(raise -> assertThat(raise).isBetween(0, 1));
        assertThat(mailbox.durableState().epoch()).isEqualTo(4);
    }

    @Test
    void losing_append_refuses_everybody_who_waits() {
        call(run.complete(Effect.PURE, "result"));
        call(run.heartbeat());
        host.answer(new AppendResult.NotOwner(OptionalLong.of(9)));

        String moved = "UNAVAILABLE: run acme/ticket-4711 is moving to another host; repeat the call";
        assertThat(answers).containsExactly(moved, moved);
        assertThat(host.lost).containsExactly(new AppendResult.NotOwner(OptionalLong.of(9)));
        call(run.heartbeat());
        assertThat(answers).hasSize(3).endsWith(moved);
    }

    @Test
    void own_retry_after_a_lost_answer_is_no_rival() {
        call(run.complete(Effect.PURE, "result"));
        host.answer(new AppendResult.Replayed(host.appends.get(0).after()));

        assertThat(answers).containsExactly("accepted at 9");
    }

    @Test
    void lapsed_lease_answers_nobody_from_memory() {
        host.term = 1;
        call(run.heartbeat());

        assertThat(answers)
                .containsExactly(
                        "NOT_OWNER: this host cannot tell whether run acme/ticket-4711 is still its own; repeat"
                                + " the call at the gateway");
    }

    @Test
    void lease_that_lapses_while_an_append_is_under_way_still_acknowledges_what_is_durable() {
        call(run.complete(Effect.PURE, "result"));
        call(run.heartbeat());
        host.holds = false;
        host.written();

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isEqualTo("accepted at 9");
        assertThat(answers.get(1)).startsWith("NOT_OWNER");
    }

    @Test
    void journal_confirms_what_a_lapse_put_in_doubt() {
        host.term = 1;
        mailbox.confirm(Optional.of(row(BEFORE)), 1);
        call(run.heartbeat());

        assertThat(answers).containsExactly("Alive");
    }

    @Test
    void run_that_somebody_else_has_or_has_written_to_is_let_go() {
        Mailbox taken = new Mailbox(RunFixture.RUN, 1, run.state(), BEFORE, turns, 0, host);
        taken.confirm(Optional.empty(), 1);
        mailbox.confirm(Optional.of(row(new Head(12, BEFORE.hash()))), 1);

        assertThat(host.lost)
                .containsExactly(
                        new AppendResult.NotOwner(OptionalLong.empty()),
                        new AppendResult.Conflict(new Head(12, BEFORE.hash())));
    }

    @Test
    void row_that_shows_our_own_append_under_way_is_no_rival() {
        host.term = 1;
        call(run.heartbeat());
        mailbox.take(new Stimulus.Cancel(1, "no longer needed"));
        mailbox.confirm(Optional.of(row(host.appends.get(0).after())), 1);

        assertThat(host.lost).isEmpty();
    }

    private static RunRow row(Head head) {
        return new RunRow(RunFixture.RUN, 1, OptionalLong.of(1), 1, head, dev.lantern.run.RunStatus.RUNNING);
    }

    /** A host with a journal that is answered by hand. */
    private final class FakeHost implements Surroundings {
        private final List<Append> appends = new ArrayList<>();
        private final List<Consumer<AppendResult>> waiting = new ArrayList<>();
        private final List<Act> acts = new ArrayList<>();
        private final List<AppendResult> lost = new ArrayList<>();
        private final ChainScribe scribe = new ChainScribe(
                new EventData(new SpecForms() {
                    @Override
                    public Json.Obj canonical(AgentSpec spec) {
                        return Json.object().build();
                    }

                    @Override
                    public AgentSpec spec(Json.Obj canonical) {
                        throw new UnsupportedOperationException("nobody reads here");
                    }
                }),
                ErasableCodec.plain());
        private Instant now = run.now();
        private boolean holds = true;
        private long term;

        void written() {
            answer(new AppendResult.Appended(appends.get(0).after()));
        }

        void answer(AppendResult result) {
            appends.remove(0);
            waiting.remove(0).accept(result);
        }

        @Override
        public boolean closing() {
            return false;
        }

        @Override
        public Loop loop(RunRef ref) {
            throw new AssertionError("a mailbox has its loop");
        }

        @Override
        public long host() {
            return 1;
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public Decisions decisions() {
            return run.decisions();
        }

        @Override
        public ChainScribe scribe() {
            return scribe;
        }

        @Override
        public boolean ownsSince(long since) {
            return holds && since == term;
        }

        @Override
        public long term() {
            return term;
        }

        @Override
        public void append(Append append, Loop loop, Consumer<AppendResult> done) {
            appends.add(append);
            waiting.add(done);
        }

        @Override
        public void durable(Mailbox mailbox, List<Event> events) {}

        @Override
        public void act(Mailbox mailbox, Act act) {
            acts.add(act);
        }

        @Override
        public void refused(RunRef run, Act.TellOperator refusal) {}

        @Override
        public void closed(Mailbox mailbox) {}

        @Override
        public void lost(Mailbox mailbox, AppendResult result) {
            lost.add(result);
        }
    }
}
