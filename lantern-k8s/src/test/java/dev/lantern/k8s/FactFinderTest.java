package dev.lantern.k8s;

import static dev.lantern.k8s.Clusters.facts;
import static dev.lantern.k8s.Clusters.seen;
import static dev.lantern.k8s.Clusters.why;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Taint;
import dev.lantern.gate.Toleration;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a cluster says arrives as it is said. */
class FactFinderTest {
    private FakeKubernetes kubernetes;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        Clusters.applyBaseline(kubernetes);
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    @Test
    void facts_name_the_cluster_and_the_tenant_and_each_its_question() {
        ClusterFacts facts = facts(kubernetes);

        assertThat(facts.source()).isEqualTo("Kubernetes at " + kubernetes.url());
        assertThat(facts.tenant()).isEqualTo("acme");
        assertThat(facts.apiServer().source()).isEqualTo("GET /version");
        assertThat(facts.runtimeClasses().source()).isEqualTo("GET /apis/node.k8s.io/v1/runtimeclasses");
        assertThat(facts.nodes().source()).isEqualTo("GET /api/v1/nodes");
        assertThat(facts.namespace().source())
                .isEqualTo("GET /api/v1/namespaces/lantern-acme and its account and quota");
        assertThat(facts.fence().source())
                .isEqualTo("GET /apis/networking.k8s.io/v1/namespaces/lantern-acme/networkpolicies");
        assertThat(facts.admission().source())
                .isEqualTo("GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies and bindings, "
                        + "GET /api/v1/namespaces/lantern-acme");
    }

    @Test
    void one_look_at_a_small_cluster_is_nine_requests() {
        kubernetes.forgetRequests();

        facts(kubernetes);

        assertThat(kubernetes.requests()).hasSize(9);
    }

    @Test
    void version_and_clock_of_the_api_server() {
        kubernetes.inject(RequestMatcher.any().path("/version"), Fault.clockSkew(Duration.ofMinutes(-3)));

        ClusterFacts facts = facts(kubernetes);

        assertThat(seen(facts.apiServer()).version()).isEqualTo("v1.36.0");
        assertThat(seen(facts.apiServer()).date())
                .isEqualTo(kubernetes.clock().instant().minusSeconds(180));
        assertThat(facts.apiServer().at()).isEqualTo(kubernetes.clock().instant());
    }

    @Test
    void runtime_class_with_everything() {
        kubernetes.create("""
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "gvisor"},
                 "handler": "runsc",
                 "overhead": {"podFixed": {"cpu": "51m", "memory": "33Mi"}},
                 "scheduling": {"nodeSelector": {"sandbox": "gvisor"},
                   "tolerations": [
                     {"key": "sandbox", "operator": "Exists"},
                     {"key": "team", "value": "agents", "effect": "NoSchedule"},
                     {"key": "flaky", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 30}]}}
                """);
        kubernetes.create("""
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "plain"}, "handler": "runc"}
                """);

        List<RuntimeClassFact> classes = seen(facts(kubernetes).runtimeClasses());

        assertThat(classes).extracting(RuntimeClassFact::name).containsExactly("gvisor", "plain");
        RuntimeClassFact gvisor = classes.get(0);
        assertThat(gvisor.uid())
                .isEqualTo(kubernetes
                        .find("runtimeclasses.node.k8s.io", "", "gvisor")
                        .orElseThrow()
                        .at("/metadata/uid")
                        .asText());
        assertThat(gvisor.handler()).isEqualTo("runsc");
        assertThat(gvisor.overhead()).containsExactly(entry("cpu", "51m"), entry("memory", "33Mi"));
        RuntimeClassFact.Scheduling scheduling = gvisor.scheduling().orElseThrow();
        assertThat(scheduling.nodeSelector()).containsExactly(entry("sandbox", "gvisor"));
        assertThat(scheduling.tolerations())
                .as("one that ends after 30 s does not hold for as long as a pod runs")
                .containsExactly(
                        new Toleration("sandbox", "Exists", "", ""),
                        new Toleration("team", "Equal", "agents", "NoSchedule"));
        assertThat(classes.get(1).scheduling()).isEmpty();
        assertThat(classes.get(1).overhead()).isEmpty();
    }

    @Test
    void node_with_everything() {
        kubernetes
                .addNode("sand")
                .label("pool", "sandbox")
                .taint("sandbox", "gvisor", "NoSchedule")
                .change(node -> {
                    ObjectNode status = (ObjectNode) node.get("status");
                    status.putObject("allocatable")
                            .put("cpu", "8")
                            .put("memory", "32Gi")
                            .put("hugepages-2Mi", "0")
                            .put("nvidia.com/gpu", "2")
                            .put("example.com/fractions", "1500m")
                            .put("example.com/many", "3k");
                    status.putArray("runtimeHandlers").addObject().put("name", "");
                    status.withArray("runtimeHandlers")
                            .addObject()
                            .put("name", "runsc")
                            .putObject("features")
                            .put("recursiveReadOnlyMounts", true)
                            .put("userNamespaces", true);
                });
        ObjectNode sand = kubernetes.find("nodes", "", "sand").orElseThrow();

        NodeFact node = seen(facts(kubernetes).nodes()).get(0);

        assertThat(node.id().name()).isEqualTo("sand");
        assertThat(node.id().uid()).isEqualTo(sand.at("/metadata/uid").asText());
        assertThat(node.id().bootId())
                .isEqualTo(sand.at("/status/nodeInfo/bootID").asText())
                .isNotEmpty();
        assertThat(node.versions())
                .isEqualTo(new NodeFact.Versions(
                        sand.at("/status/nodeInfo/kubeletVersion").asText(),
                        sand.at("/status/nodeInfo/kernelVersion").asText(),
                        sand.at("/status/nodeInfo/containerRuntimeVersion").asText()));
        assertThat(node.labels()).contains(entry("pool", "sandbox"), entry("kubernetes.io/hostname", "sand"));
        assertThat(node.taints()).containsExactly(new Taint("sandbox", "gvisor", "NoSchedule"));
        assertThat(node.unfit()).isEmpty();
        assertThat(node.handlers().orElseThrow())
                .containsExactly(new NodeFact.Handler("", false), new NodeFact.Handler("runsc", true));
        assertThat(node.devices()).containsExactly(entry("example.com/many", 3000L), entry("nvidia.com/gpu", 2L));
    }

    @Test
    void node_that_lists_no_handlers_tells_nothing_about_them() {
        kubernetes.addNode("old").silentAboutHandlers();
        kubernetes.addNode("empty").handlers();

        assertThat(seen(facts(kubernetes).nodes()))
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.handlers()).isEmpty());
    }

    @Test
    void node_of_a_new_life_and_a_new_boot_is_another_one() {
        kubernetes.addNode("n1");
        NodeFact before = seen(facts(kubernetes).nodes()).get(0);
        kubernetes.node("n1").reboot();
        NodeFact rebooted = seen(facts(kubernetes).nodes()).get(0);
        kubernetes.node("n1").remove();
        kubernetes.addNode("n1");
        NodeFact again = seen(facts(kubernetes).nodes()).get(0);

        assertThat(rebooted.id().uid()).isEqualTo(before.id().uid());
        assertThat(rebooted.id().bootId()).isNotEqualTo(before.id().bootId());
        assertThat(again.id().uid()).isNotEqualTo(before.id().uid());
    }

    @Test
    void namespace_carries_its_uid_and_the_tenant_it_was_asked_for() {
        ClusterFacts facts = facts(kubernetes);

        assertThat(seen(facts.namespace()).name()).isEqualTo("lantern-acme");
        assertThat(seen(facts.namespace()).uid())
                .isEqualTo(kubernetes
                        .find("namespaces", "", "lantern-acme")
                        .orElseThrow()
                        .at("/metadata/uid")
                        .asText());
        assertThat(seen(facts.namespace()).baseline())
                .containsExactly(
                        BaselinePart.present("label lantern.dev/tenant"),
                        BaselinePart.present("Namespace lantern-acme"),
                        BaselinePart.present("ServiceAccount lantern-agent"),
                        BaselinePart.present("ResourceQuota lantern-agents"));
    }

    @Test
    void namespace_that_is_not_there_is_to_be_created() {
        ClusterFacts facts = Clusters.finder(kubernetes).facts("globex", Clusters.PATIENCE);

        assertThat(why(facts.namespace()))
                .isEqualTo("namespace lantern-globex does not exist; create it for tenant globex and apply the shipped"
                        + " baseline to it");
        assertThat(why(facts.admission())).isEqualTo(why(facts.namespace()));
    }

    @Test
    void tenant_without_a_possible_namespace_is_no_fact_and_asks_nothing() {
        kubernetes.forgetRequests();

        ClusterFacts facts = Clusters.finder(kubernetes).facts("Acme.Corp", Clusters.PATIENCE);

        assertThat(why(facts.namespace()))
                .startsWith("the namespace of tenant Acme.Corp would be called \"lantern-Acme.Corp\"; allowed are");
        assertThat(why(facts.fence())).isEqualTo(why(facts.namespace()));
        assertThat(why(facts.admission())).isEqualTo(why(facts.namespace()));
        assertThat(seen(facts.nodes())).isEmpty();
        assertThat(kubernetes.requests()).hasSize(3);
    }

    @Test
    void namespace_that_a_mapping_makes_up_cannot_leave_its_place_in_the_path() {
        FactFinder finder = Clusters.finder(kubernetes, tenant -> "x/../../nodes?" + tenant);
        kubernetes.forgetRequests();

        ClusterFacts facts = finder.facts("acme", Clusters.PATIENCE);

        assertThat(why(facts.namespace())).contains("would be called \"x/../../nodes?acme\"; allowed are");
        assertThat(kubernetes.requests()).hasSize(3);
    }

    @Test
    void only_policies_that_could_select_agents_and_allow_something_widen_the_fence() {
        policy("default-deny", "{}", "");
        policy("dns", "{}", "\"egress\": [{}]");
        policy("web", "{\"matchLabels\": {\"app\": \"web\"}}", "\"ingress\": [{}]");
        policy("others", """
                {"matchExpressions": [
                  {"key": "app.kubernetes.io/managed-by", "operator": "NotIn", "values": ["lantern"]}]}
                """, "\"egress\": [{}]");

        assertThat(seen(facts(kubernetes).fence()).widening())
                .containsExactly(
                        "NetworkPolicy dns could select agents' pods and allows egress",
                        "NetworkPolicy web could select agents' pods and allows ingress");
        assertThat(seen(facts(kubernetes).fence()).baseline())
                .containsExactly(
                        BaselinePart.present("NetworkPolicy lantern-deny-all"),
                        BaselinePart.present("NetworkPolicy lantern-gateway"));
    }

    @Test
    void policies_of_other_namespaces_concern_nobody() {
        kubernetes.addNamespace("elsewhere");
        kubernetes.create("""
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "open", "namespace": "elsewhere"},
                 "spec": {"podSelector": {}, "egress": [{}], "policyTypes": ["Egress"]}}
                """);

        assertThat(seen(facts(kubernetes).fence()).widening()).isEmpty();
    }

    @Test
    void admission_policies_hold_where_they_stand_and_the_namespace_has_their_label() {
        assertThat(seen(facts(kubernetes).admission()).baseline())
                .containsExactly(
                        BaselinePart.present("ValidatingAdmissionPolicy lantern-pods"),
                        BaselinePart.present("ValidatingAdmissionPolicyBinding lantern-pods"),
                        BaselinePart.present("ValidatingAdmissionPolicy lantern-pod-subresources"),
                        BaselinePart.present("ValidatingAdmissionPolicyBinding lantern-pod-subresources"),
                        BaselinePart.present("ValidatingAdmissionPolicy lantern-job-deletion"),
                        BaselinePart.present("ValidatingAdmissionPolicyBinding lantern-job-deletion"));

        kubernetes.addNamespace("lantern-globex");

        assertThat(seen(Clusters.finder(kubernetes)
                                .facts("globex", Clusters.PATIENCE)
                                .admission())
                        .baseline())
                .hasSize(7)
                .contains(BaselinePart.missing(
                        "label lantern.dev/agents of namespace lantern-globex",
                        "without \"true\" there the admission policies leave it alone"));
    }

    @Test
    void namespace_says_itself_whose_agents_run_in_it() {
        kubernetes.addNamespace("lantern-silent");
        kubernetes.addNamespace("lantern-shared", Map.of("lantern.dev/tenant", ""));
        kubernetes.addNamespace("lantern-foreign", Map.of("lantern.dev/tenant", "acme"));

        assertThat(tenantLabel("acme")).isEqualTo(BaselinePart.present("label lantern.dev/tenant"));
        assertThat(tenantLabel("shared")).isEqualTo(BaselinePart.present("label lantern.dev/tenant"));
        assertThat(tenantLabel("silent"))
                .isEqualTo(BaselinePart.missing(
                        "label lantern.dev/tenant",
                        "it says whose agents run in the namespace: \"silent\", or \"\" if every tenant's may"));
        assertThat(tenantLabel("foreign"))
                .isEqualTo(BaselinePart.changed(
                        "label lantern.dev/tenant",
                        "the namespace is for \"acme\", and agents of \"foreign\" were to run in it"));
    }

    @Test
    void namespace_of_a_tenant_whose_name_is_no_label_says_so_by_its_digest() {
        String tenant = "T".repeat(100);
        kubernetes.create(Clusters.baseline("lantern-long")
                .tenant(tenant)
                .manifests()
                .get(0)
                .object()
                .toString());

        assertThat(seen(Clusters.finder(kubernetes, any -> "lantern-long")
                                .facts(tenant, Clusters.PATIENCE)
                                .namespace())
                        .baseline()
                        .get(0))
                .isEqualTo(BaselinePart.present("label lantern.dev/tenant"));
        assertThat(seen(Clusters.finder(kubernetes, any -> "lantern-long")
                                .facts(tenant + "T", Clusters.PATIENCE)
                                .namespace())
                        .baseline()
                        .get(0)
                        .holds())
                .isFalse();
    }

    @Test
    void roles_that_were_shipped_are_all_that_it_takes() {
        kubernetes.addNamespace("lantern-system");
        kubernetes.create("""
                {"apiVersion": "v1", "kind": "ServiceAccount",
                 "metadata": {"name": "lantern", "namespace": "lantern-system"}}
                """);
        String token = kubernetes.token("lantern-system", "lantern");
        assertThat(why(Clusters.finder(kubernetes, token)
                        .facts("acme", Clusters.PATIENCE)
                        .nodes()))
                .contains("this host may not ask (403: nodes is forbidden: User"
                        + " \"system:serviceaccount:lantern-system:lantern\"");

        HostRoles.clusterWide("lantern-system", "lantern")
                .forEach(manifest -> kubernetes.create(manifest.object().toString()));

        assertEverythingIsTold(Clusters.finder(kubernetes, token).facts("acme", Clusters.PATIENCE));
    }

    @Test
    void roles_for_one_namespace_tell_of_that_one_alone() {
        kubernetes.addNamespace("lantern-system");
        kubernetes.addNamespace("lantern-globex");
        kubernetes.create("""
                {"apiVersion": "v1", "kind": "ServiceAccount",
                 "metadata": {"name": "lantern", "namespace": "lantern-system"}}
                """);
        HostRoles.inNamespace("lantern-acme", "lantern-system", "lantern")
                .forEach(manifest -> kubernetes.create(manifest.object().toString()));
        FactFinder finder = Clusters.finder(kubernetes, kubernetes.token("lantern-system", "lantern"));

        assertEverythingIsTold(finder.facts("acme", Clusters.PATIENCE));
        assertThat(why(finder.facts("globex", Clusters.PATIENCE).fence()))
                .contains("{apiGroups: [\"networking.k8s.io\"], resources: [\"networkpolicies\"], verbs: [\"list\"]} in"
                        + " namespace lantern-globex");
    }

    private static void assertEverythingIsTold(ClusterFacts facts) {
        assertThat(List.of(
                        facts.apiServer(),
                        facts.runtimeClasses(),
                        facts.nodes(),
                        facts.namespace(),
                        facts.fence(),
                        facts.admission()))
                .allSatisfy(fact -> assertThat(fact).isInstanceOf(Fact.Seen.class));
    }

    private BaselinePart tenantLabel(String tenant) {
        return seen(Clusters.finder(kubernetes).facts(tenant, Clusters.PATIENCE).namespace())
                .baseline()
                .get(0);
    }

    private void policy(String name, String selector, String rules) {
        kubernetes.create("""
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "%s", "namespace": "lantern-acme"},
                 "spec": {"podSelector": %s, "policyTypes": ["Ingress", "Egress"]%s}}
                """.formatted(name, selector, rules.isEmpty() ? "" : ", " + rules));
    }
}
