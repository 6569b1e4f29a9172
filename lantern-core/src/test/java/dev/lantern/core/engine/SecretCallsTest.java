package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.core.event.RunEvent;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretRule;
import dev.lantern.secrets.SecretValue;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretCallsTest {
    private static final String CANARY = "canary-4711-of-the-store";
    private static final SecretRef TOKEN = SecretRef.of("TOKEN", SecretUri.ofOwnTenant("github"));
    private static final SecretRef DATABASE =
            SecretRef.of("DATABASE", SecretUri.ofOwnTenant("orders")).ttl(Duration.ofMinutes(2));
    private static final String REFUSED = "SECRET_REFUSED: there is no secret %s for this run";

    private final RunFixture run =
            RunFixture.granted(SecretPolicy.defaults(), TOKEN, DATABASE).running();

    // -- given ---------------------------------------------------------------------------------------------------

    @Test
    void value_leaves_behind_the_event_that_tells_of_it() {
        assertThat(run.call(vend("TOKEN", "r1"))).isEqualTo("asks for acme/github for PT5M");

        Decision decision = run.take(issued("TOKEN", "r1", fixed("7")));

        assertThat(events(decision))
                .containsExactly(new RunEvent.SecretVended(
                        "1-r1",
                        "TOKEN",
                        SecretUri.parse("lantern.secret://tenant/acme/key/github"),
                        SecretMode.STATIC,
                        Optional.empty(),
                        Optional.of("7"),
                        run.now().plus(Duration.ofMinutes(5)),
                        0));
        assertThat(RunFixture.told(decision)).isEqualTo("hands over TOKEN");
        assertThat(decision.toString()).doesNotContain(CANARY);
    }

    @Test
    void same_request_is_given_the_same_lease() {
        vended("TOKEN", "r1", fixed("7"));

        assertThat(run.call(vend("TOKEN", "r1"))).isEqualTo("hands over TOKEN again");
        assertThat(run.state().leases().open()).hasSize(1);
    }

    @Test
    void store_is_asked_once_at_a_time_for_one_lease() {
        run.call(vend("TOKEN", "r1"));

        assertThat(run.call(vend("TOKEN", "r1")))
                .isEqualTo("UNAVAILABLE: the secret store is being asked; repeat the call");
        run.take(untold("TOKEN", "r1"));
        assertThat(run.call(vend("TOKEN", "r1"))).startsWith("asks for");
    }

    @Test
    void store_that_gives_no_answer_is_asked_again_by_the_instance() {
        run.call(vend("TOKEN", "r1"));

        Decision decision = run.take(untold("TOKEN", "r1"));

        assertThat(decision.events()).isEmpty();
        assertThat(RunFixture.told(decision))
                .isEqualTo("UNAVAILABLE: the secret store does not answer; repeat the call");
    }

    // -- for how long ------------------------------------------------------------------------------------------------

    @Test
    void lease_lasts_as_long_as_the_shortest_of_spec_policy_run_and_store() {
        assertThat(run.call(vend("DATABASE", "r1")))
                .as("the spec says 2 min")
                .isEqualTo("asks for acme/orders for PT2M");

        RunFixture capped = RunFixture.granted(
                        SecretPolicy.defaults()
                                .secret("github", SecretRule.any().atMost(Duration.ofSeconds(40))),
                        TOKEN)
                .running();
        assertThat(capped.call(vend("TOKEN", "r1")))
                .as("the policy says 40 s")
                .isEqualTo("asks for acme/github for PT40S");

        run.take(issued("DATABASE", "r1", fixed("7", Duration.ofSeconds(30))));
        assertThat(run.state().leases().open("1-r1").orElseThrow().expiresAt())
                .as("the store says 30 s")
                .isEqualTo(run.now().plusSeconds(30));
    }

    @Test
    void lease_that_the_run_leaves_no_time_for_is_not_asked_of_the_store() {
        RunFixture brief = RunFixture.granted(
                        SecretPolicy.defaults(), limits -> limits.timeout(Duration.ofSeconds(10)), TOKEN)
                .running();
        brief.later(Duration.ofSeconds(9));
        assertThat(brief.call(vend("TOKEN", "r1"))).isEqualTo("asks for acme/github for PT1S");
        brief.take(issuedTo(brief, "r1"));
        brief.later(Duration.ofMillis(1));

        assertThat(brief.call(vend("TOKEN", "r2"))).isEqualTo("RUN_ENDED: the run ends before a lease could begin");
        assertThat(brief.call(new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1")))
                .isEqualTo("RUN_ENDED: the run ends before the lease could be renewed");
    }

    @Test
    void lease_is_renewed_up_to_its_last_second() {
        RunFixture brief = RunFixture.granted(
                        SecretPolicy.defaults(), limits -> limits.timeout(Duration.ofSeconds(10)), TOKEN)
                .running();
        brief.call(vend("TOKEN", "r1"));
        brief.take(issuedTo(brief, "r1"));
        brief.later(Duration.ofSeconds(9));

        assertThat(brief.call(new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1")))
                .isEqualTo("asks for acme/github for PT1S");
    }

    @Test
    void run_is_looked_at_again_when_a_lease_ends_and_when_a_revocation_is_to_be_repeated() {
        vended("TOKEN", "r1", fixed("7", Duration.ofSeconds(5)));
        assertThat(run.decisions().nextTick(run.state(), run.vitals(), run.now()))
                .contains(run.now().plusSeconds(5));

        vended("DATABASE", "r2", dynamic("h1"));
        run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r2"));
        run.take(new Stimulus.RevocationUntold("1-r2"));
        assertThat(run.decisions().nextTick(run.state(), run.vitals(), run.now()))
                .contains(run.now().plusSeconds(2));
    }

    @Test
    void lease_that_is_not_renewed_ends() {
        vended("DATABASE", "r1", fixed("7"));

        assertThat(run.decisions().nextTick(run.state(), run.vitals(), run.now()))
                .hasValueSatisfying(
                        at -> assertThat(at).isBeforeOrEqualTo(run.now().plus(Duration.ofMinutes(2))));
        run.later(Duration.ofSeconds(20));
        run.call(new GatewayCall.Heartbeat(RunFixture.RUN, 1, 0, Optional.empty()));
        alive(Duration.ofSeconds(101));
        Decision decision = run.take(new Stimulus.Tick());

        assertThat(run.state().leases().open()).isEmpty();
        assertThat(run.call(vend("DATABASE", "r1")))
                .isEqualTo("LEASE_CLOSED: lease 1-r1 is not open: ask for the secret anew");
        assertThat(decision.events().size() + closedBefore()).isPositive();
    }

    @Test
    void renewal_asks_for_the_value_again_and_is_an_event() {
        vended("TOKEN", "r1", fixed("7"));
        run.later(Duration.ofSeconds(20));

        assertThat(run.call(new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1")))
                .isEqualTo("asks for acme/github for PT5M");
        Decision decision = run.take(new Stimulus.SecretIssued(
                run.called(new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1")),
                "1-r1",
                new SecretPlace("acme", "github"),
                Optional.of(fixed("8"))));

        RunEvent.SecretVended renewed =
                (RunEvent.SecretVended) decision.events().get(0).event();
        assertThat(renewed.renewal()).isEqualTo(1);
        assertThat(renewed.version()).contains("8");
        assertThat(renewed.expiresAt()).isEqualTo(run.now().plus(Duration.ofMinutes(5)));
        assertThat(RunFixture.told(decision)).isEqualTo("hands over TOKEN");
    }

    @Test
    void dynamic_lease_is_renewed_at_the_store_or_closed() {
        vended("DATABASE", "r1", dynamic("h1"));
        GatewayCall renew = new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1");

        assertThat(run.call(renew)).isEqualTo("asks for PT2M more of 1-r1");
        assertThat(RunFixture.told(run.take(
                        new Stimulus.SecretRenewed(run.called(renew), "1-r1", Optional.of(Duration.ofMinutes(1))))))
                .isEqualTo("hands over DATABASE again");
        assertThat(run.state().leases().open("1-r1").orElseThrow().renewals()).isEqualTo(1);

        run.call(renew);
        Decision closed = run.take(new Stimulus.SecretRenewed(run.called(renew), "1-r1", Optional.empty()));
        assertThat(RunFixture.told(closed)).startsWith("LEASE_CLOSED");
        assertThat(closed.acts()).anyMatch(act -> act instanceof Act.RevokeSecret);
        run.take(new Stimulus.SecretRevoked("1-r1", "the store did not renew it"));
        assertThat(run.state().leases().open()).isEmpty();
    }

    @Test
    void lease_that_ends_while_its_renewal_is_asked_for_stays_ended() {
        for (Optional<IssuedSecret> answer : List.of(Optional.of(fixed("8")), Optional.<IssuedSecret>empty())) {
            String request = "r" + answer.isPresent();
            vended("TOKEN", request, fixed("7"));
            GatewayCall renew = new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-" + request);
            run.call(renew);
            run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-" + request));

            Decision late = run.take(new Stimulus.SecretIssued(
                    run.called(renew), "1-" + request, new SecretPlace("acme", "github"), answer));

            assertThat(RunFixture.told(late))
                    .isEqualTo("LEASE_CLOSED: lease 1-" + request + " is not open: ask for the secret anew");
            assertThat(events(late)).isEmpty();
            assertThat(late.acts().stream().anyMatch(act -> act instanceof Act.DropSecret))
                    .isEqualTo(answer.isPresent());
            assertThat(late.state().outcome()).isEmpty();
        }
    }

    @Test
    void renewal_that_is_under_way_is_not_asked_for_again() {
        vended("DATABASE", "r1", dynamic("h1"));
        GatewayCall renew = new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1");
        run.call(renew);

        assertThat(run.call(renew)).isEqualTo("UNAVAILABLE: the secret store is being asked; repeat the call");
        run.take(new Stimulus.SecretRenewed(run.called(renew), "1-r1", Optional.of(Duration.ofMinutes(1))));
        assertThat(run.call(renew)).startsWith("asks for");
    }

    @Test
    void dynamic_lease_that_ends_while_its_renewal_is_asked_for_stays_ended() {
        vended("DATABASE", "r1", dynamic("h1"));
        GatewayCall renew = new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1");
        run.call(renew);
        run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r1"));
        run.take(new Stimulus.SecretRevoked("1-r1", "returned"));

        Decision late =
                run.take(new Stimulus.SecretRenewed(run.called(renew), "1-r1", Optional.of(Duration.ofMinutes(1))));

        assertThat(RunFixture.told(late)).isEqualTo("LEASE_CLOSED: lease 1-r1 is not open: ask for the secret anew");
        assertThat(events(late)).isEmpty();
    }

    // -- refused -----------------------------------------------------------------------------------------------------

    @Test
    void name_that_the_spec_does_not_grant_is_refused_on_record_and_changes_nothing() {
        Decision decision = run.take(run.called(vend("OTHER", "r1")));

        assertThat(RunFixture.told(decision)).isEqualTo(REFUSED.formatted("OTHER"));
        assertThat(events(decision))
                .containsExactly(new RunEvent.SecretRefused(
                        "OTHER", Optional.empty(), RunEvent.SecretRefused.NOT_IN_SPEC, 1, 1));
        assertThat(run.state().outcome()).isEmpty();
    }

    @Test
    void names_that_are_guessed_make_one_event_a_minute() {
        for (int i = 0; i < 50; i++) {
            run.call(vend("GUESS_" + i, "r" + i));
        }
        alive(Duration.ofMinutes(1));
        run.take(new Stimulus.Tick());

        List<RunEvent.SecretRefused> refused = recorded.stream()
                .filter(RunEvent.SecretRefused.class::isInstance)
                .map(RunEvent.SecretRefused.class::cast)
                .toList();
        assertThat(refused.size()).isLessThanOrEqualTo(1);
        assertThat(run.seq()).isLessThan(15);
    }

    @Test
    void absent_foreign_and_forbidden_secrets_look_the_same_and_end_the_run() {
        run.call(vend("TOKEN", "r1"));
        Decision absent = run.take(issued("TOKEN", "r1", Optional.empty()));
        Decision foreign = refusedOf(
                SecretPolicy.defaults(),
                SecretRef.of("TOKEN", SecretUri.parse("lantern.secret://tenant/globex/key/github")));
        Decision forbidden = refusedOf(
                SecretPolicy.defaults().secret("github", SecretRule.any().agents("other")), TOKEN);
        Decision unlisted = refusedOf(SecretPolicy.defaults().onlyListed(), TOKEN);

        assertThat(List.of(absent, foreign, forbidden, unlisted))
                .allSatisfy(decision -> assertThat(RunFixture.told(decision)).isEqualTo(REFUSED.formatted("TOKEN")));
        assertThat(List.of(reason(absent), reason(foreign), reason(forbidden), reason(unlisted)))
                .containsExactly("absent", "foreign-tenant", "forbidden", "forbidden");
        assertThat(absent.state().outcome())
                .contains(new RunOutcome.Failure(
                        "secret TOKEN could not be given to the agent (absent); see secret_refused"));
        assertThat(foreign.state().outcome()).isPresent();
        assertThat(forbidden.state().outcome()).isPresent();
    }

    /** The next owner may have been told less. */
    @Test
    void lease_is_not_renewed_where_the_policy_does_not_allow_the_secret_any_more() {
        vended("TOKEN", "r1", fixed("7"));
        Decisions stricter =
                RunFixture.granted(SecretPolicy.defaults().onlyListed(), TOKEN).decisions();

        Decision decision = stricter.decide(
                run.state(),
                run.seq(),
                run.vitals(),
                run.called(new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r1")),
                run.now());

        assertThat(RunFixture.told(decision)).isEqualTo(REFUSED.formatted("TOKEN"));
        assertThat(reason(decision)).isEqualTo("forbidden");
        assertThat(decision.state().outcome()).isPresent();
    }

    @Test
    void zombie_is_given_nothing_and_its_attempt_is_on_record() {
        run.call(vend("TOKEN", "r1"));
        run.lost();

        Decision late = run.take(issued("TOKEN", "r1", fixed("7"), 1));
        Decision zombie = run.take(run.called(new GatewayCall.Vend(RunFixture.RUN, 1, "TOKEN", "r2")));

        assertThat(RunFixture.told(late)).startsWith("STALE_EPOCH");
        assertThat(late.acts()).anyMatch(act -> act instanceof Act.DropSecret);
        assertThat(events(late)).noneMatch(event -> event instanceof RunEvent.SecretVended);
        assertThat(RunFixture.told(zombie)).startsWith("STALE_EPOCH");
        assertThat(events(late))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                RunEvent.AnomalyDetected.class,
                                anomaly -> assertThat(anomaly.reason()).isEqualTo("stale-epoch")));
    }

    @Test
    void stranger_is_told_what_every_stranger_is_told() {
        assertThat(run.call(vend("TOKEN", "r1"), new byte[32])).isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void instance_that_has_not_enrolled_is_given_nothing() {
        RunFixture early = RunFixture.granted(SecretPolicy.defaults(), TOKEN).admitted();

        assertThat(early.call(vend("TOKEN", "r1"))).isEqualTo("INVALID: enrol first");
    }

    @Test
    void nothing_is_given_once_the_outcome_is_decided() {
        run.delivered();

        assertThat(run.call(vend("TOKEN", "r1"))).startsWith("RUN_ENDED");
    }

    @Test
    void value_that_comes_after_the_outcome_is_given_back() {
        run.call(vend("DATABASE", "r1"));
        run.delivered();

        Decision late = run.take(issued("DATABASE", "r1", dynamic("h1")));

        assertThat(RunFixture.told(late)).startsWith("RUN_ENDED");
        assertThat(late.acts()).anyMatch(act -> act instanceof Act.DropSecret);
    }

    @Test
    void lease_of_another_instance_is_neither_renewed_nor_returned() {
        vended("TOKEN", "r1", fixed("7"));
        run.resumed();
        vended("TOKEN", "r1", fixed("7"));
        String refused = "LEASE_CLOSED: lease 1-r1 is not open: ask for the secret anew";

        Decision renewed = run.take(run.called(new GatewayCall.RenewLease(RunFixture.RUN, 2, "1-r1")));
        assertThat(RunFixture.told(renewed)).isEqualTo(refused);
        assertThat(events(renewed))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                RunEvent.AnomalyDetected.class,
                                anomaly -> assertThat(anomaly.reason()).isEqualTo("foreign-lease")));
        assertThat(run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 2, "1-r1")))
                .isEqualTo(refused);
        assertThat(run.state().leases().open("2-r1")).isPresent();
    }

    /** The store has not ended it yet, so it is open; it is not the next instance's for that. */
    @Test
    void open_lease_of_an_earlier_instance_is_neither_renewed_nor_returned() {
        vended("DATABASE", "r1", dynamic("h1"));
        run.resumed();
        String refused = "LEASE_CLOSED: lease 1-r1 is not open: ask for the secret anew";

        assertThat(run.call(new GatewayCall.RenewLease(RunFixture.RUN, 2, "1-r1")))
                .isEqualTo(refused);
        assertThat(run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 2, "1-r1")))
                .isEqualTo(refused);
        assertThat(run.state().leases().open("1-r1")).isPresent();
    }

    @Test
    void request_whose_lease_was_returned_is_not_given_another_one() {
        vended("TOKEN", "r1", fixed("7"));
        run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r1"));
        vended("TOKEN", "r2", fixed("7"));

        assertThat(run.call(vend("TOKEN", "r1")))
                .isEqualTo("LEASE_CLOSED: lease 1-r1 is not open: ask for the secret anew");
    }

    @Test
    void no_instance_holds_more_leases_than_it_has_use_for() {
        for (int i = 0; i < 18; i++) {
            vended("TOKEN", "r" + i, fixed("7"));
        }

        Decision decision = run.take(run.called(vend("TOKEN", "r18")));

        assertThat(RunFixture.told(decision))
                .isEqualTo("UNAVAILABLE: this instance has too many leases open: return some");
        assertThat(events(decision))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                RunEvent.AnomalyDetected.class,
                                anomaly -> assertThat(anomaly.reason()).isEqualTo("too-many-leases")));
    }

    @Test
    void instance_that_asks_for_many_at_once_is_given_no_more_of_them() {
        for (int i = 0; i < 18; i++) {
            assertThat(run.call(vend("DATABASE", "r" + i))).startsWith("asks for");
        }

        assertThat(run.call(vend("DATABASE", "r18")))
                .isEqualTo("UNAVAILABLE: this instance has too many leases open: return some");
        run.take(untold("DATABASE", "r0"));
        assertThat(run.call(vend("DATABASE", "r18"))).startsWith("asks for");
    }

    /** A renewal is no further lease. */
    @Test
    void leases_that_are_being_renewed_count_once() {
        for (int i = 0; i < 17; i++) {
            vended("TOKEN", "r" + i, fixed("7"));
            assertThat(run.call(new GatewayCall.RenewLease(RunFixture.RUN, 1, "1-r" + i)))
                    .startsWith("asks for");
        }

        assertThat(run.call(vend("TOKEN", "r17"))).startsWith("asks for");
    }

    // -- ended -------------------------------------------------------------------------------------------------------

    @Test
    void returned_lease_is_closed_and_returning_it_again_changes_nothing() {
        vended("TOKEN", "r1", fixed("7"));
        GatewayCall back = new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r1");

        Decision first = run.take(run.called(back));
        Decision second = run.take(run.called(back));

        assertThat(events(first)).containsExactly(new RunEvent.LeaseClosed("1-r1", "returned"));
        assertThat(RunFixture.told(first)).isEqualTo("accepted");
        assertThat(events(second)).isEmpty();
        assertThat(RunFixture.told(second)).isEqualTo("accepted");
    }

    @Test
    void leases_end_in_the_same_append_as_their_instance() {
        vended("TOKEN", "r1", fixed("7"));
        vended("DATABASE", "r2", dynamic("h1"));

        Decision decision =
                run.take(new Stimulus.Ended(1, new dev.lantern.substrate.InstanceEnd.Lost("its node is gone")));

        assertThat(events(decision)).contains(new RunEvent.LeaseClosed("1-r1", "instance 1 is no more"));
        assertThat(decision.acts())
                .anySatisfy(act -> assertThat(act)
                        .isInstanceOfSatisfying(
                                Act.RevokeSecret.class,
                                revoke -> assertThat(revoke.lease().handle()).contains("h1")));
        assertThat(events(run.take(new Stimulus.SecretRevoked("1-r2", "instance 1 is no more"))))
                .containsExactly(new RunEvent.LeaseClosed("1-r2", "instance 1 is no more; revoked"));
        assertThat(run.vitals().secrets().mayRevoke("1-r2", run.now()))
                .as("nothing of it is remembered")
                .isTrue();
    }

    @Test
    void store_is_asked_once_at_a_time_to_end_a_lease() {
        vended("DATABASE", "r1", dynamic("h1"));

        assertThat(run.take(new Stimulus.Ended(1, new dev.lantern.substrate.InstanceEnd.Lost("its node is gone")))
                        .acts())
                .anyMatch(act -> act instanceof Act.RevokeSecret);
        assertThat(run.take(new Stimulus.Tick()).acts()).noneMatch(act -> act instanceof Act.RevokeSecret);
    }

    /** The owner that was asked to end it is no more, and the next one knows the chain alone. */
    @Test
    void what_a_dead_instance_had_is_ended_by_the_next_owner_while_the_next_instance_lives() {
        vended("DATABASE", "r1", dynamic("h1"));
        run.resumed();

        Decision decision =
                run.decisions().decide(run.state(), run.seq(), new Vitals(run.now()), new Stimulus.Tick(), run.now());

        assertThat(decision.acts())
                .anySatisfy(act -> assertThat(act)
                        .isInstanceOfSatisfying(
                                Act.RevokeSecret.class,
                                revoke -> assertThat(revoke.how()).isEqualTo("instance 1 is no more")));
    }

    /** It is not expired, and its instance lives: nothing but the instance's word says that it has to end. */
    @Test
    void lease_that_was_returned_is_ended_by_a_store_that_comes_back() {
        vended("DATABASE", "r1", dynamic("h1"));
        run.call(new GatewayCall.ReturnLease(RunFixture.RUN, 1, "1-r1"));
        run.take(new Stimulus.RevocationUntold("1-r1"));

        Decision decision = run.later(Duration.ofSeconds(2)).take(new Stimulus.Tick());

        assertThat(decision.acts())
                .anySatisfy(act -> assertThat(act)
                        .isInstanceOfSatisfying(
                                Act.RevokeSecret.class,
                                revoke -> assertThat(revoke.how()).isEqualTo("returned")));
        run.take(new Stimulus.SecretRevoked("1-r1", "returned"));
        assertThat(run.vitals().secrets().ending("1-r1")).isEmpty();
    }

    @Test
    void what_a_dead_instance_had_is_ended_while_the_next_one_lives() {
        vended("DATABASE", "r1", dynamic("h1"));
        run.resumed();
        run.take(new Stimulus.RevocationUntold("1-r1"));

        Decision decision = run.later(Duration.ofSeconds(2)).take(new Stimulus.Tick());

        assertThat(decision.acts())
                .anySatisfy(act -> assertThat(act)
                        .isInstanceOfSatisfying(
                                Act.RevokeSecret.class,
                                revoke -> assertThat(revoke.how()).isEqualTo("instance 1 is no more")));
    }

    @Test
    void revocation_that_is_not_answered_is_tried_again() {
        vended("DATABASE", "r1", dynamic("h1"));
        run.lost();

        run.take(new Stimulus.RevocationUntold("1-r1"));
        assertThat(run.take(new Stimulus.Tick()).acts()).noneMatch(act -> act instanceof Act.RevokeSecret);
        run.later(Duration.ofSeconds(2));
        assertThat(run.take(new Stimulus.Tick()).acts()).anyMatch(act -> act instanceof Act.RevokeSecret);
    }

    @Test
    void run_is_sealed_behind_the_end_of_its_dynamic_secrets_and_names_what_must_be_rotated() {
        vended("TOKEN", "r1", fixed("7"));
        vended("DATABASE", "r2", dynamic("h1"));
        run.delivered();
        run.take(new Stimulus.Ended(1, new dev.lantern.substrate.InstanceEnd.Exited(0)));

        run.tornDown();
        assertThat(run.state().sealed()).as("h1 is not ended yet").isFalse();
        Decision decision = run.take(new Stimulus.SecretRevoked("1-r2", "the run has ended"));

        assertThat(events(decision))
                .contains(new RunEvent.LeaseClosed("1-r2", "the run has ended; revoked"))
                .contains(
                        new RunEvent.RotationOwed(List.of(SecretUri.parse("lantern.secret://tenant/acme/key/github"))))
                .endsWith(new RunEvent.RunSucceeded(List.of()));
    }

    @Test
    void secret_that_its_store_does_not_end_is_named_at_the_end() {
        vended("DATABASE", "r1", dynamic("h1"));
        run.delivered();
        run.take(new Stimulus.Ended(1, new dev.lantern.substrate.InstanceEnd.Exited(0)));
        run.tornDown();

        Decision decision = run.later(Duration.ofMinutes(3)).take(new Stimulus.RevocationUntold("1-r1"));

        assertThat(events(decision))
                .endsWith(new RunEvent.RunSucceeded(List.of("lease 1-r1 of lantern.secret://tenant/acme/key/orders")));
    }

    @Test
    void value_that_this_host_does_not_know_is_asked_for_anew() {
        vended("TOKEN", "r1", fixed("7"));

        Decision decision = run.take(new Stimulus.ValueUnknown(run.called(vend("TOKEN", "r1")), "1-r1"));

        assertThat(RunFixture.told(decision)).startsWith("LEASE_CLOSED");
        assertThat(events(decision))
                .containsExactly(new RunEvent.LeaseClosed("1-r1", "its value was known to a former owner alone"));
    }

    // -- fixture -----------------------------------------------------------------------------------------------------

    private final List<RunEvent> recorded = new ArrayList<>();

    private long closedBefore() {
        return recorded.stream().filter(RunEvent.LeaseClosed.class::isInstance).count();
    }

    /** Time passes, and the instance says that it lives. */
    private void alive(Duration span) {
        for (Duration left = span; !left.isNegative() && !left.isZero(); left = left.minusSeconds(10)) {
            run.later(Duration.ofSeconds(Math.min(10, left.toSeconds())));
            recorded.addAll(
                    events(run.take(run.called(new GatewayCall.Heartbeat(RunFixture.RUN, 1, 0, Optional.empty())))));
        }
    }

    private GatewayCall vend(String name, String request) {
        return new GatewayCall.Vend(
                RunFixture.RUN, run == null ? 1 : Math.max(1, run.state().epoch()), name, request);
    }

    private void vended(String name, String request, IssuedSecret secret) {
        run.call(vend(name, request));
        run.take(issued(name, request, secret));
    }

    private Stimulus issued(String name, String request, IssuedSecret secret) {
        return issued(name, request, secret, run.state().epoch());
    }

    private Stimulus issued(String name, String request, IssuedSecret secret, int epoch) {
        return issued(name, request, Optional.of(secret), epoch);
    }

    private Stimulus issued(String name, String request, Optional<IssuedSecret> secret) {
        return issued(name, request, secret, run.state().epoch());
    }

    private Stimulus issued(String name, String request, Optional<IssuedSecret> secret, int epoch) {
        String key = name.equals("TOKEN") ? "github" : "orders";
        return new Stimulus.SecretIssued(
                run.called(new GatewayCall.Vend(RunFixture.RUN, epoch, name, request)),
                Lease.id(epoch, request),
                new SecretPlace("acme", key),
                secret);
    }

    private static Stimulus issuedTo(RunFixture other, String request) {
        return new Stimulus.SecretIssued(
                other.called(new GatewayCall.Vend(RunFixture.RUN, 1, "TOKEN", request)),
                Lease.id(1, request),
                new SecretPlace("acme", "github"),
                Optional.of(fixed("7")));
    }

    private Stimulus untold(String name, String request) {
        return new Stimulus.SecretUntold(run.called(vend(name, request)), Lease.id(1, request));
    }

    private Decision refusedOf(SecretPolicy policy, SecretRef secret) {
        RunFixture other = RunFixture.granted(policy, secret).running();
        return other.take(other.called(vend("TOKEN", "r1")));
    }

    private static String reason(Decision decision) {
        return events(decision).stream()
                .filter(RunEvent.SecretRefused.class::isInstance)
                .map(event -> ((RunEvent.SecretRefused) event).reason())
                .findFirst()
                .orElseThrow();
    }

    private static List<RunEvent> events(Decision decision) {
        return decision.events().stream().map(Decision.Recorded::event).toList();
    }

    private static IssuedSecret fixed(String version) {
        return fixed(version, Duration.ofMinutes(15));
    }

    private static IssuedSecret fixed(String version, Duration ttl) {
        return new IssuedSecret(value(), SecretMode.STATIC, Optional.empty(), ttl, Optional.of(version));
    }

    private static IssuedSecret dynamic(String handle) {
        return new IssuedSecret(
                value(), SecretMode.DYNAMIC, Optional.of(handle), Duration.ofMinutes(15), Optional.empty());
    }

    private static SecretValue value() {
        return SecretValue.of(CANARY.getBytes(StandardCharsets.UTF_8));
    }
}
