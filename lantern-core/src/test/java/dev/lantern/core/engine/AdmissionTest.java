package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.core.gate.Earlier;
import dev.lantern.core.gate.Strength;
import dev.lantern.gate.Decision;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.Isolation;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of the gate's decisions between the host and its substrate. */
class AdmissionTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Placement FIRST = inCluster("n1");
    private static final Placement SECOND = inCluster("n2");

    private final TestCluster cluster = new TestCluster();
    private final Host host = cluster.join("http://one:8080");

    private static Placement inCluster(String node) {
        return new Placement(
                Isolation.TRUSTED,
                HandlerKind.RUNC,
                Optional.of(new Placement.InCluster(
                        new Placement.NamespaceId("agents", "uid-ns"),
                        Optional.empty(),
                        List.of(new NodeId(node, "uid-" + node, "boot-" + node)),
                        false)));
    }

    private static Decision admitted(Placement placement) {
        return new Decision.Admitted(placement, List.of());
    }

    @Test
    void each_instance_starts_where_its_own_decision_says() {
        cluster.gateSays(admitted(FIRST), MINUTE);
        RunRef run = cluster.spawn(host, "ticket-4711");
        cluster.gateSays(admitted(SECOND), MINUTE);

        cluster.pass(TestCluster.SETTINGS.enrolWithin().plusSeconds(1));

        assertThat(cluster.starts()).extracting(start -> start.placement()).containsExactly(FIRST, SECOND);
        assertThat(cluster.asked())
                .containsExactly(
                        Earlier.NONE,
                        new Earlier(Optional.of(new Strength(Isolation.TRUSTED, HandlerKind.RUNC)), List.of()));
        assertThat(cluster.kinds(run)).filteredOn("gate_passed"::equals).hasSize(2);
    }

    @Test
    void nothing_is_started_on_facts_that_became_too_old_on_the_way() {
        cluster.gateSays(admitted(FIRST), Duration.ZERO);
        RunRef run = cluster.spawn(host, "ticket-4711");
        assertThat(cluster.starts()).isEmpty();
        assertThat(cluster.kinds(run)).contains("instance_started", "instance_lost");
        assertThat(cluster.events(run))
                .filteredOn(event -> event.kind().equals("instance_lost"))
                .allSatisfy(event -> assertThat(event.data().text("cause"))
                        .isEqualTo("the instance did not start: the facts on which the gate had admitted it were too"
                                + " old by the time it could be started"));

        cluster.gateSays(admitted(SECOND), MINUTE);
        cluster.pass(Duration.ofSeconds(2));

        assertThat(cluster.starts())
                .singleElement()
                .satisfies(start -> assertThat(start.placement()).isEqualTo(SECOND));
    }

    @Test
    void host_that_follows_one_that_died_before_the_start_asks_for_itself() {
        cluster.gateSays(admitted(FIRST), MINUTE);
        RunRef run = cluster.create(host, "ticket-4711");
        cluster.settleUntil(() -> cluster.kinds(run).contains("instance_started"));
        cluster.kill(host);
        assertThat(cluster.starts()).as("died between the two").isEmpty();

        cluster.gateSays(admitted(SECOND), MINUTE);
        cluster.join("http://two:8080");
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));

        assertThat(cluster.starts()).singleElement().satisfies(start -> {
            assertThat(start.placement()).isEqualTo(SECOND);
            assertThat(start.instance().epoch()).isEqualTo(2);
        });
    }

    @Test
    void run_waits_for_an_instance_that_is_still_ending() {
        RunRef run = cluster.running(host, "ticket-4711");
        cluster.stopsTakeLonger(3);
        Opening output = RunFixture.opening("done");
        cluster.call(
                host,
                new GatewayCall.Output(
                        run, 1, new OutputRecord(run, 1, output.commitment()), RunFixture.SIGNATURE, output));
        cluster.pass(TestCluster.SETTINGS.exitGrace().plusSeconds(6));
        assertThat(cluster.row(run).status()).isEqualTo(RunStatus.STOPPING);

        cluster.pass(Duration.ofSeconds(2));

        assertThat(cluster.row(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(cluster.stands(run, 1)).isFalse();
    }
}
