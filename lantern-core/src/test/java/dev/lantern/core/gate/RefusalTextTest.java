package dev.lantern.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.Taint;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a stranger reads. Whole sentences, so that a change of one is a change that somebody has read. */
class RefusalTextTest {
    private static final ClusterFixture FULL = ClusterFixture.full();

    @Test
    void untrusted_on_a_cluster_without_gvisor() {
        ClusterFixture plain = FULL.withClasses(ClusterFixture.runtimeClass("sandbox", "runc"))
                .withNodes(ClusterFixture.node("worker-1", "", "runc"), ClusterFixture.node("worker-2"));

        assertThat(texts(Isolation.UNTRUSTED, plain))
                .containsExactly(
                        "spec.isolation: found untrusted; the cluster has RuntimeClass sandbox with handler runc,"
                                + " which is runc; 2 nodes looked at: worker-1 lists its default handler, runc; worker-2 lists"
                                + " no handlers (GET /apis/node.k8s.io/v1/runtimeclasses, GET /api/v1/nodes); allowed: for"
                                + " untrusted: gVisor or Kata; install gVisor or Kata on nodes, with a RuntimeClass for it, or"
                                + " run it on a cluster that has it; only if you wrote and trust every byte of this agent,"
                                + " declare isolation: trusted [boundary-missing]");
    }

    @Test
    void untrusted_where_no_node_proves_the_handler() {
        ClusterFixture cluster = FULL.withClasses(ClusterFixture.runtimeClass("gvisor", "runsc"))
                .withNodes(
                        ClusterFixture.node("worker-1", "", "runc"),
                        ClusterFixture.node("worker-2"),
                        ClusterFixture.unfit(ClusterFixture.node("worker-3", "runsc"), "cordoned"),
                        ClusterFixture.tainted(
                                ClusterFixture.node("worker-4", "runsc"), new Taint("team", "data", "NoSchedule")));

        assertThat(texts(Isolation.UNTRUSTED, cluster))
                .containsExactly(
                        "spec.isolation: found untrusted; 4 nodes looked at; RuntimeClass gvisor (handler runsc,"
                                + " gVisor): worker-1 lacks handler runsc (lists its default handler, runc); worker-2 does not"
                                + " tell its handlers (kubelet v1.36.1, containerd://2.1.4); worker-3 is cordoned; worker-4 has"
                                + " the taint team=data:NoSchedule, which the agent would not tolerate (GET /api/v1/nodes);"
                                + " allowed: for untrusted: gVisor or Kata, on at least one node that proves it; install gVisor"
                                + " or Kata on nodes, with a RuntimeClass for it, or run it on a cluster that has it; only if"
                                + " you wrote and trust every byte of this agent, declare isolation: trusted [no-node]");
    }

    @Test
    void lost_node_is_named_once_though_its_condition_taints_it_too() {
        Taint unreachable = new Taint("node.kubernetes.io/unreachable", "", "NoExecute");
        NodeFact lost = ClusterFixture.tainted(
                ClusterFixture.node("worker-1", "runsc"), unreachable, new Taint("team", "data", "NoSchedule"));
        ClusterFixture cluster = FULL.withClasses(ClusterFixture.runtimeClass("gvisor", "runsc"));

        assertThat(texts(Isolation.UNTRUSTED, cluster.withNodes(ClusterFixture.unfit(lost, "not ready"))))
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .contains("worker-1 is not ready and has the taint team=data:NoSchedule, which")
                        .doesNotContain("unreachable"));
        assertThat(texts(Isolation.UNTRUSTED, cluster.withNodes(lost)))
                .as("a condition that nothing else tells is told, and refuses")
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .contains("worker-1 has the taint node.kubernetes.io/unreachable:NoExecute, which"));
    }

    @Test
    void admission_policies_are_the_clusters() {
        ClusterFixture cluster = FULL.withAdmission(BaselinePart.missing("ValidatingAdmissionPolicy lantern-pods", ""));

        assertThat(texts(Isolation.HOSTILE, cluster))
                .containsExactly(
                        "spec.isolation: found admission policy: ValidatingAdmissionPolicy lantern-pods is missing"
                                + " (GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/lantern); allowed:"
                                + " ValidatingAdmissionPolicy lantern-pods as shipped; apply the shipped admission policies to the"
                                + " cluster, and label the namespace for them [admission-policy-missing]");
    }

    @Test
    void hostile_without_dedicated_nodes() {
        ClusterFixture cluster = FULL.withClasses(ClusterFixture.runtimeClass("kata", "kata-qemu"))
                .withNodes(ClusterFixture.node("shared", "kata-qemu"));

        assertThat(texts(Isolation.HOSTILE, cluster))
                .containsExactly(
                        "spec.isolation: found hostile; 1 node looked at; RuntimeClass kata (handler kata-qemu,"
                                + " Kata): shared lacks the label lantern.dev.node-restriction.kubernetes.io/isolation=hostile of"
                                + " dedicated nodes and lacks the taint lantern.dev/isolation=hostile:NoSchedule of dedicated"
                                + " nodes (GET /api/v1/nodes); allowed: for hostile: Kata, on at least one node that proves it;"
                                + " dedicate nodes with Kata Containers to it (label"
                                + " lantern.dev.node-restriction.kubernetes.io/isolation=hostile, taint"
                                + " lantern.dev/isolation=hostile:NoSchedule, a RuntimeClass with their handler), or run it on a"
                                + " cluster that has such nodes [no-node]");
    }

    @Test
    void what_cannot_be_told_says_who_was_asked_and_why_not() {
        assertThat(texts(Isolation.UNTRUSTED, FULL.nodes(ClusterFixture.untold(FULL.nodes(), "403 Forbidden"))))
                .containsExactly(
                        "spec.isolation: found the nodes: 403 Forbidden (GET /api/v1/nodes); allowed: a complete"
                                + " answer; make it tell; what cannot be told is refused [cannot-tell]");
        assertThat(texts(Isolation.UNTRUSTED, FULL.nodes(ClusterFixture.aged(FULL.nodes(), Duration.ofMinutes(2)))))
                .containsExactly("spec.isolation: found the nodes: seen 122 s ago (GET /api/v1/nodes,"
                        + " 2026-03-01T11:57:58Z); allowed: facts of the last 60 s; look again; if that does not help,"
                        + " see why the substrate does not [facts-too-old]");
    }

    @Test
    void broken_fence_names_its_parts() {
        ClusterFixture cluster = FULL.withFence(
                List.of("NetworkPolicy allow-dns selects agents' pods"),
                BaselinePart.present("NetworkPolicy lantern-gateway"),
                BaselinePart.missing("NetworkPolicy lantern-deny-all", ""),
                BaselinePart.changed("NetworkPolicy lantern-x", "spec.ingress is not empty"));

        assertThat(texts(Isolation.STANDARD, cluster))
                .hasSize(3)
                .anySatisfy(text -> assertThat(text)
                        .startsWith("spec.isolation: found network fence: NetworkPolicy lantern-deny-all is missing ("))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("spec.isolation: found network fence: NetworkPolicy lantern-x was changed:"
                                + " spec.ingress is not empty ("))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("spec.network: found NetworkPolicy allow-dns selects agents' pods ("));
    }

    @Test
    void large_cluster_stays_readable() {
        ClusterFixture cluster = FULL.withClasses(ClusterFixture.runtimeClass("gvisor", "runsc"))
                .withNodes(IntStream.range(0, 5000)
                        .mapToObj(i -> ClusterFixture.node("worker-" + i, "runc"))
                        .toArray(NodeFact[]::new));

        assertThat(texts(Isolation.UNTRUSTED, cluster))
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .contains("5000 nodes looked at", "and 4990 more")
                        .hasSizeLessThan(1500));
    }

    @Test
    void admission_names_the_evidence_and_what_was_left_out() {
        Decision decision = decide(Isolation.UNTRUSTED, FULL, IsolationPolicy.safeDefaults());

        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        assertThat(decision.evidence().stream().map(Evidence::found).toList())
                .containsExactly(
                        "isolation untrusted, image "
                                + PlainAgents.of(Isolation.UNTRUSTED).image(),
                        "API server v1.36.1, clocks at most 1 s apart",
                        "namespace agents: tenant label",
                        "network fence: NetworkPolicy deny-all",
                        "admission policy: stands; a pod that a webhook changed does not start",
                        "RuntimeClass gvisor (handler runsc, gVisor), uid uid-gvisor",
                        "1 node of 3 verified: sand (uid uid-sand, boot boot-sand)",
                        "left out: plain lacks handler runsc (lists its default handler, runc); vault lacks handler"
                                + " runsc (lists its default handler, kata-qemu) and has the taint"
                                + " lantern.dev/isolation=hostile:NoSchedule, which the agent would not tolerate");
        assertThat(decision.evidence())
                .allSatisfy(evidence ->
                        assertThat(evidence.at()).isBetween(ClusterFixture.NOW.minusSeconds(2), ClusterFixture.NOW));
    }

    @Test
    void excused_boundary_is_in_the_evidence_and_only_where_it_was_relied_on() {
        IsolationPolicy excusing = IsolationPolicy.safeDefaults().standardWithoutBoundary();
        String excuse = "excused by policy: standard without gVisor, on the nodes' own kernel";

        assertThat(decide(Isolation.STANDARD, FULL.withClasses(), excusing).evidence())
                .extracting(Evidence::found)
                .contains(excuse);
        assertThat(decide(Isolation.STANDARD, FULL, excusing).evidence())
                .extracting(Evidence::found)
                .doesNotContain(excuse);
        assertThat(decide(Isolation.TRUSTED, FULL.withClasses(), excusing).evidence())
                .extracting(Evidence::found)
                .doesNotContain(excuse);
    }

    @Test
    void admission_policy_that_is_not_known_to_stand_is_said() {
        String unknown =
                "admission policy: not known to stand; a webhook could start the harness early, never the agent";
        IsolationPolicy safe = IsolationPolicy.safeDefaults();

        for (ClusterFixture cluster : List.of(
                FULL.withAdmission(BaselinePart.missing("policy", "")),
                FULL.withAdmission(),
                FULL.admission(ClusterFixture.untold(FULL.admission(), "403 Forbidden")),
                FULL.admission(ClusterFixture.aged(FULL.admission(), Duration.ofMinutes(1))),
                FULL.admission(ClusterFixture.aged(FULL.admission(), Duration.ofMinutes(-1))))) {
            assertThat(decide(Isolation.UNTRUSTED, cluster, safe).evidence())
                    .extracting(Evidence::found)
                    .contains(unknown);
        }
    }

    @Test
    void raised_class_is_said() {
        Decision decision =
                decide(Isolation.TRUSTED, FULL, IsolationPolicy.safeDefaults().atLeast(Isolation.UNTRUSTED));

        assertThat(decision.evidence().get(0).found())
                .startsWith("isolation trusted, raised to untrusted by policy, image ");
    }

    private static Decision decide(Isolation isolation, ClusterFixture cluster, IsolationPolicy policy) {
        return Gate.decide(PlainAgents.of(isolation), policy, cluster.facts(), ClusterFixture.NOW);
    }

    private static List<String> texts(Isolation isolation, ClusterFixture cluster) {
        Decision decision = decide(isolation, cluster, IsolationPolicy.safeDefaults());
        return ((Decision.Refused) decision)
                .violations().stream().map(Object::toString).toList();
    }
}
