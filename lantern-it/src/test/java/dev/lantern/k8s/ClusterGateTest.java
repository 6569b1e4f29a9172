package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Decision;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What must fail closed, from an API server's answer to the gate's decision: the attacks that facts can show. Those that
 * only a persisted pod or a running one can show are tested where these are looked at.
 */
class ClusterGateTest {
    private static final List<RequestMatcher> QUESTIONS = List.of(
            RequestMatcher.any().path("/version"),
            RequestMatcher.any().resource("runtimeclasses.node.k8s.io"),
            RequestMatcher.any().resource("nodes"),
            RequestMatcher.any().resource("namespaces"),
            RequestMatcher.any().resource("serviceaccounts"),
            RequestMatcher.any().resource("resourcequotas"),
            RequestMatcher.any().resource("networkpolicies.networking.k8s.io"));

    private static final List<RequestMatcher> ADMISSION = List.of(
            RequestMatcher.any().resource("validatingadmissionpolicies.admissionregistration.k8s.io"),
            RequestMatcher.any().resource("validatingadmissionpolicybindings.admissionregistration.k8s.io"));

    private GatedCluster cluster;

    @BeforeEach
    void start() {
        cluster = GatedCluster.full();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void cluster_with_everything_admits_what_it_can_prove() {
        assertThat(nodes(Isolation.STANDARD)).containsExactly("sand");
        assertThat(nodes(Isolation.UNTRUSTED)).containsExactly("sand");
        assertThat(nodes(Isolation.HOSTILE)).containsExactly("vault");
        assertThat(nodes(Isolation.TRUSTED)).containsExactly("plain", "sand");
        assertThat(cluster.place(Isolation.HOSTILE).dedicated()).isTrue();
        assertThat(cluster.place(Isolation.UNTRUSTED).namespace().name()).isEqualTo("lantern-acme");
    }

    // Classes and handlers

    @Test
    void class_that_is_absent_or_that_no_node_can_run_is_refused() {
        cluster.deleteRuntimeClass("gvisor");
        assertRefused(Isolation.UNTRUSTED, "no-node");
        cluster.deleteRuntimeClass("kata");
        assertRefused(Isolation.UNTRUSTED, "boundary-missing");

        cluster.runtimeClass("gvisor", "runsc");
        cluster.kubernetes.node("sand").handlers("", "runc");
        assertRefused(Isolation.UNTRUSTED, "no-node");
    }

    @Test
    void class_whose_handler_some_nodes_have_lands_there_only_though_it_names_no_nodes() {
        cluster.kubernetes.addNode("beach").handlers("", "runsc");

        assertThat(nodes(Isolation.UNTRUSTED)).containsExactly("beach", "sand");
    }

    @Test
    void nodes_that_do_not_tell_their_handlers_prove_nothing() {
        cluster.kubernetes.node("sand").silentAboutHandlers();
        assertRefused(Isolation.UNTRUSTED, "no-node");
        cluster.kubernetes.node("sand").handlers();
        assertRefused(Isolation.UNTRUSTED, "no-node");
    }

    @Test
    void class_that_is_called_gvisor_and_is_runc_is_no_boundary() {
        cluster.deleteRuntimeClass("gvisor");
        cluster.deleteRuntimeClass("kata");
        cluster.runtimeClass("gvisor", "runc");

        assertRefused(Isolation.UNTRUSTED, "boundary-missing");
    }

    @Test
    void debugging_variant_of_kata_is_no_boundary() {
        cluster.deleteRuntimeClass("kata");
        cluster.runtimeClass("kata", "kata-qemu-debug");
        cluster.kubernetes.node("vault").handlers("", "kata-qemu-debug");

        assertRefused(Isolation.HOSTILE, "boundary-missing");
    }

    @Test
    void class_that_was_made_again_and_node_that_registered_again_are_others() {
        Placement.InCluster before = cluster.place(Isolation.UNTRUSTED);
        cluster.deleteRuntimeClass("gvisor");
        cluster.runtimeClass("gvisor", "runsc");
        cluster.kubernetes.node("sand").remove();
        cluster.kubernetes.addNode("sand").handlers("", "runsc");

        Placement.InCluster after = cluster.place(Isolation.UNTRUSTED);
        assertThat(after.runtimeClass().orElseThrow().uid())
                .isNotEqualTo(before.runtimeClass().orElseThrow().uid());
        assertThat(after.nodes().get(0).name()).isEqualTo("sand");
        assertThat(after.nodes().get(0).uid())
                .isNotEqualTo(before.nodes().get(0).uid());
    }

    @Test
    void node_that_was_made_again_with_other_labels_is_not_what_it_was() {
        cluster.kubernetes.node("vault").remove();
        cluster.kubernetes.addNode("vault").handlers("", "kata-qemu");

        assertRefused(Isolation.HOSTILE, "no-node");
    }

    @Test
    void node_that_is_unfit_is_no_place() {
        cluster.kubernetes.node("sand").change(node -> ((ObjectNode) node.get("spec")).put("unschedulable", true));
        assertRefused(Isolation.UNTRUSTED, "no-node");

        cluster.kubernetes.node("vault").lose();
        cluster.kubernetes.advance(Duration.ofMinutes(1));
        assertRefused(Isolation.HOSTILE, "no-node");
    }

    @Test
    void labels_that_nodes_give_themselves_attract_nothing_hostile() {
        cluster.kubernetes.node("vault").remove();
        cluster.kubernetes
                .addNode("lure")
                .handlers("", "kata-qemu")
                .label("lantern.dev/isolation", "hostile")
                .label("isolation", "hostile")
                .taint("lantern.dev/isolation", "hostile", "NoSchedule");

        assertRefused(Isolation.HOSTILE, "no-node");
    }

    // Answers

    @Test
    void question_that_fails_is_forbidden_is_garbled_or_is_cut_off_refuses_every_class() {
        for (Fault fault : List.of(
                Fault.status(403),
                Fault.answerLost(),
                Fault.cutAfter(60),
                Fault.body("{\"kind\": \"List\", \"items\": []}"))) {
            for (RequestMatcher question : QUESTIONS) {
                Injection injection = cluster.kubernetes.inject(question, fault);
                ClusterFacts facts = cluster.facts();
                injection.release();
                for (Isolation isolation : Isolation.values()) {
                    assertThat(codes(cluster.decide(isolation, facts)))
                            .as("%s, %s", isolation, question)
                            .contains("cannot-tell");
                }
            }
        }
    }

    @Test
    void admission_policies_that_cannot_be_read_refuse_the_class_that_needs_them() {
        for (RequestMatcher question : ADMISSION) {
            Injection injection = cluster.kubernetes.inject(question, Fault.status(403));
            ClusterFacts facts = cluster.facts();
            injection.release();

            assertThat(codes(cluster.decide(Isolation.HOSTILE, facts))).containsExactly("cannot-tell");
            assertThat(((Decision.Admitted) cluster.decide(Isolation.UNTRUSTED, facts)).evidence())
                    .anySatisfy(evidence ->
                            assertThat(evidence.found()).startsWith("admission policy: not known to stand"));
        }
    }

    @Test
    void part_of_a_list_is_not_taken_for_the_list() {
        RequestMatcher nodes = RequestMatcher.any().resource("nodes");
        cluster.kubernetes.inject(nodes.query("continue="), Fault.status(500));
        cluster.kubernetes.inject(nodes, Fault.page(2));

        for (Isolation isolation : Isolation.values()) {
            assertRefused(isolation, "cannot-tell");
        }
    }

    @Test
    void question_that_hangs_refuses_every_class() {
        cluster.kubernetes.inject(RequestMatcher.any().resource("nodes"), Fault.hold());

        ClusterFacts facts = cluster.finder().facts("acme", Duration.ofSeconds(1));

        for (Isolation isolation : Isolation.values()) {
            assertThat(codes(cluster.decide(isolation, facts))).contains("cannot-tell");
        }
    }

    @Test
    void facts_grow_old() {
        ClusterFacts facts = cluster.facts();
        assertThat(cluster.decide(Isolation.UNTRUSTED, facts)).isInstanceOf(Decision.Admitted.class);

        cluster.kubernetes.advance(Duration.ofSeconds(61));

        for (Isolation isolation : Isolation.values()) {
            assertThat(codes(cluster.decide(isolation, facts))).contains("facts-too-old");
        }
    }

    @Test
    void clocks_that_disagree_refuse_every_class() {
        for (Duration skew : List.of(Duration.ofSeconds(31), Duration.ofSeconds(-31))) {
            Injection injection =
                    cluster.kubernetes.inject(RequestMatcher.any().path("/version"), Fault.clockSkew(skew));
            for (Isolation isolation : Isolation.values()) {
                assertThat(codes(cluster.decide(isolation))).contains("clocks-disagree");
            }
            injection.release();
        }
    }

    // The namespace and its fence

    @Test
    void namespace_of_another_tenant_is_refused() {
        ClusterFacts facts =
                cluster.finder(TenantNamespaces.single(GatedCluster.NAMESPACE)).facts("globex", Duration.ofMinutes(1));

        for (Isolation isolation : Isolation.values()) {
            assertThat(codes(cluster.decide(isolation, facts))).contains("namespace-unfit");
        }
    }

    @Test
    void fence_that_lacks_a_policy_has_another_one_or_a_changed_one_is_refused() {
        cluster.deletePolicy(NamespaceBaseline.DENY_ALL);
        assertRefused(Isolation.UNTRUSTED, "fence-missing");
        restore(NamespaceBaseline.DENY_ALL);
        assertThat(cluster.decide(Isolation.UNTRUSTED)).isInstanceOf(Decision.Admitted.class);

        cluster.kubernetes.create("""
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "dns", "namespace": "lantern-acme"},
                 "spec": {"podSelector": {}, "policyTypes": ["Egress"],
                   "egress": [{"ports": [{"protocol": "UDP", "port": 53}]}]}}
                """);
        assertRefused(Isolation.UNTRUSTED, "fence-widened");
        cluster.deletePolicy("dns");

        cluster.deletePolicy(NamespaceBaseline.GATEWAY);
        cluster.kubernetes.create("""
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "lantern-gateway", "namespace": "lantern-acme"},
                 "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}
                """);
        assertRefused(Isolation.UNTRUSTED, "fence-missing");
    }

    @Test
    void admission_policy_that_only_warns_is_none() {
        cluster.deleteAdmissionBinding(AdmissionPolicies.PODS);
        assertRefused(Isolation.HOSTILE, "admission-policy-missing");
        for (Manifest manifest : AdmissionPolicies.all()) {
            if (manifest.kind().equals("ValidatingAdmissionPolicyBinding")
                    && manifest.name().equals(AdmissionPolicies.PODS)) {
                cluster.kubernetes.create(manifest.object().toString().replace("\"Deny\"", "\"Warn\""));
            }
        }

        assertRefused(Isolation.HOSTILE, "admission-policy-missing");
    }

    private List<String> nodes(Isolation isolation) {
        return cluster.place(isolation).nodes().stream().map(NodeId::name).toList();
    }

    private void assertRefused(Isolation isolation, String code) {
        assertThat(codes(cluster.decide(isolation))).as(isolation.text()).containsExactly(code);
    }

    private static List<String> codes(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision)
                .violations().stream().map(Violation::code).toList();
    }

    private void restore(String policy) {
        for (Manifest manifest : GatedCluster.baseline(GatedCluster.NAMESPACE).manifests()) {
            if (manifest.kind().equals("NetworkPolicy") && manifest.name().equals(policy)) {
                cluster.kubernetes.create(manifest.object().toString());
            }
        }
    }
}
