package dev.lantern.agent.harness;

import static dev.lantern.agent.harness.HarnessFixture.HEARTBEAT;
import static dev.lantern.agent.harness.HarnessFixture.accepted;
import static dev.lantern.agent.harness.HarnessFixture.doubtful;
import static dev.lantern.agent.harness.HarnessFixture.enrolledReply;
import static dev.lantern.agent.harness.HarnessFixture.keyed;
import static dev.lantern.agent.harness.HarnessFixture.recorded;
import static dev.lantern.agent.harness.HarnessFixture.text;
import static dev.lantern.agent.harness.HarnessFixture.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.harness.HarnessFixture.Answers;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HarnessTest {
    private static final ModelUsage USAGE = ModelUsage.of("anthropic", "model-1", 100, 20);

    private final HarnessFixture f = new HarnessFixture();

    // Enrolment

    @Test
    void enrolment_is_repeated_with_the_same_key_until_it_is_answered() {
        f.harness.start();
        byte[] key = f.gateway.last(GatewayCall.Enrol.class).publicKey();
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofSeconds(1));
        f.gateway.last().refuse(Problem.Code.UNAVAILABLE);
        f.clockwork.advance(Duration.ofSeconds(1));

        assertThat(f.gateway.count(GatewayCall.Enrol.class)).isEqualTo(3);
        assertThat(f.gateway.last(GatewayCall.Enrol.class).publicKey())
                .isEqualTo(key)
                .hasSize(32);
        assertThat(f.released).isEmpty();
        f.gateway.last().answer(enrolledReply());
        assertThat(f.released).hasSize(1);
        assertThat(f.harness.resume()).isPresent();
    }

    @Test
    void agent_is_released_once_however_often_enrolment_is_answered() {
        f.harness.start();
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofSeconds(1));
        f.gateway.sent(1).answer(enrolledReply());
        f.gateway.sent(0).answer(enrolledReply());
        f.gateway.sent(1).answer(enrolledReply());

        assertThat(f.released).hasSize(1);
    }

    @Test
    void protocol_that_nobody_offered_ends_the_instance() {
        f.harness.start();
        f.gateway
                .last()
                .answer(new GatewayReply.Enrolled(
                        4, HEARTBEAT, Optional.empty(), enrolledReply().resume()));

        assertThat(f.released).isEmpty();
        assertThat(f.stopped).containsExactly("the gateway chose protocol 4; this harness speaks 1 to 3");
        assertThat(problem(f.begin("a")).code()).isEqualTo(Problem.Code.PROTOCOL);
    }

    @Test
    void gateway_of_the_version_before_is_spoken_to() {
        f.harness.start();
        f.gateway
                .last()
                .answer(new GatewayReply.Enrolled(
                        1, HEARTBEAT, Optional.empty(), enrolledReply().resume()));

        assertThat(f.released).hasSize(1);
        assertThat(f.stopped).isEmpty();
    }

    @Test
    void answer_of_another_kind_ends_the_enrolment() {
        f.harness.start();
        f.gateway.last().answer(new GatewayReply.Alive(false));

        assertThat(f.stopped)
                .containsExactly("the gateway answered enrol with Alive, which the protocol does not allow there");
    }

    @Test
    void nothing_is_sent_for_the_agent_before_enrolment() {
        f.harness.start();

        assertThat(problem(f.begin("a")).code()).isEqualTo(Problem.Code.NOT_ENROLLED);
        assertThat(f.gateway.count()).isEqualTo(1);
    }

    @Test
    void harness_starts_once() {
        f.harness.start();

        assertThatThrownBy(f.harness::start)
                .isInstanceOf(LanternException.class)
                .hasMessage("the harness of acme/ticket-4711 epoch 3 was started before");
    }

    // Endings

    @ParameterizedTest
    @EnumSource(
            value = Problem.Code.class,
            names = {"STALE_EPOCH", "RUN_ENDED", "UNKNOWN_INSTANCE", "ALREADY_ENROLLED", "PROTOCOL", "JOURNAL_REGRESSED"
            })
    void instance_that_is_told_that_it_is_over_stops_the_agent_and_refuses_everything(Problem.Code code) {
        f.enrolled().running("a").running("b");
        Answers pending = f.complete("a", "1");
        Answers over = f.complete("b", "2");
        int before = f.gateway.count();
        f.gateway.last().refuse(code);

        assertThat(problem(over).code()).isEqualTo(code);
        assertThat(problem(pending).code()).isEqualTo(code);
        assertThat(f.stopped).containsExactly("because the test says so");
        assertThat(f.harness.ended()).map(Problem::code).contains(code);
        assertThat(problem(f.begin("c")).code()).isEqualTo(code);
        assertThat(problem(f.complete("a", "1")).code()).isEqualTo(code);
        assertThat(problem(f.fail("a", "x")).code()).isEqualTo(code);
        f.clockwork.advance(Duration.ofMinutes(10));
        assertThat(f.gateway.count()).isEqualTo(before);
    }

    @Test
    void heartbeat_that_finds_a_newer_instance_ends_this_one() {
        f.enrolled();
        f.clockwork.advance(HEARTBEAT);
        f.gateway.last().refuse(Problem.Code.STALE_EPOCH);

        assertThat(f.stopped).hasSize(1);
        f.clockwork.advance(Duration.ofMinutes(1));
        assertThat(f.gateway.count(GatewayCall.Heartbeat.class)).isEqualTo(1);
    }

    @Test
    void zombie_is_not_brought_back_by_a_late_answer() {
        f.enrolled().running("a");
        Answers answers = f.complete("a", "1");
        ScriptedTransport.Sent complete = f.gateway.last();
        f.clockwork.advance(HEARTBEAT);
        f.gateway.last().refuse(Problem.Code.STALE_EPOCH);
        complete.answer(accepted(9));

        assertThat(problem(answers).code()).isEqualTo(Problem.Code.STALE_EPOCH);
    }

    @Test
    void closing_refuses_what_is_unanswered_and_sends_nothing_more() {
        f.enrolled();
        Answers begin = f.begin("a");
        f.harness.close();
        f.harness.close();
        f.clockwork.advance(Duration.ofMinutes(1));

        assertThat(problem(begin).code()).isEqualTo(Problem.Code.DRAINING);
        assertThat(f.gateway.count()).isEqualTo(2);
        assertThat(f.stopped).containsExactly("the harness of this instance has stopped");
    }

    // Heartbeats

    @Test
    void heartbeats_carry_the_furthest_acknowledged_head() {
        f.enrolled();
        f.clockwork.advance(HEARTBEAT);
        assertThat(f.gateway.last().call())
                .isEqualTo(new GatewayCall.Heartbeat(HarnessFixture.RUN, 3, 0, Optional.empty()));
        f.gateway.last().answer(new GatewayReply.Alive(false));

        f.running("a").running("b");
        f.complete("a", "1");
        ScriptedTransport.Sent first = f.gateway.last();
        f.complete("b", "1");
        f.gateway.last().answer(accepted(9));
        first.answer(accepted(8));
        f.clockwork.advance(HEARTBEAT);

        assertThat(f.gateway.last().call())
                .isEqualTo(new GatewayCall.Heartbeat(
                        HarnessFixture.RUN, 3, 9, Optional.of(accepted(9).hash())));
    }

    @Test
    void silent_owner_is_asked_again_within_a_heartbeat_and_a_pause() {
        f.enrolled();
        f.clockwork.advance(HEARTBEAT);
        f.clockwork.advance(HEARTBEAT.plusSeconds(1));

        assertThat(f.gateway.count(GatewayCall.Heartbeat.class)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void owner_that_wants_a_stop_gets_a_drain() {
        f.enrolled().running("a");
        f.clockwork.advance(HEARTBEAT);
        f.gateway.last().answer(new GatewayReply.Alive(true));

        assertThat(f.stopped).containsExactly("the run's owner asked this instance to stop");
        assertThat(problem(f.begin("b")).code()).isEqualTo(Problem.Code.DRAINING);
        Answers complete = f.complete("a", "1");
        f.gateway.last().answer(accepted(4));
        assertThat(complete.only()).isEqualTo(accepted(4));
        f.clockwork.advance(HEARTBEAT);
        assertThat(f.gateway.last().call()).isInstanceOf(GatewayCall.Heartbeat.class);
        f.gateway.last().answer(new GatewayReply.Alive(true));
        assertThat(f.stopped).hasSize(1);
    }

    @Test
    void drained_is_told_when_the_last_call_is_answered() {
        f.enrolled().running("a");
        f.complete("a", "1");
        int[] drained = new int[1];
        f.harness.drain("the test ends", () -> drained[0]++);

        assertThat(drained[0]).isZero();
        f.gateway.last().answer(accepted(4));
        assertThat(drained[0]).isEqualTo(1);
    }

    @Test
    void draining_before_enrolment_ends_at_once() {
        f.harness.start();
        int[] drained = new int[1];
        f.harness.drain("the test ends", () -> drained[0]++);

        assertThat(drained[0]).isEqualTo(1);
        assertThat(f.released).isEmpty();
        f.gateway.last().answer(enrolledReply());
        assertThat(f.released).isEmpty();
    }

    // Repeating

    @Test
    void every_call_is_repeated_with_the_same_content_after_a_lost_answer() {
        f.enrolled(doubtful("d")).running("a").running("b").running("u");
        List<Runnable> calls = List.of(
                () -> f.begin("c"),
                () -> f.complete("a", "1"),
                () -> f.fail("b", "io"),
                () -> f.harness.resolve(StepRef.named("d"), true, "asked the bank", new Answers()),
                () -> f.harness.used("report-1", List.of(USAGE), new Answers()),
                () -> f.harness.output(text("out"), new Answers()));
        int cases = 0;
        for (Runnable call : calls) {
            for (int losses = 1; losses <= 3; losses++) {
                int before = f.gateway.count();
                if (losses == 1) {
                    call.run();
                    before = f.gateway.count() - 1;
                }
                GatewayCall sent = f.gateway.last().call();
                f.gateway.last().lose();
                f.clockwork.advance(Duration.ofMillis(100 << losses));
                assertThat(f.gateway.last().call()).isSameAs(sent);
                assertThat(f.gateway.count()).isGreaterThan(before);
                cases++;
            }
            f.gateway.last().answer(accepted(cases));
        }
        System.out.println("lost answers: " + cases + " cases");
        assertThat(cases).isGreaterThanOrEqualTo(18);
    }

    @Test
    void answer_to_an_earlier_sending_counts() {
        f.enrolled();
        Answers begin = f.begin("a");
        ScriptedTransport.Sent first = f.gateway.last();
        first.lose();
        f.clockwork.advance(Duration.ofSeconds(1));
        ScriptedTransport.Sent second = f.gateway.last();
        assertThat(second).isNotSameAs(first);
        first.answer(new GatewayReply.RunIt("k", 1));
        second.answer(new GatewayReply.RunIt("k", 1));
        second.lose();
        f.clockwork.advance(Duration.ofSeconds(4));

        assertThat(begin.only()).isEqualTo(new GatewayReply.RunIt("k", 1));
        assertThat(f.gateway.count(GatewayCall.Begin.class)).isEqualTo(2);
    }

    @Test
    void refusal_of_an_earlier_sending_does_not_add_a_repeat() {
        f.enrolled();
        f.begin("a");
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofSeconds(1));
        f.gateway.sent(1).refuse(Problem.Code.UNAVAILABLE);
        f.clockwork.advance(Duration.ofSeconds(3));

        assertThat(f.gateway.count(GatewayCall.Begin.class)).isEqualTo(2);
    }

    @Test
    void transport_that_loses_track_is_overruled_by_the_harness_s_own_timer() {
        f.enrolled();
        f.begin("a");
        f.clockwork.advance(Duration.ofSeconds(31));

        assertThat(f.gateway.count(GatewayCall.Begin.class)).isEqualTo(2);
    }

    @Test
    void pauses_double_to_a_cap_and_half_of_each_is_chance() {
        for (int failures = 1; failures <= 40; failures++) {
            long full = failures > 6 ? 5000 : Math.min(5000, 100L << (failures - 1));
            assertThat(Backoff.after(failures, f.clockwork).toMillis()).isBetween(full / 2, full);
        }
    }

    @Test
    void calls_follow_the_owner_and_stay_with_it() {
        f.enrolled();
        f.begin("a");
        assertThat(f.gateway.last().to()).isEmpty();
        f.gateway.last().notOwner("http://10.0.0.7:8080");
        f.clockwork.settle();

        assertThat(f.gateway.last().to()).contains("http://10.0.0.7:8080");
        f.gateway.last().answer(new GatewayReply.RunIt("k", 1));
        f.complete("a", "1");
        assertThat(f.gateway.last().to()).contains("http://10.0.0.7:8080");
    }

    @Test
    void enrolment_names_the_owner_and_calls_go_there() {
        f.harness.start();
        assertThat(f.gateway.last().to()).isEmpty();
        GatewayReply.Enrolled reply = HarnessFixture.enrolledReply();
        f.gateway
                .last()
                .answer(new GatewayReply.Enrolled(
                        reply.protocol(), reply.heartbeatEvery(), Optional.of("http://10.0.0.7:8080"), reply.resume()));

        f.begin("a");
        assertThat(f.gateway.last().to()).contains("http://10.0.0.7:8080");
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofMillis(200));
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofMillis(400));
        assertThat(f.gateway.last().to()).isEmpty();
    }

    @Test
    void owner_that_is_gone_is_left_for_the_gateway() {
        f.enrolled();
        f.begin("a");
        f.gateway.last().notOwner("http://10.0.0.7:8080");
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofMillis(200));
        assertThat(f.gateway.last().to()).contains("http://10.0.0.7:8080");
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofMillis(400));

        assertThat(f.gateway.last().to()).isEmpty();
    }

    @Test
    void owner_that_others_name_again_though_it_is_silent_is_told_to_them_once_at_a_time() {
        f.enrolled();
        f.begin("a");
        f.gateway.last().notOwner("http://10.0.0.7:8080");
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofMillis(200));
        f.gateway.last().lose();
        f.clockwork.advance(Duration.ofMillis(400));
        assertThat(f.gateway.last().to()).isEmpty();
        ScriptedTransport.Sent call = f.gateway.last();
        assertThat(f.gateway.count(GatewayCall.Unreachable.class)).isZero();

        call.notOwner("http://10.0.0.7:8080");

        ScriptedTransport.Sent told = f.gateway.last(GatewayCall.Unreachable.class, 0);
        assertThat(told.to()).as("to the stable address").isEmpty();
        GatewayCall.Unreachable word = (GatewayCall.Unreachable) told.call();
        assertThat(word.owner()).isEqualTo("http://10.0.0.7:8080");
        assertThat(word.tries()).isEqualTo(2);
        assertThat(word.silence()).isBetween(Duration.ofMillis(150), Duration.ofMillis(600));
        told.notOwner("http://10.0.0.8:8080");
        f.begin("b");
        assertThat(f.gateway.last().to()).contains("http://10.0.0.8:8080");
        assertThat(f.gateway.count(GatewayCall.Unreachable.class)).isEqualTo(1);
    }

    @Test
    void begin_says_what_was_acknowledged() {
        f.enrolled();
        f.running("a");
        f.complete("a", "1");
        f.gateway.last().answer(HarnessFixture.accepted(7));
        f.begin("b");

        assertThat(f.gateway.last(GatewayCall.Begin.class).seq()).isEqualTo(7);
        assertThat(f.gateway.last(GatewayCall.Begin.class).hash())
                .contains(HarnessFixture.accepted(7).hash());
    }

    @Test
    void ownership_that_moves_in_circles_is_followed_with_pauses() {
        f.enrolled();
        f.begin("a");
        for (int i = 0; i < 50; i++) {
            f.gateway.last().notOwner("http://10.0.0." + (i % 2) + ":8080");
        }

        assertThat(f.gateway.count(GatewayCall.Begin.class)).isLessThan(6);
    }

    // Steps

    @Test
    void occurrences_are_counted_by_what_is_behind_the_instance() {
        f.enrolled();
        f.begin("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 1));
        f.gateway.last().answer(recorded("1"));
        f.running("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 2));
        f.complete("a", "2");
        f.gateway.last().answer(accepted(4));
        f.begin("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 3));
        f.gateway.last().answer(new GatewayReply.Erased(opening().commitment()));
        f.begin("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 4));
        f.begin("b");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("b", 1));
    }

    @Test
    void failed_step_keeps_its_occurrence() {
        f.enrolled().running("a");
        Answers failed = f.fail("a", "java.io.IOException");
        assertThat(f.gateway.last().call())
                .isEqualTo(new GatewayCall.Fail(
                        HarnessFixture.RUN, 3, StepId.occurrence("a", 1), 1, "java.io.IOException"));
        f.gateway.last().answer(accepted(4));
        assertThat(failed.only()).isEqualTo(accepted(4));
        assertThat(f.fail("a", "again").only()).isEqualTo(accepted(4));

        f.begin("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 1));
    }

    @Test
    void two_open_steps_of_one_name_are_refused_at_once_with_the_fix() {
        f.enrolled().running("a");
        int before = f.gateway.count();
        Problem problem = problem(f.begin("a"));

        assertThat(f.gateway.count()).isEqualTo(before);
        assertThat(problem.code()).isEqualTo(Problem.Code.STEP_OPEN);
        assertThat(problem.detail())
                .isEqualTo("step a#1 is open; complete or fail it first; to work on several steps of this name at once,"
                        + " give each a key made of identity fields of its subject, such as an order number. If this"
                        + " repeats a begin whose answer was lost, send the same Idempotency-Key with both");
    }

    @Test
    void two_open_steps_with_different_keys_are_two_steps() {
        f.enrolled().running(keyed("a", "order-1")).running(keyed("a", "order-2"));

        assertThat(problem(f.begin(keyed("a", "order-1"))).detail())
                .startsWith("step a[order-1] is open; complete or fail it before you begin it again.");
        Answers second = new Answers();
        f.harness.complete(new StepRef("a", Optional.of("order-2"), 0, Optional.empty()), text("2"), second);
        assertThat(f.gateway.last(GatewayCall.Complete.class).record().step()).isEqualTo(StepId.keyed("a", "order-2"));
    }

    @Test
    void begin_with_the_same_token_is_the_same_begin() {
        f.enrolled();
        Answers first = f.begin(token("a", "t1"));
        Answers repeatInFlight = f.begin(token("a", "t1"));
        assertThat(f.gateway.count(GatewayCall.Begin.class)).isEqualTo(1);
        f.gateway.last().answer(new GatewayReply.RunIt("k", 2));
        Answers repeatLater = f.begin(token("a", "t1"));

        assertThat(first.only()).isEqualTo(new GatewayReply.RunIt("k", 2));
        assertThat(repeatInFlight.only()).isEqualTo(first.only());
        assertThat(repeatLater.only()).isEqualTo(first.only());
        assertThat(f.gateway.count(GatewayCall.Begin.class)).isEqualTo(1);
    }

    @Test
    void begin_repeated_after_its_step_is_done_opens_nothing() {
        f.enrolled().running(token("a", "t1"));
        f.complete("a", "1");
        f.gateway.last().answer(accepted(4));
        Answers repeat = f.begin(token("a", "t1"));
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 1));
        f.gateway.last().answer(recorded("1"));

        assertThat(repeat.only()).isEqualTo(recorded("1"));
        f.begin("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 2));
    }

    @Test
    void token_of_another_step_is_refused() {
        f.enrolled().running(token("a", "t1"));

        assertThat(problem(f.begin(token("b", "t1"))).detail())
                .isEqualTo("this Idempotency-Key was used to begin step a#1 and now to begin \"b\": make a new one for"
                        + " every begin and reuse it only to repeat that begin");
    }

    @Test
    void refused_begin_leaves_the_name_free() {
        f.enrolled();
        Answers refused = f.begin("a");
        f.gateway.last().refuse(Problem.Code.LIMIT_EXCEEDED);

        assertThat(problem(refused).code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
        f.begin("a");
        assertThat(f.gateway.last(GatewayCall.Begin.class).step()).isEqualTo(StepId.occurrence("a", 1));
    }

    @Test
    void names_and_keys_that_break_the_rules_are_the_agent_s_mistake() {
        f.enrolled();

        assertThat(problem(f.begin("no spaces")).code()).isEqualTo(Problem.Code.INVALID);
        assertThat(problem(f.begin(keyed("a", ""))).code()).isEqualTo(Problem.Code.INVALID);
        assertThat(f.gateway.count()).isEqualTo(1);
    }

    @Test
    void inputs_and_results_get_fresh_salts_and_records_commit_to_them() throws Exception {
        f.enrolled();
        Payload input = text("the ticket");
        StepAsk ask = new StepAsk("a", Optional.empty(), Effect.PURE, Optional.of(input), 500, Optional.empty());
        f.running(ask);
        GatewayCall.Begin begin = f.gateway.last(GatewayCall.Begin.class);
        f.complete("a", "the summary");
        GatewayCall.Complete complete = f.gateway.last(GatewayCall.Complete.class);

        assertThat(begin.reserveTokens()).isEqualTo(500);
        assertThat(begin.effect()).isEqualTo(Effect.PURE);
        Opening sealed = begin.input().orElseThrow();
        assertThat(sealed.bytes()).isEqualTo(input.bytes());
        assertThat(sealed.salt()).isNotEqualTo(complete.result().salt()).isNotEqualTo(new byte[32]);
        assertThat(complete.input()).contains(sealed);
        assertThat(complete.record().input()).contains(sealed.commitment());
        assertThat(complete.record().result()).isEqualTo(complete.result().commitment());
        assertThat(complete.record().epoch()).isEqualTo(3);
        assertThat(verifies(complete.record().signedBytes(), complete.signature()))
                .isTrue();
        assertThat(verifies(new byte[] {1}, complete.signature())).isFalse();
    }

    @Test
    void completing_twice_with_the_same_content_is_once() {
        f.enrolled().running("a");
        Answers first = f.complete("a", "1");
        Answers inFlight = f.complete("a", "1");
        assertThat(problem(f.complete("a", "2")).code()).isEqualTo(Problem.Code.CONFLICT);
        f.gateway.last().answer(accepted(4));
        Answers later = f.complete("a", "1");

        assertThat(first.only()).isEqualTo(accepted(4));
        assertThat(inFlight.only()).isEqualTo(accepted(4));
        assertThat(later.only()).isEqualTo(accepted(4));
        assertThat(problem(f.complete("a", "2")).detail())
                .isEqualTo("step a#1 was completed by this instance with another result; the first one stands");
        assertThat(f.gateway.count(GatewayCall.Complete.class)).isEqualTo(1);
    }

    @Test
    void late_completion_by_step_key_does_not_hit_the_next_step_of_the_name() {
        f.enrolled().running("a");
        f.complete("a", "1");
        f.gateway.last().answer(accepted(4));
        f.begin("a");
        f.gateway.last().answer(new GatewayReply.RunIt("key-of-second", 1));
        int before = f.gateway.count();
        Answers late = new Answers();
        f.harness.complete(new StepRef("a", Optional.empty(), 0, Optional.of("key-of-a")), text("1"), late);

        assertThat(late.only()).isEqualTo(accepted(4));
        assertThat(f.gateway.count()).isEqualTo(before);
    }

    @Test
    void completing_what_is_not_open_is_refused() {
        f.enrolled();
        assertThat(problem(f.complete("a", "1")).detail())
                .isEqualTo("no step named \"a\" was begun in this instance: begin it first");
        f.begin("a");
        assertThat(problem(f.complete("a", "1")).detail())
                .isEqualTo("step a#1 is being begun, and begin is not answered yet: wait for that answer first");
        f.gateway.last().answer(recorded("1"));
        assertThat(problem(f.complete("a", "1")).detail()).startsWith("step a#1 is not open in this instance");
        Answers foreign = new Answers();
        f.harness.complete(new StepRef("a", Optional.empty(), 0, Optional.of("guess")), text("1"), foreign);
        assertThat(problem(foreign).detail()).startsWith("the step key given for \"a\" is not one that begin answered");
    }

    @Test
    void refused_completion_leaves_the_step_open() {
        f.enrolled().running("a");
        Answers refused = f.complete("a", "1");
        f.gateway.last().refuse(Problem.Code.BAD_SIGNATURE);
        assertThat(problem(refused).code()).isEqualTo(Problem.Code.BAD_SIGNATURE);

        f.complete("a", "1");
        f.gateway.last().answer(accepted(4));
        assertThat(f.gateway.count(GatewayCall.Complete.class)).isEqualTo(2);
    }

    @Test
    void conflict_with_the_journal_lets_the_step_be_begun_again() {
        f.enrolled().running("a");
        f.complete("a", "1");
        f.gateway.last().refuse(Problem.Code.CONFLICT);
        Answers again = f.begin("a");
        f.gateway.last().answer(recorded("other"));

        assertThat(again.only()).isEqualTo(recorded("other"));
    }

    @Test
    void usage_of_a_step_is_in_its_record_once_for_each_report() {
        f.enrolled().running("a");
        Answers noted = new Answers();
        f.harness.used(StepRef.named("a"), "r1", List.of(USAGE), noted);
        f.harness.used(StepRef.named("a"), "r1", List.of(USAGE), noted);
        f.harness.used(StepRef.named("a"), "r2", List.of(USAGE), noted);
        f.complete("a", "1");

        assertThat(noted.all).hasSize(3).allMatch(GatewayReply.RunIt.class::isInstance);
        assertThat(f.gateway.last(GatewayCall.Complete.class).record().usage()).containsExactly(USAGE, USAGE);
        assertThat(f.gateway.count(GatewayCall.Report.class)).isZero();
    }

    @Test
    void usage_of_a_failed_attempt_is_reported_before_the_failure() {
        f.enrolled().running("a");
        f.harness.used(StepRef.named("a"), "r1", List.of(USAGE), new Answers());
        Answers failed = f.fail("a", "timeout");
        assertThat(f.gateway.last().call())
                .isEqualTo(new GatewayCall.Report(HarnessFixture.RUN, 3, "failed/key-of-a/3/1", List.of(USAGE)));
        f.gateway.last().answer(accepted(4));
        assertThat(f.gateway.last().call()).isInstanceOf(GatewayCall.Fail.class);
        f.gateway.last().answer(accepted(5));

        assertThat(failed.only()).isEqualTo(accepted(5));
    }

    @Test
    void step_in_doubt_is_resolved_and_then_begun_again() {
        f.enrolled(doubtful("charge"));
        Answers doubt = f.begin("charge");
        f.gateway.last().answer(new GatewayReply.InDoubt("k", doubtful("charge")));
        assertThat(doubt.only()).isInstanceOf(GatewayReply.InDoubt.class);
        assertThat(f.harness.inDoubt()).containsExactly(doubtful("charge"));

        Answers resolved = new Answers();
        f.harness.resolve(StepRef.named("charge"), true, "the bank says so", resolved);
        assertThat(f.gateway.last().call())
                .isEqualTo(new GatewayCall.Resolve(
                        HarnessFixture.RUN, 3, StepId.occurrence("charge", 1), 4, true, "the bank says so"));
        f.gateway.last().answer(accepted(4));
        assertThat(resolved.only()).isEqualTo(accepted(4));
        assertThat(f.harness.inDoubt()).isEmpty();

        f.begin("charge");
        f.gateway.last().answer(new GatewayReply.Happened("k", doubtful("charge")));
        assertThat(f.begin("charge").only()).isInstanceOf(GatewayReply.Happened.class);
        assertThat(problem(f.fail("charge", "no")).detail())
                .isEqualTo("step charge#1 is settled as having happened, so it cannot fail any more: complete it with"
                        + " its result");
        f.complete("charge", "receipt 7");
        assertThat(f.gateway.last(GatewayCall.Complete.class).record().step())
                .isEqualTo(StepId.occurrence("charge", 1));
    }

    @Test
    void open_step_is_not_resolved() {
        f.enrolled().running("a");
        Answers refused = new Answers();
        f.harness.resolve(StepRef.named("a"), true, "x", refused);

        assertThat(problem(refused).detail())
                .isEqualTo("step a#1 is open in this instance, not in doubt: complete or fail it");
    }

    // Output

    @Test
    void output_is_delivered_once_and_signed() throws Exception {
        f.enrolled();
        Answers first = new Answers();
        Answers second = new Answers();
        Answers other = new Answers();
        f.harness.output(text("done"), first);
        f.harness.output(text("done"), second);
        f.harness.output(text("not done"), other);
        GatewayCall.Output call = f.gateway.last(GatewayCall.Output.class);
        assertThat(f.harness.outputBegun()).isTrue();
        assertThat(f.harness.outputDurable()).isFalse();
        f.gateway.last().answer(accepted(7));

        assertThat(f.harness.outputDurable()).isTrue();
        assertThat(first.only()).isEqualTo(accepted(7));
        assertThat(second.only()).isEqualTo(accepted(7));
        assertThat(problem(other).detail())
                .isEqualTo("this instance has delivered another output; the first one stands");
        assertThat(call.record().output()).isEqualTo(call.output().commitment());
        assertThat(verifies(call.record().signedBytes(), call.signature())).isTrue();
        assertThat(f.gateway.count(GatewayCall.Output.class)).isEqualTo(1);
        assertThat(f.harness.outputBegun()).isTrue();
    }

    @Test
    void signer_shows_nothing_of_its_key() {
        assertThat(f.signer).hasToString("JdkInstanceSigner[Ed25519]");
        assertThat(f.signer.publicKey())
                .hasSize(32)
                .isNotEqualTo(JdkInstanceSigner.generate().publicKey());
    }

    private static Opening opening() {
        return Opening.of("text/plain", new byte[32], new byte[0]);
    }

    private boolean verifies(byte[] message, byte[] signature) throws Exception {
        byte[] spki = new BigInteger("302a300506032b6570032100", 16).toByteArray();
        byte[] encoded = Stream.of(spki, f.signer.publicKey()).reduce(new byte[0], (a, b) -> {
            byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, both, a.length, b.length);
            return both;
        });
        EdECPublicKey key =
                (EdECPublicKey) KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static Problem problem(Answers answers) {
        return ((GatewayReply.Refused) answers.only()).problem();
    }
}
