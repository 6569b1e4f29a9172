package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an instance's word that its owner does not answer it leads to. */
class MovesTest {
    private static final Duration ENOUGH = TestCluster.SETTINGS.moveAfter();

    private final TestCluster cluster = new TestCluster();
    private final Host owner = cluster.join("http://owner:8080");
    private final Host other = cluster.join("http://other:8080");
    private final RunRef run = cluster.running(owner, "ticket-4711");

    private GatewayCall.Unreachable word(int epoch, String address, int tries, Duration silence) {
        return new GatewayCall.Unreachable(run, epoch, address, tries, silence);
    }

    private GatewayCall.Unreachable word() {
        return word(1, "http://owner:8080", 2, ENOUGH);
    }

    private static String told(GatewayReply reply) {
        if (reply instanceof GatewayReply.Refused refused) {
            Problem problem = refused.problem();
            return problem.code() + problem.owner().map(at -> " " + at).orElse("");
        }
        return reply.getClass().getSimpleName();
    }

    /** Time in which the instance says that it lives, to whoever owns the run. */
    private void live(Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 1_000) {
            cluster.pass(Duration.ofSeconds(1));
            for (Host host : new Host[] {owner, other}) {
                if (host.owns(run)) {
                    cluster.call(host, new GatewayCall.Heartbeat(run, 1, 0, Optional.empty()));
                }
            }
        }
    }

    @Test
    void run_moves_to_the_host_that_was_told_and_the_former_owner_is_fenced() {
        assertThat(told(cluster.call(other, word()))).isEqualTo("NOT_OWNER http://other:8080");

        assertThat(cluster.row(run).host()).hasValue(2);
        GatewayReply late = cluster.call(
                owner, new GatewayCall.Begin(run, 1, RunFixture.STEP, Effect.AT_MOST_ONCE, Optional.empty(), 0));
        assertThat(told(late)).as("a write of the former owner").isEqualTo("UNAVAILABLE");
        assertThat(owner.owns(run)).isFalse();
    }

    @Test
    void nobody_answers_until_the_former_owner_is_known_to_be_silent() {
        cluster.call(other, word());

        live(TestCluster.SETTINGS.lease().minusSeconds(1));
        assertThat(other.owns(run)).isFalse();
        assertThat(cluster.kinds(run)).doesNotContain("run_adopted");
        live(Duration.ofSeconds(3));
        assertThat(owner.owns(run)).as("told by its renewal").isFalse();
        assertThat(other.owns(run)).isTrue();
        assertThat(cluster.kinds(run)).containsOnlyOnce("run_adopted");
        assertThat(cluster.call(other, new GatewayCall.Heartbeat(run, 1, 0, Optional.empty())))
                .isEqualTo(new GatewayReply.Alive(false));
    }

    @Test
    void former_owner_goes_on_with_its_other_runs_as_if_nothing_had_happened() {
        RunRef kept = cluster.running(owner, "ticket-4712");
        cluster.call(other, word());
        for (int i = 0; i < 20; i++) {
            cluster.pass(Duration.ofSeconds(1));
            assertThat(cluster.call(owner, new GatewayCall.Heartbeat(kept, 1, 0, Optional.empty())))
                    .isEqualTo(new GatewayReply.Alive(false));
        }
        assertThat(owner.owns(run)).isFalse();
        assertThat(owner.owns(kept)).isTrue();
    }

    @Test
    void word_that_shows_too_little_moves_nothing() {
        String owned = "NOT_OWNER http://owner:8080";

        assertThat(told(cluster.call(other, word(1, "http://owner:8080", 1, ENOUGH))))
                .isEqualTo(owned);
        assertThat(told(cluster.call(other, word(1, "http://owner:8080", 99, ENOUGH.minusMillis(1)))))
                .isEqualTo(owned);
        assertThat(told(cluster.call(other, word(1, "http://former:8080", 99, Duration.ofHours(1)))))
                .as("another address than the owner's")
                .isEqualTo(owned);
        assertThat(cluster.row(run).host()).hasValue(1);
    }

    @Test
    void only_the_newest_instance_is_believed() {
        assertThat(told(cluster.call(other, new byte[] {9}, word()))).isEqualTo("UNKNOWN_INSTANCE");
        assertThat(told(cluster.call(other, word(2, "http://owner:8080", 2, ENOUGH))))
                .isEqualTo("UNKNOWN_INSTANCE");
        cluster.pass(TestCluster.SETTINGS.heartbeatSilence().plusSeconds(1));
        assertThat(told(cluster.call(other, word()))).isEqualTo("STALE_EPOCH");
        assertThat(cluster.row(run).host()).hasValue(1);
    }

    @Test
    void owner_that_is_told_so_itself_answers_and_keeps_the_run() {
        assertThat(cluster.call(owner, word())).isEqualTo(new GatewayReply.Alive(false));
        assertThat(owner.owns(run)).isTrue();
    }

    @Test
    void run_that_has_just_moved_stays_for_a_while() {
        cluster.call(other, word());
        live(TestCluster.SETTINGS.lease().plusSeconds(1));
        assertThat(other.owns(run)).isTrue();

        GatewayCall back = word(1, "http://other:8080", 5, ENOUGH);
        assertThat(told(cluster.call(owner, back))).isEqualTo("NOT_OWNER http://other:8080");
        live(ENOUGH.multipliedBy(2));
        assertThat(told(cluster.call(owner, back))).isEqualTo("NOT_OWNER http://owner:8080");
    }

    @Test
    void ended_run_does_not_move() {
        cluster.call(
                owner,
                new GatewayCall.Output(
                        run,
                        1,
                        new dev.lantern.agent.wire.OutputRecord(
                                run, 1, RunFixture.opening("done").commitment()),
                        RunFixture.SIGNATURE,
                        RunFixture.opening("done")));
        cluster.pass(Duration.ofSeconds(7));

        assertThat(told(cluster.call(other, word()))).isEqualTo("RUN_ENDED");
    }
}
