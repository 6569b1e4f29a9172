package dev.lantern.k8s;

import static dev.lantern.k8s.WatchedCluster.NAMESPACE;
import static dev.lantern.k8s.WatchedCluster.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.gate.Evidence;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The look between what a harness reports and its enrolment. */
class OnceMoreTest {
    private static final Duration WITHIN = Duration.ofSeconds(30);

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
    void instance_that_is_what_was_admitted_is_found_to_be_that() throws Exception {
        cluster.running(1);

        Verified found = cluster.observatory().compare(instance(1), WITHIN).orElseThrow();

        assertThat(found.checkpoint()).isEqualTo(Verified.NODE);
        assertThat(found.node().orElseThrow().name()).isEqualTo("node-a");
        assertThat(found.evidence())
                .extracting(Evidence::found)
                .satisfiesExactly(
                        pod -> assertThat(pod).contains("is what was let go, bound to node node-a"),
                        node -> assertThat(node).startsWith("node node-a ("));
    }

    @Test
    void nothing_is_taken_from_memory() throws Exception {
        FakePod pod = cluster.running(1);
        cluster.observatory().close();
        shorten(pod);

        assertThat(cluster.observatory().compare(instance(1), WITHIN)).isEmpty();
    }

    @Test
    void node_that_was_started_again_is_found() throws Exception {
        cluster.running(1);
        cluster.observatory().close();
        cluster.kubernetes.node("node-a").reboot();

        assertThat(cluster.observatory().compare(instance(1), WITHIN)).isEmpty();
    }

    @Test
    void what_is_found_against_it_is_its_end() throws Exception {
        FakePod pod = cluster.running(1);
        shorten(pod);

        assertThat(cluster.observatory().compare(instance(1), WITHIN)).isEmpty();

        assertThat(cluster.ended(1)).isInstanceOf(InstanceEnd.Violated.class);
        assertThat(cluster.observatory().compare(instance(1), WITHIN))
                .as("nothing takes it back")
                .isEmpty();
    }

    @Test
    void instance_that_another_host_has_let_go_is_compared_with_its_job() throws Exception {
        FakePod pod = cluster.running(1);
        cluster.restart();
        assertThat(cluster.observatory().awaitPod(instance(1), WITHIN)).isPresent();

        Verified found = cluster.observatory().compare(instance(1), WITHIN).orElseThrow();
        assertThat(found.evidence())
                .extracting(Evidence::found)
                .singleElement()
                .asString()
                .isEqualTo("pod " + pod.name() + " is what follows from its Job, bound to node node-a");
        cluster.observatory().close();
        shorten(pod);
        assertThat(cluster.observatory().compare(instance(1), WITHIN)).isEmpty();
    }

    @Test
    void cluster_that_does_not_answer_is_no_answer() throws Exception {
        FakePod pod = cluster.running(1);
        cluster.kubernetes.forbid(
                RequestMatcher.any().verb("get").path("/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod.name()));

        assertThatThrownBy(() -> cluster.observatory().compare(instance(1), WITHIN))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("instance acme/ticket-4711@1 cannot be compared with what was admitted: ");
        cluster.restart();
        assertThat(cluster.observatory().awaitPod(instance(1), WITHIN)).isPresent();
        assertThatThrownBy(() -> cluster.observatory().compare(instance(1), WITHIN))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("which another host has let go");
    }

    @Test
    void who_does_not_stand_is_not_compared() throws Exception {
        assertThat(cluster.observatory().compare(instance(1), WITHIN)).isEmpty();
        cluster.running(1);
        cluster.observatory().forget(instance(1));

        assertThat(cluster.observatory().compare(instance(1), WITHIN)).isEqualTo(Optional.empty());
    }

    private void shorten(FakePod pod) {
        cluster.api
                .mergePatch("/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod.name(), Persisted.json("""
                        {"spec": {"activeDeadlineSeconds": 7}}
                        """))
                .made();
        cluster.kubernetes.settle();
    }
}
