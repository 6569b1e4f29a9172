package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakePod;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that is kept for one agent: who else may be there, and what follows when somebody is. */
class DedicatedNodeTest {
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
    void agent_whose_node_is_its_own_is_verified_and_the_evidence_says_so() throws Exception {
        cluster.start(alone());

        assertThat(cluster.verified(1).evidence())
                .anySatisfy(seen -> assertThat(seen.found()).isEqualTo("node node-a is shared with nobody"));
    }

    @Test
    void pod_of_somebody_that_is_there_already_keeps_the_agent_from_being_verified() throws Exception {
        pod("squatter", "");

        cluster.start(alone());

        assertShared(cluster.ended(1));
        assertThat(cluster.told)
                .noneMatch(told -> told.what() instanceof Verified verified
                        && verified.checkpoint().equals(Verified.NODE));
    }

    @Test
    void pod_of_somebody_that_comes_later_ends_the_agent() throws Exception {
        FakePod pod = cluster.start(alone());
        pod.passStartupProbe(PodSpec.HARNESS);
        cluster.verified(1);

        pod("squatter", "");

        assertShared(cluster.ended(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Node", "DaemonSet"})
    void what_belongs_to_the_node_may_be_there_before_and_may_come_later(String kind) throws Exception {
        pod("resident", owner(kind));
        FakePod pod = cluster.start(alone());
        pod.passStartupProbe(PodSpec.HARNESS);
        assertThat(cluster.verified(1).checkpoint()).isEqualTo(Verified.NODE);

        pod("another-resident", owner(kind));
        pod("squatter", "");

        assertShared(cluster.ended(1));
    }

    private static void assertShared(InstanceEnd end) {
        assertThat(end)
                .isInstanceOfSatisfying(
                        InstanceEnd.Violated.class,
                        violated -> assertThat(violated.violations())
                                .filteredOn(violation -> violation.code().equals("node-shared"))
                                .extracting(Violation::found)
                                .containsExactly("node node-a has kube-system/squatter"));
    }

    private PodRequest alone() {
        String uid = cluster.kubernetes.create("""
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "kata"}, "handler": "runsc"}
                """).path("metadata").path("uid").asText();
        PodRequest usual = Requests.of(
                Requests.agent(Isolation.HOSTILE, agent -> agent),
                new Boundary(
                        Isolation.HOSTILE,
                        HandlerKind.KATA,
                        Optional.of(PinnedClass.of("kata", uid)),
                        false,
                        Optional.of(Requests.dedicated())));
        return new PodRequest(
                new InstanceKey(usual.key().installation(), WatchedCluster.instance(1)),
                WatchedCluster.NAMESPACE,
                usual.spec(),
                usual.boundary(),
                usual.harness(),
                usual.reach(),
                usual.deadlines(),
                usual.defaults(),
                usual.priority(),
                usual.workspace());
    }

    private static String owner(String kind) {
        return """
                , "ownerReferences": [{"apiVersion": "v1", "kind": "%s", "name": "its", "uid": "its-uid", "controller": true}]
                """.formatted(kind);
    }

    private void pod(String name, String owner) {
        if (cluster.kubernetes.find("namespaces", "", "kube-system").isEmpty()) {
            cluster.kubernetes.addNamespace("kube-system");
        }
        cluster.kubernetes.create("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "kube-system"%s},
                 "spec": {"nodeName": "node-a", "containers": [{"name": "c", "image": "registry.example/c"}]}}
                """.formatted(name, owner));
    }
}
