package dev.lantern.k8s;

import static dev.lantern.k8s.WatchedCluster.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakePod;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of instances, to whom it matters when. */
class ObservatoryTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private WatchedCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new WatchedCluster();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void pod_is_awaited_glimpsed_and_gone() throws Exception {
        assertThat(cluster.observatory().glimpse(instance(1))).isEmpty();
        FakePod pod = cluster.start(1);

        PodGlimpse seen = cluster.observatory().awaitPod(instance(1), MINUTE).orElseThrow();

        assertThat(seen.name()).isEqualTo(pod.name());
        assertThat(cluster.observatory().awaitGone(instance(1), Duration.ofMillis(1)))
                .isFalse();
        cluster.observatory().forget(instance(1));
        cluster.api.delete(WatchedCluster.jobOf(1), Persisted.json("{\"propagationPolicy\":\"Background\"}"));
        cluster.kubernetes.settle();
        cluster.kubernetes.advance(MINUTE);
        assertThat(cluster.observatory().awaitGone(instance(1), MINUTE)).isTrue();
        assertThat(cluster.observatory().glimpse(instance(1))).isEmpty();
        assertThat(cluster.toldByNow()).noneMatch(told -> told.what() instanceof InstanceEnd);
    }

    @Test
    void node_is_verified_once_it_was_looked_at_again() throws Exception {
        cluster.start(1);

        Verified verified = cluster.verified(1);

        assertThat(verified.checkpoint()).isEqualTo(Verified.NODE);
        assertThat(verified.node().orElseThrow().name()).isEqualTo("node-a");
        assertThat(verified.evidence()).hasSize(2);
    }

    @Test
    void exit_is_told_until_it_is_forgotten() throws Exception {
        FakePod pod = cluster.running(1);

        pod.exit(PodSpec.AGENT, 3);

        assertThat(cluster.ended(1)).isEqualTo(new InstanceEnd.Exited(3, "the agent exited with code 3"));
        cluster.kubernetes.advance(Duration.ofSeconds(6));
        assertThat(cluster.ended(1)).isInstanceOf(InstanceEnd.Exited.class);
        cluster.observatory().forget(instance(1));
        cluster.toldByNow();
        cluster.kubernetes.advance(Duration.ofSeconds(6));
        assertThat(cluster.toldByNow()).isEmpty();
    }
}
