package dev.lantern.agent.harness;

import static dev.lantern.agent.harness.HarnessFixture.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a harness does about its certificate and token. */
final class HarnessCredentialsTest {
    private static final Duration RENEW_AFTER = Duration.ofMinutes(10);

    private final HarnessFixture f = new HarnessFixture();

    @Test
    void instance_without_credentials_renews_none() {
        f.enrolled();
        f.clockwork.advance(Duration.ofHours(1));

        assertThat(f.taken).isEmpty();
        assertThat(f.gateway.count(GatewayCall.Renew.class)).isZero();
    }

    @Test
    void credentials_are_with_their_keeper_before_the_next_call_leaves() {
        f.enrolled(Optional.of(credentials("first")), "API_KEY");

        assertThat(f.gateway.last().call()).isInstanceOf(GatewayCall.Vend.class);
        assertThat(f.taken).containsExactly(credentials("first"));
        assertThat(f.keptAtFirstCall()).isTrue();
        assertThat(f.released).isEmpty();
    }

    @Test
    void credentials_are_renewed_in_time_and_again_after_that() {
        f.enrolled(Optional.of(credentials("first")));
        assertThat(f.released).hasSize(1);
        f.clockwork.advance(RENEW_AFTER.minusMillis(1));
        assertThat(f.gateway.count(GatewayCall.Renew.class)).isZero();
        f.clockwork.advance(Duration.ofMillis(1));
        assertThat(renewal(0).call()).isEqualTo(new GatewayCall.Renew(RUN, 3));
        renewal(0).answer(new GatewayReply.Renewed(credentials("second")));
        renewal(0).answer(new GatewayReply.Renewed(credentials("repeated")));

        assertThat(f.taken).containsExactly(credentials("first"), credentials("second"));
        f.clockwork.advance(RENEW_AFTER);
        assertThat(f.gateway.count(GatewayCall.Renew.class)).isEqualTo(2);
    }

    @Test
    void renewal_whose_answer_is_lost_or_put_off_is_repeated() {
        f.enrolled(Optional.of(credentials("first")));
        f.clockwork.advance(RENEW_AFTER);
        renewal(0).lose();
        f.clockwork.advance(Duration.ofSeconds(1));
        renewal(1).refuse(Problem.Code.UNAVAILABLE);
        f.clockwork.advance(Duration.ofSeconds(1));
        renewal(2).answer(new GatewayReply.Renewed(credentials("second")));

        assertThat(f.taken).hasSize(2);
        assertThat(f.stopped).isEmpty();
    }

    @Test
    void draining_instance_still_renews_and_nobody_waits_for_that() {
        f.enrolled(Optional.of(credentials("first")));
        f.clockwork.advance(RENEW_AFTER);
        int[] drained = new int[1];
        f.harness.agentEnded(() -> drained[0]++);

        assertThat(drained[0]).isEqualTo(1);
        renewal(0).answer(new GatewayReply.Renewed(credentials("second")));
        assertThat(f.taken).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Problem.Code.class,
            names = {"STALE_EPOCH", "RUN_ENDED", "UNKNOWN_INSTANCE"})
    void renewal_that_says_that_the_instance_is_over_ends_it(Problem.Code code) {
        f.enrolled(Optional.of(credentials("first")));
        f.clockwork.advance(RENEW_AFTER);
        renewal(0).refuse(code);

        assertThat(f.stopped).containsExactly("because the test says so");
        assertThat(f.harness.ended()).map(Problem::code).contains(code);
    }

    @Test
    void credentials_that_are_not_renewed_end_the_instance_before_they_expire() {
        f.enrolled(Optional.of(credentials("first")));
        f.clockwork.advance(RENEW_AFTER);
        renewal(0).refuse(Problem.Code.BAD_SIGNATURE);

        assertThat(f.stopped)
                .containsExactly("the credentials of instance acme/ticket-4711 epoch 3 were not renewed"
                        + " (bad-signature): because the test says so");
    }

    @Test
    void credentials_that_cannot_be_used_end_the_instance_and_no_agent_is_released() {
        f.enrolled(Optional.of(credentials("unusable")), "API_KEY");

        assertThat(f.released).isEmpty();
        assertThat(f.gateway.count()).isEqualTo(1);
        assertThat(f.stopped)
                .containsExactly("the credentials that instance acme/ticket-4711 epoch 3 was given cannot be used:"
                        + " the certificate is for another key");
    }

    @Test
    void ended_instance_renews_nothing() {
        f.enrolled(Optional.of(credentials("first")));
        f.harness.close();
        f.clockwork.advance(Duration.ofHours(1));

        assertThat(f.gateway.count()).isEqualTo(1);
    }

    private ScriptedTransport.Sent renewal(int number) {
        return f.gateway.last(GatewayCall.Renew.class, number);
    }

    private static Credentials credentials(String token) {
        byte[] certificate = new byte[] {1, 2, 3};
        return Credentials.of(List.of(certificate), token, List.of(certificate), RENEW_AFTER);
    }
}
