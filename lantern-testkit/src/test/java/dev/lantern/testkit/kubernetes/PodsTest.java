package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod from its node to its end, whatever that is. */
class PodsTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @BeforeEach
    void node() {
        kubernetes.addNode("n1");
    }

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void pod_is_bound_and_runs_with_all_that_a_kubelet_writes() {
        kubernetes.script(pod -> PodScript.waits().then(FakePod::start));
        create("one", "");

        kubernetes.tick();

        ObjectNode running = pod().json();
        assertThat(running.at("/spec/nodeName").asText()).isEqualTo("n1");
        assertThat(running.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(running.at("/status/hostIP").asText()).isEqualTo("10.0.0.2");
        assertThat(running.at("/status/podIP").asText()).startsWith("10.244.");
        assertThat(conditions(running))
                .containsExactlyInAnyOrder(
                        "PodScheduled True",
                        "PodReadyToStartContainers True",
                        "Initialized True",
                        "Ready True",
                        "ContainersReady True");
        JsonNode container = running.at("/status/containerStatuses/0");
        assertThat(container.at("/state/running/startedAt").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(container.path("ready").asBoolean()).isTrue();
        assertThat(container.path("containerID").asText()).startsWith("containerd://");
        assertThat(container.path("imageID").asText()).startsWith("sha256:");
    }

    @Test
    void gated_pod_waits_for_its_gate() {
        create("one", "'schedulingGates':[{'name':'a/b'}]");
        kubernetes.settle();
        assertThat(pod().node()).isEmpty();

        client.patch(PODS + "/one", Client.MERGE, "{\"spec\":{\"schedulingGates\":null}}");
        kubernetes.settle();

        assertThat(pod().phase()).isEqualTo("Running");
        assertThat(conditions(pod().json())).contains("PodScheduled True");
    }

    @Test
    void pod_goes_where_selector_affinity_and_taints_allow() {
        kubernetes.addNode("n2").label("disk", "ssd").taint("dedicated", "x", "NoSchedule");
        create("selects", "'nodeSelector':{'disk':'ssd'}");
        kubernetes.settle();
        JsonNode condition = kubernetes.pod("default", "selects").json().at("/status/conditions/0");
        assertThat(condition.path("reason").asText()).isEqualTo("Unschedulable");
        assertThat(condition.path("message").asText())
                .startsWith("0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector,"
                        + " 1 node(s) had untolerated taint {dedicated: x}.");
        assertThat(events("selects")).containsExactly("FailedScheduling");

        create(
                "tolerates",
                "'tolerations':[{'key':'dedicated','operator':'Exists'}],'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
                        + "{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':['n2']}]}]}}}");
        kubernetes.settle();

        assertThat(kubernetes.pod("default", "tolerates").node()).isEqualTo("n2");
    }

    @Test
    void anti_affinity_keeps_pods_of_all_namespaces_away_in_both_directions() {
        String alone =
                "'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'labelSelector':{},'namespaceSelector':{},'topologyKey':'kubernetes.io/hostname'}]}}";
        create("alone", alone);
        kubernetes.settle();
        client.post("/api/v1/namespaces/kube-system/pods", Manifests.pod("other", ""));
        kubernetes.settle();

        assertThat(kubernetes.pod("default", "alone").node()).isEqualTo("n1");
        assertThat(kubernetes.pod("kube-system", "other").node()).isEmpty();
    }

    @Test
    void handler_that_the_node_lacks_leaves_a_bound_pod_pending_with_an_event() {
        kubernetes.create(Manifests.runtimeClass("gvisor", "'handler':'runsc'"));
        create("one", "'runtimeClassName':'gvisor'");

        kubernetes.settle();

        assertThat(pod().node()).isEqualTo("n1");
        assertThat(pod().phase()).isEqualTo("Pending");
        assertThat(pod().json()
                        .at("/status/containerStatuses/0/state/waiting/reason")
                        .asText())
                .isEqualTo("ContainerCreating");
        assertThat(message("one", "FailedCreatePodSandBox"))
                .endsWith("failed to get sandbox runtime: no runtime for \"runsc\" is configured");
        kubernetes.node("n1").handlers("", "runc", "runsc");
        kubernetes.advance(Duration.ofSeconds(10));
        assertThat(pod().phase()).isEqualTo("Running");
    }

    @Test
    void class_is_looked_up_when_the_sandbox_is_made() {
        kubernetes.script(pod -> PodScript.waits());
        kubernetes.create(Manifests.runtimeClass("gvisor", "'handler':'runsc'"));
        create("one", "'runtimeClassName':'gvisor','schedulingGates':[{'name':'a/b'}]");
        client.delete("/apis/node.k8s.io/v1/runtimeclasses/gvisor", "");
        kubernetes.create(Manifests.runtimeClass("gvisor", "'handler':'runc'"));

        client.patch(PODS + "/one", Client.MERGE, "{\"spec\":{\"schedulingGates\":null}}");
        kubernetes.settle();

        assertThat(pod().json().at("/status/startTime").asText()).isNotEmpty();
        assertThat(events("one")).doesNotContain("FailedCreatePodSandBox");
    }

    @Test
    void node_reports_handlers_and_may_be_silent_about_them() {
        kubernetes.node("n1").handlers("", "runsc");
        JsonNode status = client.get("/api/v1/nodes/n1").json().path("status");

        assertThat(status.at("/runtimeHandlers/0/name").asText("none")).isEmpty();
        assertThat(status.at("/runtimeHandlers/1/name").asText()).isEqualTo("runsc");
        assertThat(status.at("/runtimeHandlers/1/features/userNamespaces").asBoolean())
                .isTrue();
        kubernetes.node("n1").silentAboutHandlers();
        assertThat(client.get("/api/v1/nodes/n1").json().path("status").has("runtimeHandlers"))
                .isFalse();
    }

    @Test
    void sidecar_holds_the_agent_until_its_startup_probe() {
        create(
                "one",
                "'restartPolicy':'Never','initContainers':[{'name':'harness','image':'h:1','restartPolicy':'Always','startupProbe':{'tcpSocket':{'port':1}}}]");
        kubernetes.settle();

        assertThat(pod().phase()).isEqualTo("Pending");
        assertThat(state("initContainerStatuses")).containsExactly("harness running");
        assertThat(pod().json().at("/status/initContainerStatuses/0/started").asBoolean())
                .isFalse();
        assertThat(state("containerStatuses")).containsExactly("agent waiting");
        pod().passStartupProbe("harness");
        assertThat(pod().phase()).isEqualTo("Running");
        assertThat(state("containerStatuses")).containsExactly("agent running");
        pod().exit("harness", 1);
        assertThat(pod().json()
                        .at("/status/initContainerStatuses/0/restartCount")
                        .asInt())
                .isEqualTo(1);
        pod().exit("agent", 0);
        assertThat(pod().phase()).isEqualTo("Succeeded");
        assertThat(state("initContainerStatuses")).containsExactly("harness terminated");
    }

    @Test
    void sidecar_that_drains_ends_the_pod_with_its_own_end() {
        create(
                "one",
                "'restartPolicy':'Never','initContainers':[{'name':'harness','image':'h:1','restartPolicy':'Always'}]");
        kubernetes.settle();
        pod().drains("harness");

        pod().exit("agent", 0);
        kubernetes.settle();
        assertThat(pod().phase()).isEqualTo("Running");
        assertThat(state("initContainerStatuses")).containsExactly("harness running");
        pod().exit("harness", 65);

        // As a kubelet has it: sidecars have no say in how a pod ended, and none is started again for an agent that has
        // ended.
        assertThat(pod().phase()).isEqualTo("Succeeded");
        JsonNode harness = pod().json().at("/status/initContainerStatuses/0");
        assertThat(harness.at("/state/terminated/exitCode").asInt()).isEqualTo(65);
        assertThat(harness.path("restartCount").asInt()).isZero();
        assertThatThrownBy(() -> pod().drains("nobody")).hasMessageContaining("has no container nobody");
    }

    @Test
    void exit_codes_and_out_of_memory_are_told_apart() {
        create("one", "'restartPolicy':'Never'");
        kubernetes.settle();

        pod().outOfMemory("agent", 128);

        JsonNode terminated = pod().json().at("/status/containerStatuses/0/state/terminated");
        assertThat(terminated.path("reason").asText()).isEqualTo("OOMKilled");
        assertThat(terminated.path("exitCode").asInt()).isEqualTo(128);
        assertThat(pod().phase()).isEqualTo("Failed");
        assertThat(pod().json().at("/status/conditions").toString()).contains("PodFailed");
    }

    @Test
    void restart_policy_starts_a_container_again() {
        create("one", "'restartPolicy':'OnFailure'");
        kubernetes.settle();

        pod().exit("agent", 1);
        assertThat(pod().phase()).isEqualTo("Running");
        assertThat(pod().json()
                        .at("/status/containerStatuses/0/lastState/terminated/exitCode")
                        .asInt())
                .isEqualTo(1);
        pod().exit("agent", 0);
        assertThat(pod().phase()).isEqualTo("Succeeded");
    }

    @Test
    void container_that_cannot_start_says_why() {
        kubernetes.script(pod -> PodScript.waits()
                .then(waiting -> waiting.waits(
                        "agent",
                        "CreateContainerConfigError",
                        "container has runAsNonRoot and image will run as root")));
        create("one", "");
        kubernetes.settle();

        assertThat(pod().phase()).isEqualTo("Pending");
        assertThat(pod().json()
                        .at("/status/containerStatuses/0/state/waiting/reason")
                        .asText())
                .isEqualTo("CreateContainerConfigError");
    }

    @Test
    void eviction_for_its_own_excess_blames_nobody_and_one_under_pressure_the_kubelet() {
        create("own", "");
        create("pressed", "");
        kubernetes.settle();

        kubernetes.pod("default", "own").evictForExcess("Usage of EmptyDir volume \"tmp\" exceeds the limit \"1Mi\".");
        kubernetes.pod("default", "pressed").evictUnderPressure("The node was low on resource: memory.");

        ObjectNode own = kubernetes.pod("default", "own").json();
        assertThat(own.at("/status/reason").asText()).isEqualTo("Evicted");
        assertThat(own.toString()).doesNotContain("DisruptionTarget");
        assertThat(disruption("pressed")).isEqualTo("TerminationByKubelet");
    }

    @Test
    void eviction_api_answers_201_marks_the_pod_and_deletes_it() {
        create("one", "'restartPolicy':'Never'");
        kubernetes.settle();
        pod().ignoreTermination();

        Client.Answer answer = client.post(
                PODS + "/one/eviction",
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"one\"}}");

        assertThat(answer.code()).isEqualTo(201);
        assertThat(answer.at("/status")).isEqualTo("Success");
        assertThat(disruption("one")).isEqualTo("EvictionByEvictionAPI");
        kubernetes.advance(Duration.ofSeconds(30));
        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void budget_blocks_an_eviction_with_429_and_no_retry_after() {
        create("one", "");
        kubernetes.settle();
        kubernetes.create(
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"PodDisruptionBudget\",\"metadata\":{\"name\":\"all\"},\"spec\":{\"selector\":{}}}");

        Client.Answer answer = client.post(PODS + "/one/eviction", "{\"metadata\":{\"name\":\"one\"}}");

        assertThat(answer.code()).isEqualTo(429);
        assertThat(answer.at("/details/causes/0/reason")).isEqualTo("DisruptionBudget");
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(pod().json().at("/metadata").has("deletionTimestamp")).isFalse();
    }

    @Test
    void preempted_pod_names_the_scheduler() {
        create("one", "");
        kubernetes.settle();

        pod().preempt();

        assertThat(disruption("one")).isEqualTo("PreemptionByScheduler");
        assertThat(pod().json().at("/metadata/deletionTimestamp").asText()).isNotEmpty();
    }

    @Test
    void lost_node_is_not_ready_after_a_while_and_its_pod_is_still_called_running() {
        create("one", "");
        kubernetes.settle();

        kubernetes.node("n1").lose();
        kubernetes.advance(Duration.ofSeconds(39));
        assertThat(ready()).isEqualTo("True");
        kubernetes.advance(Duration.ofSeconds(1));
        assertThat(ready()).isEqualTo("Unknown");
        assertThat(pod().phase()).isEqualTo("Running");
        assertThat(conditions(pod().json())).contains("Ready False");
    }

    @Test
    void pod_of_a_lost_node_is_evicted_in_vain_until_the_node_returns() {
        create("one", "");
        kubernetes.settle();
        kubernetes.node("n1").lose();

        kubernetes.advance(Duration.ofSeconds(40));
        kubernetes.advance(Duration.ofMinutes(5));
        assertThat(disruption("one")).isEqualTo("DeletionByTaintManager");
        kubernetes.advance(Duration.ofHours(1));
        assertThat(pod().json().at("/metadata/deletionTimestamp").asText()).isNotEmpty();
        kubernetes.node("n1").recover();
        kubernetes.settle();

        assertThat(kubernetes.pods("default")).isEmpty();
        assertThat(ready()).isEqualTo("True");
    }

    @Test
    void pod_is_ready_again_when_its_node_is() {
        create("one", "");
        kubernetes.settle();
        kubernetes.node("n1").lose();
        kubernetes.advance(Duration.ofSeconds(40));
        assertThat(conditions(pod().json())).contains("Ready False");

        kubernetes.node("n1").recover();
        kubernetes.settle();

        assertThat(conditions(pod().json())).contains("Ready True");
    }

    @Test
    void forced_deletion_does_not_wait_for_a_lost_node() {
        create("one", "");
        kubernetes.settle();
        kubernetes.node("n1").lose();

        client.delete(PODS + "/one", "{\"gracePeriodSeconds\":0}");

        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void pod_of_a_removed_node_is_collected() {
        create("one", "'restartPolicy':'Never'");
        kubernetes.settle();
        String version = client.get(PODS).at("/metadata/resourceVersion");

        kubernetes.node("n1").remove();
        kubernetes.settle();

        assertThat(kubernetes.pods("default")).isEmpty();
        assertThat(client.get(PODS + "?resourceVersionMatch=Exact&resourceVersion=" + version)
                        .json()
                        .path("items"))
                .hasSize(1);
    }

    @Test
    void handle_of_a_pod_that_is_not_there_says_so() {
        assertThatThrownBy(() -> kubernetes.pod("default", "none").start())
                .isInstanceOf(LanternException.class)
                .hasMessage("there is no pod default/none");
        create("one", "");
        kubernetes.settle();
        assertThatThrownBy(() -> pod().exit("none", 0)).hasMessageContaining("has no container none");
    }

    private void create(String name, String fields) {
        Client.Answer created = client.post(PODS, Manifests.pod(name, fields));
        assertThat(created.code()).as(created.text()).isEqualTo(201);
    }

    private FakePod pod() {
        return kubernetes.pod("default", "one");
    }

    private String ready() {
        return Trees.objects(client.get("/api/v1/nodes/n1").json().at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals("Ready"))
                .map(condition -> condition.path("status").asText())
                .findFirst()
                .orElseThrow();
    }

    private String disruption(String name) {
        return Trees.objects(kubernetes.pod("default", name).json().at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals("DisruptionTarget"))
                .map(condition -> condition.path("reason").asText())
                .findFirst()
                .orElse("none");
    }

    private List<String> state(String list) {
        return Trees.objects(pod().json().at("/status/" + list))
                .map(container -> container.path("name").asText() + " "
                        + container.path("state").fieldNames().next())
                .toList();
    }

    private static List<String> conditions(JsonNode pod) {
        return Trees.objects(pod.at("/status/conditions"))
                .map(condition -> condition.path("type").asText() + " "
                        + condition.path("status").asText())
                .toList();
    }

    private List<String> events(String about) {
        return kubernetes.list("events", "default").stream()
                .filter(event -> event.at("/involvedObject/name").asText().equals(about))
                .map(event -> event.path("reason").asText())
                .toList();
    }

    private String message(String about, String reason) {
        return kubernetes.list("events", "default").stream()
                .filter(event -> event.at("/involvedObject/name").asText().equals(about)
                        && event.path("reason").asText().equals(reason))
                .map(event -> event.path("message").asText())
                .findFirst()
                .orElse("none");
    }
}
