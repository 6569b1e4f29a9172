package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lantern.gate.HandlerKind;
import dev.lantern.spec.ImageRef;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class JobTemplateTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/lantern/k8s/jobs");

    @TestFactory
    Stream<DynamicTest> job_is_what_was_reviewed() {
        return Requests.all().entrySet().stream()
                .map(named -> DynamicTest.dynamicTest(
                        named.getKey(),
                        () -> Golden.compare(
                                GOLDEN.resolve(named.getKey() + ".json"),
                                Golden.pretty(JobTemplate.of(named.getValue())))));
    }

    @Test
    void every_reviewed_file_is_of_a_request() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Requests.all().keySet().stream()
                            .map(name -> name + ".json")
                            .toList());
        }
        assertThat(Requests.all().values().stream()
                        .map(request -> request.boundary().isolation()))
                .contains(Isolation.values());
    }

    @Test
    void same_request_makes_the_same_bytes() {
        Map<String, PodRequest> again = Requests.all();

        Requests.all()
                .forEach((name, request) -> assertThat(
                                JobTemplate.of(again.get(name)).toString())
                        .isEqualTo(JobTemplate.of(request).toString()));
    }

    @Test
    void no_container_of_any_class_has_more_than_restricted_allows() {
        for (PodRequest request : Requests.all().values()) {
            JsonObject pod = pod(request);
            for (JsonObject container : containers(pod)) {
                JsonObject security = container.getAsJsonObject("securityContext");
                assertThat(security.get("runAsNonRoot").getAsBoolean()).isTrue();
                assertThat(security.get("runAsUser").getAsInt()).isPositive();
                assertThat(security.get("privileged").getAsBoolean()).isFalse();
                assertThat(security.get("allowPrivilegeEscalation").getAsBoolean())
                        .isFalse();
                assertThat(security.get("readOnlyRootFilesystem").getAsBoolean())
                        .isTrue();
                assertThat(security.getAsJsonObject("capabilities").toString()).isEqualTo("{\"drop\":[\"ALL\"]}");
                assertThat(container
                                .getAsJsonObject("resources")
                                .getAsJsonObject("limits")
                                .keySet())
                        .contains("memory", "ephemeral-storage");
            }
            assertThat(pod.toString()).doesNotContain("hostPath", "hostPort", "hostNetwork", "hostPID", "hostIPC");
        }
    }

    @Test
    void only_the_harness_has_a_token_and_it_is_for_enrolment() {
        for (PodRequest request : Requests.all().values()) {
            JsonObject pod = pod(request);

            assertThat(pod.get("automountServiceAccountToken").getAsBoolean()).isFalse();
            assertThat(pod.getAsJsonArray("volumes").toString()).containsOnlyOnce("serviceAccountToken");
            assertThat(mounts(containers(pod).get(0))).contains("lantern-enrolment");
            assertThat(mounts(containers(pod).get(1))).doesNotContain("lantern-enrolment", "lantern-harness");
        }
    }

    @Test
    void agent_cannot_write_what_the_harness_gives_it() {
        JsonArray mounts = containers(pod(Requests.untrusted())).get(1).getAsJsonArray("volumeMounts");

        List<String> writable = new ArrayList<>();
        for (JsonElement mount : mounts) {
            if (!mount.getAsJsonObject().has("readOnly")) {
                writable.add(mount.getAsJsonObject().get("mountPath").getAsString());
            }
        }
        assertThat(writable).containsExactly("/run/lantern/out", "/tmp");
    }

    @Test
    void no_mount_lies_inside_another_one() {
        for (PodRequest request : Requests.all().values()) {
            for (JsonObject container : containers(pod(request))) {
                List<String> paths = new ArrayList<>();
                container
                        .getAsJsonArray("volumeMounts")
                        .forEach(mount -> paths.add(
                                mount.getAsJsonObject().get("mountPath").getAsString()));
                for (String outer : paths) {
                    assertThat(paths).noneMatch(inner -> inner.startsWith(outer + "/"));
                }
            }
        }
    }

    @Test
    void names_are_resolved_in_the_pod_only_where_something_beside_the_gateway_may_be_reached() {
        List<String> resolving = new ArrayList<>();
        for (Isolation isolation : Isolation.values()) {
            for (NetworkMode network : NetworkMode.values()) {
                PodRequest request = withNetwork(isolation, network);
                if (pod(request).get("dnsPolicy").getAsString().equals("ClusterFirst")) {
                    resolving.add(isolation + " " + network);
                } else {
                    assertThat(pod(request).getAsJsonObject("dnsConfig").toString())
                            .contains("127.0.0.1");
                }
            }
        }
        assertThat(resolving)
                .containsExactly(
                        "TRUSTED TENANT_VPC", "TRUSTED OPEN", "STANDARD TENANT_VPC", "DEVCONTAINER TENANT_VPC");
    }

    @Test
    void no_node_is_required_before_one_was_verified() {
        for (PodRequest request : Requests.all().values()) {
            JsonObject affinity = pod(request).getAsJsonObject("affinity");
            if (affinity != null && affinity.has("nodeAffinity")) {
                assertThat(affinity.getAsJsonObject("nodeAffinity").keySet())
                        .containsExactly("preferredDuringSchedulingIgnoredDuringExecution");
            }
        }
    }

    @Test
    void only_hostile_agents_keep_every_other_agent_away() {
        Requests.all()
                .forEach((name, request) -> assertThat(pod(request).toString().contains("podAntiAffinity"))
                        .as(name)
                        .isEqualTo(name.startsWith("hostile")));
    }

    @Test
    void nothing_in_a_job_is_expanded_by_the_kubelet() {
        JsonObject agent = containers(pod(Requests.everything())).get(1);

        assertThat(agent.get("command").toString()).isEqualTo("[\"/bin/agent\",\"--home=$$(HOME)\"]");
        assertThat(agent.get("args").toString()).isEqualTo("[\"\",\"cost: $$5\",\"$$$$\"]");
        assertThat(agent.get("env").toString())
                .contains("to $$(LANTERN_URL)")
                .contains("{\"name\":\"EMPTY\"}")
                .contains("{\"name\":\"HOME\",\"value\":\"/tmp/home\"}");
    }

    @Test
    void seconds_are_never_fewer_than_asked_for() {
        assertThat(Deadlines.seconds(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Deadlines.seconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(Deadlines.seconds(Duration.ofMillis(1001))).isEqualTo(2);
    }

    @Test
    void root_is_nobody_s_user_and_nobody_shares_one() {
        assertThatThrownBy(() -> users(0, 65532)).hasMessageContaining("neither of them root; found 0 and 65532");
        assertThatThrownBy(() -> users(65531, 0)).hasMessageContaining("neither of them root; found 65531 and 0");
        assertThatThrownBy(() -> users(7, 7)).hasMessageContaining("two different users");
        assertThat(users(1, 2).harnessUser()).isEqualTo(1);
        assertThat(users(2, 1).agentUser()).isEqualTo(1);
    }

    private static PodDefaults users(int harness, int agent) {
        PodDefaults usual = PodDefaults.usual();
        return new PodDefaults(
                usual.vcpu(),
                usual.memory(),
                usual.scratch(),
                usual.harnessVcpu(),
                usual.harnessMemory(),
                usual.gpuResource(),
                harness,
                agent);
    }

    @Test
    void deadline_that_has_passed_before_it_begins_is_refused() {
        Duration some = Duration.ofSeconds(1);
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> new Deadlines(bad, some, some, some))
                    .hasMessage("the deadline from creation must be positive, found " + bad);
            assertThatThrownBy(() -> new Deadlines(some, bad, some, some))
                    .hasMessageContaining("the deadline from the start must be positive");
            assertThatThrownBy(() -> new Deadlines(some, some, bad, some))
                    .hasMessageContaining("the time to start must be positive");
        }
        assertThatThrownBy(() -> new Deadlines(some, some, some, Duration.ofNanos(-1)))
                .hasMessageContaining("the grace is negative");
        assertThat(new Deadlines(some, some, some, Duration.ZERO).grace()).isZero();
    }

    @Test
    void nothing_weaker_than_its_class_leaves_the_template() {
        assertThatThrownBy(() -> Boundary.of(Isolation.HOSTILE, HandlerKind.GVISOR, Requests.gvisor()))
                .isInstanceOf(LanternException.class)
                .hasMessage("isolation hostile does not run on GVISOR; allowed are [KATA]");
        assertThatThrownBy(() -> Boundary.of(Isolation.UNTRUSTED, HandlerKind.RUNC, Requests.gvisor()))
                .hasMessageContaining("untrusted does not run on RUNC");
        assertThatThrownBy(() -> Boundary.of(Isolation.TRUSTED, HandlerKind.PROCESS, Requests.gvisor()))
                .hasMessageContaining("trusted does not run on PROCESS");
        assertThatThrownBy(() ->
                        new Boundary(Isolation.STANDARD, HandlerKind.GVISOR, Optional.empty(), false, Optional.empty()))
                .hasMessage("GVISOR needs a RuntimeClass: without one the pod runs on the node's default");
        assertThatThrownBy(() -> Boundary.of(Isolation.HOSTILE, HandlerKind.KATA, Requests.kata()))
                .hasMessageContaining("needs the toleration of a taint");
        assertThatThrownBy(() -> new Boundary(
                        Isolation.STANDARD,
                        HandlerKind.GVISOR,
                        Optional.of(Requests.gvisor()),
                        false,
                        Optional.of(Requests.dedicated())))
                .hasMessageContaining("standard does not run on nodes that are kept for hostile agents");
    }

    @Test
    void tag_is_refused_unless_the_class_is_trusted() {
        assertThatThrownBy(() -> Requests.of(
                        Requests.agent(Isolation.STANDARD, b -> b.image("registry.example.com/triage:dev")),
                        Requests.onGvisor(Isolation.STANDARD, false)))
                .hasMessageContaining("standard needs an image that is pinned by digest")
                .hasMessageContaining("registry.example.com/triage:dev");
    }

    @Test
    void harness_by_tag_is_refused() {
        PodRequest good = Requests.untrusted();

        assertThatThrownBy(() -> new PodRequest(
                        good.key(),
                        good.namespace(),
                        good.spec(),
                        good.boundary(),
                        ImageRef.parse("registry.example.com/harness:1"),
                        good.reach(),
                        good.deadlines(),
                        good.defaults(),
                        good.priority(),
                        good.workspace()))
                .hasMessageContaining("harness's image must be pinned");
    }

    @Test
    void label_that_says_whose_an_object_is_is_refused() {
        for (String label : List.of("app.kubernetes.io/managed-by", "job-name", "controller-uid")) {
            assertThatThrownBy(() -> Requests.of(
                            Requests.agent(Isolation.STANDARD, b -> b.label(label, "helm")),
                            Requests.onGvisor(Isolation.STANDARD, false)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("spec.labels names " + label);
        }
    }

    @Test
    void workspace_belongs_to_a_devcontainer_and_to_nothing_else() {
        assertThatThrownBy(() -> Requests.of(
                        Requests.agent(Isolation.DEVCONTAINER, b -> b),
                        Requests.onGvisor(Isolation.DEVCONTAINER, false)))
                .hasMessageContaining("devcontainer needs the claim of its workspace");
    }

    @Test
    void gateway_by_name_is_refused_where_names_are_not_resolved() {
        for (String gateway : List.of("http://gateway.lantern-system.svc:7410", "gateway:7410", "10.20.0.7", "a b")) {
            assertThatThrownBy(() -> JobTemplate.of(withGateway(Requests.untrusted(), gateway)))
                    .as(gateway)
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining(gateway);
        }
        assertThatThrownBy(() -> JobTemplate.of(withGateway(Requests.untrusted(), "http://gateway:7410")))
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "the gateway \"http://gateway:7410\" is no URL with an address, and an instance of isolation"
                                + " untrusted cannot resolve a name: give the address of the gateway's pod or of its load"
                                + " balancer");
        PodRequest resolving = withGateway(Requests.all().get("trusted-open-tag"), "http://gateway:7410");
        assertThat(JobTemplate.of(resolving).toString()).contains("http://gateway:7410");
    }

    private static PodRequest withGateway(PodRequest base, String gateway) {
        return new PodRequest(
                base.key(),
                base.namespace(),
                base.spec(),
                base.boundary(),
                base.harness(),
                new Reach(gateway, base.reach().forbidden()),
                base.deadlines(),
                base.defaults(),
                base.priority(),
                base.workspace());
    }

    private static PodRequest withNetwork(Isolation isolation, NetworkMode network) {
        PodRequest base = Requests.all().values().stream()
                .filter(request -> request.boundary().isolation() == isolation)
                .findFirst()
                .orElseThrow();
        return new PodRequest(
                base.key(),
                base.namespace(),
                base.spec().toBuilder().network(network).build(),
                base.boundary(),
                base.harness(),
                base.reach(),
                base.deadlines(),
                base.defaults(),
                base.priority(),
                base.workspace());
    }

    private static JsonObject pod(PodRequest request) {
        return JobTemplate.podOf(JobTemplate.of(request)).getAsJsonObject("spec");
    }

    private static List<JsonObject> containers(JsonObject pod) {
        return List.of(
                pod.getAsJsonArray("initContainers").get(0).getAsJsonObject(),
                pod.getAsJsonArray("containers").get(0).getAsJsonObject());
    }

    private static List<String> mounts(JsonObject container) {
        List<String> names = new ArrayList<>();
        container
                .getAsJsonArray("volumeMounts")
                .forEach(mount -> names.add(mount.getAsJsonObject().get("name").getAsString()));
        return names;
    }
}
