package dev.lantern.agent.harness;

import static dev.lantern.agent.harness.HarnessFixture.HEARTBEAT;
import static dev.lantern.agent.harness.HarnessFixture.RUN;
import static dev.lantern.agent.harness.HarnessFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a harness does about the secrets of its spec, from enrolment to its end. */
final class HarnessSecretsTest {
    private static final Duration TTL = Duration.ofMinutes(3);
    private static final Duration REFRESH = Duration.ofMinutes(2);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final HarnessFixture f = new HarnessFixture();

    // Before the agent

    @Test
    void instance_without_secrets_asks_for_none_and_touches_no_place() {
        f.enrolled();

        assertThat(f.released).hasSize(1);
        assertThat(f.gateway.count()).isEqualTo(1);
        assertThat(f.harness.secrets()).isEmpty();
        assertThat(f.place.done).isEmpty();
    }

    @Test
    void all_secrets_are_asked_for_at_once_under_requests_that_nobody_foresees() {
        f.enrolled(Optional.empty(), "API_KEY", "DB_PASSWORD");

        GatewayCall.Vend first = (GatewayCall.Vend) vend(0).call();
        GatewayCall.Vend second = (GatewayCall.Vend) vend(1).call();
        assertThat(List.of(first.name(), second.name())).containsExactly("API_KEY", "DB_PASSWORD");
        assertThat(first.request()).matches("[0-9a-f]{32}").isNotEqualTo(second.request());
        assertThat(f.released).isEmpty();
    }

    @Test
    void agent_is_released_once_all_its_secrets_are_in_their_place() {
        f.enrolled(Optional.empty(), "API_KEY", "DB_PASSWORD");

        vend(1).answer(vended("l2", "two"));
        assertThat(f.released).isEmpty();
        assertThat(f.place.there).containsOnlyKeys("DB_PASSWORD");
        vend(0).answer(vended("l1", "one"));

        assertThat(f.released).hasSize(1);
        assertThat(f.place.there).containsEntry("API_KEY", "one").containsEntry("DB_PASSWORD", "two");
        f.clockwork.advance(TTL.multipliedBy(2));
        assertThat(f.released).hasSize(1);
    }

    @Test
    void instance_that_waits_for_its_secrets_is_not_silent() {
        f.enrolled(Optional.empty(), "API_KEY");
        f.clockwork.advance(HEARTBEAT);

        assertThat(f.gateway.count(GatewayCall.Heartbeat.class)).isEqualTo(1);
        assertThat(f.released).isEmpty();
    }

    @Test
    void request_whose_answer_is_lost_is_repeated_under_the_same_name() {
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).lose();
        f.clockwork.advance(Duration.ofSeconds(1));
        vend(1).refuse(Problem.Code.UNAVAILABLE);
        f.clockwork.advance(Duration.ofSeconds(1));

        assertThat(vend(2).call()).isEqualTo(vend(0).call());
        vend(2).answer(vended("l1", "one"));
        vend(0).answer(vended("l1", "one"));
        vend(2).answer(vended("l1", "one"));
        assertThat(f.released).hasSize(1);
        assertThat(f.place.done).containsExactly("put API_KEY");
    }

    @Test
    void refused_secret_ends_the_instance_by_name_and_no_agent_is_released() {
        f.enrolled(Optional.empty(), "API_KEY", "DB_PASSWORD");
        vend(0).answer(vended("l1", "canary"));
        vend(1).refuse(Problem.Code.SECRET_REFUSED);

        assertThat(f.released).isEmpty();
        assertThat(f.stopped)
                .containsExactly("the agent of instance acme/ticket-4711 epoch 3 was not started, because its secret"
                        + " DB_PASSWORD was refused (secret-refused): because the test says so");
        assertThat(f.harness.ended()).map(Problem::code).contains(Problem.Code.SECRET_REFUSED);
        assertThat(f.place.there).isEmpty();
        int before = f.gateway.count();
        f.clockwork.advance(Duration.ofMinutes(10));
        assertThat(f.gateway.count()).isEqualTo(before);
    }

    /** Found under a seed: each answer was lost until the lease had passed, and the repeat was told that it is closed. */
    @Test
    void request_whose_lease_has_passed_before_an_answer_arrived_is_followed_by_another_one() {
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).refuse(Problem.Code.LEASE_CLOSED);
        assertThat(f.stopped).isEmpty();
        f.clockwork.advance(Leased.PAUSE);

        assertThat(vend(1).call()).isNotEqualTo(vend(0).call());
        vend(1).answer(vended("l2", "two"));
        assertThat(f.released).hasSize(1);
    }

    @Test
    void answer_of_another_kind_is_a_refusal() {
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).answer(new GatewayReply.Alive(false));

        assertThat(f.stopped)
                .singleElement()
                .asString()
                .endsWith("secret API_KEY was refused (invalid): the gateway"
                        + " answered vend with Alive, which the protocol does not allow there");
    }

    @Test
    void secret_that_cannot_be_put_in_its_place_ends_the_instance() {
        f.place.breaks("API_KEY");
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).answer(vended("l1", "canary"));

        assertThat(f.released).isEmpty();
        assertThat(f.stopped)
                .containsExactly("instance acme/ticket-4711 epoch 3 ends, because its secret API_KEY cannot be kept"
                        + " where its agent looks for it: no space is left");
    }

    @Test
    void agent_is_not_released_by_a_secret_that_has_run_out_while_another_was_waited_for() {
        f.enrolled(Optional.empty(), "API_KEY", "DB_PASSWORD");
        vend(0).answer(vended("l1", "one"));
        f.clockwork.advance(TTL);
        assertThat(f.place.there).isEmpty();
        ScriptedTransport.Sent db = lastVend("DB_PASSWORD");
        db.answer(vended("l2", "two"));
        assertThat(f.released).isEmpty();

        lastRenewal().answer(vended("l1", "one"));
        assertThat(f.released).hasSize(1);
    }

    @Test
    void stopped_instance_releases_no_agent_when_its_secrets_arrive() {
        f.enrolled(Optional.empty(), "API_KEY");
        f.harness.drain("the test ends", () -> {});
        vend(0).answer(vended("l1", "one"));

        assertThat(f.released).isEmpty();
        assertThat(f.stopped).containsExactly("the test ends");
    }

    // While it works

    @Test
    void lease_is_renewed_when_two_thirds_of_it_have_passed() {
        with("one");
        f.clockwork.advance(REFRESH.minus(MOMENT));
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isZero();
        f.clockwork.advance(MOMENT);

        assertThat(lastRenewal().call()).isEqualTo(new GatewayCall.RenewLease(RUN, 3, "l1"));
        lastRenewal().answer(vended("l1", "one"));
        assertThat(f.place.done).as("the same value").containsExactly("put API_KEY");
        f.clockwork.advance(REFRESH);
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isEqualTo(2);
        assertThat(f.place.there).containsKey("API_KEY");
    }

    @Test
    void other_value_takes_the_place_of_the_one_before_it() {
        with("one");
        f.clockwork.advance(REFRESH);
        lastRenewal().answer(vended("l1", "two"));

        assertThat(f.place.done).containsExactly("put API_KEY", "put API_KEY");
        assertThat(f.place.there).containsEntry("API_KEY", "two");
        assertThat(held().value()).contains(Confidential.of(utf8("two")));
    }

    @Test
    void shorter_lease_is_renewed_and_ends_sooner() {
        with("one");
        f.clockwork.advance(REFRESH);
        lastRenewal().answer(new GatewayReply.Vended("l1", Confidential.of(utf8("one")), Duration.ofSeconds(3)));
        f.clockwork.advance(Duration.ofSeconds(2));
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isEqualTo(2);
        f.clockwork.advance(Duration.ofSeconds(1));

        assertThat(f.place.there).isEmpty();
    }

    @Test
    void closed_lease_is_followed_by_another_without_a_gap() {
        with("one");
        String first = ((GatewayCall.Vend) vend(0).call()).request();
        f.clockwork.advance(REFRESH);
        lastRenewal().refuse(Problem.Code.LEASE_CLOSED);

        assertThat(f.place.there).containsEntry("API_KEY", "one");
        GatewayCall.Vend again = (GatewayCall.Vend) vend(1).call();
        assertThat(again.request()).isNotEqualTo(first);
        vend(1).answer(vended("l2", "two"));
        assertThat(f.place.done).containsExactly("put API_KEY", "put API_KEY");
        f.clockwork.advance(REFRESH);
        assertThat(lastRenewal().call()).isEqualTo(new GatewayCall.RenewLease(RUN, 3, "l2"));
    }

    @Test
    void value_is_gone_when_its_lease_has_passed_while_the_owner_is_silent() {
        with("one");
        f.clockwork.advance(TTL.minus(MOMENT));
        assertThat(f.place.there).containsKey("API_KEY");
        assertThat(held().left()).isEqualTo(MOMENT);
        f.clockwork.advance(MOMENT);

        assertThat(f.place.there).isEmpty();
        assertThat(held()).isEqualTo(new HeldSecret("API_KEY", Optional.empty(), Duration.ZERO));
        assertThat(f.stopped).isEmpty();
    }

    @Test
    void renewal_that_is_answered_after_the_lease_brings_the_value_back() {
        with("one");
        f.clockwork.advance(TTL.plusMinutes(5));
        assertThat(f.place.there).isEmpty();
        lastRenewal().answer(vended("l1", "one"));

        assertThat(f.place.there).containsEntry("API_KEY", "one");
        assertThat(f.place.done).containsExactly("put API_KEY", "remove API_KEY", "put API_KEY");
        assertThat(held().left()).isLessThanOrEqualTo(TTL);
    }

    @Test
    void lease_that_is_closed_after_it_has_passed_is_followed_by_another() {
        with("one");
        f.clockwork.advance(TTL.plusMinutes(5));
        lastRenewal().refuse(Problem.Code.LEASE_CLOSED);
        vend(1).answer(vended("l2", "two"));

        assertThat(f.place.there).containsEntry("API_KEY", "two");
    }

    @Test
    void answer_that_was_long_on_its_way_makes_the_lease_shorter() {
        f.enrolled(Optional.empty(), "API_KEY");
        f.clockwork.advance(Duration.ofSeconds(20));
        vend(0).answer(vended("l1", "one"));

        assertThat(held().left()).isEqualTo(TTL.minusSeconds(20));
        f.clockwork.advance(REFRESH.minusSeconds(20));
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isEqualTo(1);
        f.clockwork.advance(TTL.minus(REFRESH));
        assertThat(f.place.there).isEmpty();
    }

    @Test
    void late_answer_to_an_early_sending_is_counted_from_that_sending() {
        f.enrolled(Optional.empty(), "API_KEY");
        f.clockwork.advance(Duration.ofSeconds(70));
        assertThat(f.gateway.count(GatewayCall.Vend.class)).isGreaterThan(1);
        vend(0).answer(vended("l1", "one"));

        assertThat(held().left()).isEqualTo(TTL.minusSeconds(70));
    }

    @Test
    void answer_that_was_longer_on_its_way_than_the_lease_gives_nothing_and_is_asked_for_again() {
        f.enrolled(Optional.empty(), "API_KEY");
        ScriptedTransport.Sent late = vend(0);
        f.clockwork.advance(TTL);
        late.answer(vended("l1", "one"));

        assertThat(f.place.done).isEmpty();
        assertThat(f.released).isEmpty();
        f.clockwork.advance(Leased.SHORTEST);
        assertThat(lastRenewal().call()).isEqualTo(new GatewayCall.RenewLease(RUN, 3, "l1"));
        lastRenewal().answer(vended("l1", "one"));
        assertThat(f.released).hasSize(1);
    }

    @Test
    void refusal_while_the_agent_works_is_met_again_after_a_pause_and_the_lease_runs_out() {
        with("one");
        f.clockwork.advance(REFRESH);
        lastRenewal().refuse(Problem.Code.SECRET_REFUSED);
        f.clockwork.advance(Leased.PAUSE.minus(MOMENT));
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isEqualTo(1);
        f.clockwork.advance(MOMENT);
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isEqualTo(2);
        lastRenewal().refuse(Problem.Code.LEASE_CLOSED);
        vend(1).refuse(Problem.Code.SECRET_REFUSED);
        f.clockwork.advance(TTL);

        assertThat(f.place.there).isEmpty();
        assertThat(f.stopped).isEmpty();
        lastVend("API_KEY").answer(vended("l2", "two"));
        assertThat(f.place.there).containsEntry("API_KEY", "two");
    }

    @Test
    void host_that_closes_every_lease_is_not_asked_in_a_loop() {
        with("one");
        f.clockwork.advance(REFRESH);
        lastRenewal().refuse(Problem.Code.LEASE_CLOSED);
        vend(1).refuse(Problem.Code.LEASE_CLOSED);

        assertThat(f.gateway.count(GatewayCall.Vend.class)).isEqualTo(2);
        f.clockwork.advance(Leased.PAUSE);
        assertThat(f.gateway.count(GatewayCall.Vend.class)).isEqualTo(3);
    }

    @Test
    void lease_too_short_to_be_used_is_not_renewed_in_a_loop() {
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).answer(new GatewayReply.Vended("l1", Confidential.of(utf8("one")), MOMENT));
        f.clockwork.advance(Leased.SHORTEST.minus(MOMENT));
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isZero();
        f.clockwork.advance(MOMENT);
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isEqualTo(1);
    }

    @Test
    void value_that_can_no_longer_be_replaced_ends_the_instance() {
        with("one");
        f.place.breaks("API_KEY");
        f.clockwork.advance(REFRESH);
        lastRenewal().answer(vended("l1", "two"));

        assertThat(f.stopped).singleElement().asString().contains("its secret API_KEY cannot be kept");
        assertThat(f.harness.ended()).map(Problem::code).contains(Problem.Code.DRAINING);
        assertThat(f.place.done).endsWith("remove all");
    }

    @Test
    void value_that_cannot_be_removed_when_its_lease_has_passed_ends_the_instance() {
        with("one");
        f.place.breaks("API_KEY");
        f.clockwork.advance(TTL);

        assertThat(f.stopped).hasSize(1);
        assertThat(f.place.done).endsWith("remove all");
    }

    // The end

    @Test
    void agent_that_is_being_stopped_keeps_its_secrets_until_it_has_ended() {
        with("one");
        int[] drained = new int[1];
        f.harness.drain("the test ends", () -> drained[0]++);
        assertThat(drained[0]).isEqualTo(1);
        assertThat(f.place.there).containsKey("API_KEY");
        f.clockwork.advance(REFRESH);
        lastRenewal().answer(vended("l1", "two"));

        assertThat(f.place.there).containsEntry("API_KEY", "two");
    }

    @Test
    void secrets_of_an_agent_that_has_ended_are_removed_and_their_leases_given_back() {
        f.enrolled(Optional.empty(), "API_KEY", "DB_PASSWORD");
        vend(0).answer(vended("l1", "one"));
        vend(1).answer(vended("l2", "two"));
        int[] drained = new int[1];
        f.harness.agentEnded(() -> drained[0]++);

        assertThat(f.place.there).isEmpty();
        assertThat(f.place.done).endsWith("remove all");
        ScriptedTransport.Sent first = f.gateway.last(GatewayCall.ReturnLease.class, 0);
        ScriptedTransport.Sent second = f.gateway.last(GatewayCall.ReturnLease.class, 1);
        assertThat(List.of(first.call(), second.call()))
                .containsExactly(new GatewayCall.ReturnLease(RUN, 3, "l1"), new GatewayCall.ReturnLease(RUN, 3, "l2"));
        first.answer(HarnessFixture.accepted(9));
        assertThat(drained[0]).isZero();
        second.refuse(Problem.Code.LEASE_CLOSED);
        assertThat(drained[0]).isEqualTo(1);
        f.clockwork.advance(TTL);
        assertThat(drained[0]).isEqualTo(1);
        assertThat(f.gateway.count(GatewayCall.RenewLease.class)).isZero();
        assertThat(f.harness.secrets())
                .allSatisfy(secret -> assertThat(secret.value()).isEmpty());
    }

    @Test
    void leases_that_nobody_takes_back_are_waited_for_a_second_and_other_work_for_longer() {
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).answer(vended("l1", "one"));
        f.running("a");
        f.complete("a", "1");
        ScriptedTransport.Sent complete = f.gateway.last();
        int[] drained = new int[1];
        f.harness.agentEnded(() -> drained[0]++);
        f.clockwork.advance(SecretKeeping.RETURN_WITHIN);
        assertThat(drained[0]).isZero();
        complete.answer(HarnessFixture.accepted(9));

        assertThat(drained[0]).isEqualTo(1);
    }

    @Test
    void lease_that_is_granted_after_the_agent_has_ended_is_given_back() {
        with("one");
        f.clockwork.advance(REFRESH);
        lastRenewal().refuse(Problem.Code.LEASE_CLOSED);
        f.harness.agentEnded(() -> {});
        vend(1).answer(vended("l2", "two"));

        assertThat(f.gateway.last().call()).isEqualTo(new GatewayCall.ReturnLease(RUN, 3, "l2"));
        assertThat(f.place.there).isEmpty();
        assertThat(f.place.done).containsExactly("put API_KEY", "remove all");
    }

    @ParameterizedTest
    @EnumSource(
            value = Problem.Code.class,
            names = {"STALE_EPOCH", "RUN_ENDED", "UNKNOWN_INSTANCE"})
    void instance_that_is_over_has_no_secrets_any_more_and_asks_for_none(Problem.Code code) {
        with("one");
        f.clockwork.advance(REFRESH);
        ScriptedTransport.Sent renewal = lastRenewal();
        f.gateway.last(GatewayCall.Heartbeat.class, 0).refuse(code);
        int before = f.gateway.count();

        assertThat(f.place.done).containsExactly("put API_KEY", "remove all");
        assertThat(held().value()).isEmpty();
        renewal.answer(vended("l1", "two"));
        renewal.refuse(Problem.Code.LEASE_CLOSED);
        f.clockwork.advance(TTL.multipliedBy(3));
        assertThat(f.gateway.count()).isEqualTo(before);
        assertThat(f.place.done).containsExactly("put API_KEY", "remove all");
    }

    @Test
    void closed_lease_that_says_that_the_instance_is_over_ends_it() {
        with("one");
        f.clockwork.advance(REFRESH);
        lastRenewal().refuse(Problem.Code.RUN_ENDED);

        assertThat(f.harness.ended()).map(Problem::code).contains(Problem.Code.RUN_ENDED);
        assertThat(f.place.there).isEmpty();
        assertThat(f.gateway.count(GatewayCall.Vend.class)).isEqualTo(1);
    }

    @Test
    void closing_removes_the_secrets_and_sends_nothing_more() {
        with("one");
        int before = f.gateway.count();
        f.harness.close();
        f.clockwork.advance(TTL);

        assertThat(f.place.there).isEmpty();
        assertThat(f.gateway.count()).isEqualTo(before);
    }

    private void with(String value) {
        f.enrolled(Optional.empty(), "API_KEY");
        vend(0).answer(vended("l1", value));
        assertThat(f.released).hasSize(1);
    }

    private HeldSecret held() {
        assertThat(f.harness.secrets()).hasSize(1);
        return f.harness.secrets().get(0);
    }

    private ScriptedTransport.Sent vend(int number) {
        return f.gateway.last(GatewayCall.Vend.class, number);
    }

    private ScriptedTransport.Sent lastVend(String name) {
        ScriptedTransport.Sent last = null;
        for (int i = 0; i < f.gateway.count(); i++) {
            if (f.gateway.sent(i).call() instanceof GatewayCall.Vend vend
                    && vend.name().equals(name)) {
                last = f.gateway.sent(i);
            }
        }
        return last;
    }

    private ScriptedTransport.Sent lastRenewal() {
        return f.gateway.last(GatewayCall.RenewLease.class, (int) f.gateway.count(GatewayCall.RenewLease.class) - 1);
    }

    private static GatewayReply.Vended vended(String lease, String value) {
        return new GatewayReply.Vended(lease, Confidential.of(utf8(value)), TTL);
    }
}
