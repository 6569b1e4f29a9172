package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.testkit.kubernetes.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What may be created and changed, and who has a say in it. */
class AdmissionTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String GATED = "'schedulingGates':[{'name':'lantern.dev/gate'}]";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void unknown_runtime_class_is_forbidden() {
        Answer answer = client.post(PODS, Manifests.pod("one", "'runtimeClassName':'none'"));

        assertThat(answer.code()).isEqualTo(403);
        assertThat(answer.at("/message"))
                .isEqualTo("pods \"one\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
    }

    @Test
    void scheduling_of_the_runtime_class_is_merged_and_its_overhead_copied() {
        gvisor();

        JsonNode spec = client.post(
                        PODS, Manifests.pod("one", "'runtimeClassName':'gvisor','nodeSelector':{'disk':'ssd'}"))
                .json()
                .path("spec");

        assertThat(spec.path("nodeSelector")).isEqualTo(Client.json("{\"disk\":\"ssd\",\"sandbox\":\"gvisor\"}"));
        assertThat(spec.path("overhead")).isEqualTo(Client.json("{\"memory\":\"120Mi\"}"));
        assertThat(spec.path("tolerations").toString()).contains("\"key\":\"sandbox\"");
        Answer conflict = client.post(
                PODS, Manifests.pod("two", "'runtimeClassName':'gvisor','nodeSelector':{'sandbox':'kata'}"));
        assertThat(conflict.code()).isEqualTo(403);
        assertThat(conflict.at("/message"))
                .contains("conflict: runtimeClass.scheduling.nodeSelector[sandbox] = gvisor");
    }

    @Test
    void webhook_that_strips_the_class_is_found_by_its_overhead_unless_it_strips_that_too() {
        gvisor();
        kubernetes.mutate((request, pod) -> {
            ((ObjectNode) pod.path("spec")).remove("runtimeClassName");
            return pod;
        });

        Answer found = client.post(PODS, Manifests.pod("one", "'runtimeClassName':'gvisor'"));
        kubernetes.mutate((request, pod) -> {
            ((ObjectNode) pod.path("spec")).remove("overhead");
            return pod;
        });
        Answer unnoticed = client.post(PODS, Manifests.pod("one", "'runtimeClassName':'gvisor'"));

        assertThat(found.code()).isEqualTo(403);
        assertThat(found.at("/message")).contains("Overhead set without corresponding RuntimeClass");
        assertThat(unnoticed.code()).isEqualTo(201);
        assertThat(unnoticed.json().path("spec").has("runtimeClassName")).isFalse();
    }

    @Test
    void gated_pod_says_so_and_has_no_node() {
        Answer created = client.post(PODS, Manifests.pod("one", GATED));

        assertThat(created.at("/status/conditions/0/reason")).isEqualTo("SchedulingGated");
        assertThat(created.at("/status/conditions/0/status")).isEqualTo("False");
        Answer bound = client.post(PODS, Manifests.pod("two", GATED + ",'nodeName':'n1'"));
        assertThat(bound.code()).isEqualTo(422);
        assertThat(bound.at("/message")).contains("cannot be set until all schedulingGates have been cleared");
    }

    @Test
    void gates_are_only_removed() {
        client.post(PODS, Manifests.pod("one", GATED));

        Answer added =
                patch("{\"spec\":{\"schedulingGates\":[{\"name\":\"lantern.dev/gate\"},{\"name\":\"other/gate\"}]}}");
        assertThat(added.code()).isEqualTo(422);
        assertThat(added.at("/message"))
                .isEqualTo("Pod \"one\" is invalid: spec.schedulingGates[1].name: Forbidden: only deletion is allowed,"
                        + " but found new scheduling gate 'other/gate'");
        assertThat(patch("{\"spec\":{\"schedulingGates\":null}}").code()).isEqualTo(200);
        assertThat(patch("{\"spec\":{\"schedulingGates\":[{\"name\":\"lantern.dev/gate\"}]}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void ungating_patch_may_pin_nodes_and_the_loser_of_two_hosts_gets_409() {
        String version = client.post(PODS, Manifests.pod("one", GATED)).at("/metadata/resourceVersion");

        Answer won = patch(ungate(version, "n1", "n2"));
        Answer lost = patch(ungate(version, "n3"));

        assertThat(won.code()).as(won.text()).isEqualTo(200);
        assertThat(won.json().path("spec").has("schedulingGates")).isFalse();
        assertThat(won.json().at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(lost.code()).isEqualTo(409);
        assertThat(client.get(PODS + "/one").text()).contains("n2").doesNotContain("n3");
    }

    @Test
    void match_field_takes_exactly_one_name() {
        String version = client.post(PODS, Manifests.pod("one", GATED)).at("/metadata/resourceVersion");

        Answer answer = patch(ungate(version, "n1").replace("[\"n1\"]", "[\"n1\",\"n2\"]"));

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.at("/message")).contains("must be only one value");
    }

    @Test
    void placement_of_a_gated_pod_may_only_become_narrower() {
        client.post(PODS, Manifests.pod("one", GATED + ",'nodeSelector':{'a':'b'},'affinity':" + affinity("n1")));

        assertThat(patch("{\"spec\":{\"nodeSelector\":{\"c\":\"d\"}}}").code()).isEqualTo(200);
        assertThat(patch("{\"spec\":{\"nodeSelector\":{\"a\":\"z\"}}}").at("/message"))
                .contains("only additions to spec.nodeSelector are allowed");
        assertThat(patch("{\"spec\":{\"affinity\":" + affinity("n1", "n2").replace('\'', '"') + "}}")
                        .at("/message"))
                .contains("no additions/deletions to non-empty NodeSelectorTerms list are allowed");
        assertThat(patch("{\"spec\":{\"affinity\":" + affinity("n2").replace('\'', '"') + "}}")
                        .at("/message"))
                .contains("only additions are allowed (no mutations or deletions)");
        assertThat(patch(
                                "{\"spec\":{\"affinity\":{\"podAntiAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":1}]}}}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void of_a_pod_that_is_not_gated_a_short_list_may_change() {
        client.post(PODS, Manifests.pod("one", "'activeDeadlineSeconds':100"));
        String json = "application/json-patch+json";
        Client other = client;

        assertThat(other.patch(
                                PODS + "/one",
                                json,
                                "[{\"op\":\"replace\",\"path\":\"/spec/containers/0/image\",\"value\":\"evil\"}]")
                        .code())
                .isEqualTo(200);
        assertThat(other.patch(
                                PODS + "/one",
                                json,
                                "[{\"op\":\"add\",\"path\":\"/spec/tolerations/-\",\"value\":{\"operator\":\"Exists\"}}]")
                        .code())
                .isEqualTo(200);
        assertThat(other.patch(PODS + "/one", json, "[{\"op\":\"remove\",\"path\":\"/spec/tolerations/0\"}]")
                        .at("/message"))
                .contains("existing toleration can not be modified");
        assertThat(patch("{\"spec\":{\"activeDeadlineSeconds\":50}}").code()).isEqualTo(200);
        assertThat(patch("{\"spec\":{\"activeDeadlineSeconds\":80}}").code()).isEqualTo(422);
        assertThat(patch("{\"spec\":{\"nodeSelector\":{\"a\":\"b\"}}}").at("/message"))
                .contains("pod updates may not change fields other than `spec.containers[*].image`");
        assertThat(patch("{\"spec\":{\"runtimeClassName\":\"x\"}}").code()).isEqualTo(422);
    }

    @Test
    void ephemeral_container_is_added_through_its_subresource_only() {
        client.post(PODS, Manifests.pod("one", ""));
        String debug = "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"debug\",\"image\":\"sh:1\"}]}}";

        assertThat(patch(debug).code()).isEqualTo(422);
        Answer added = client.patch(PODS + "/one/ephemeralcontainers", Client.MERGE, debug);
        assertThat(added.code()).isEqualTo(200);
        assertThat(added.at("/spec/ephemeralContainers/0/terminationMessagePolicy"))
                .isEqualTo("File");
        assertThat(client.patch(
                                PODS + "/one/ephemeralcontainers",
                                Client.MERGE,
                                "{\"spec\":{\"ephemeralContainers\":null}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void resources_are_resized_through_their_subresource_only() {
        client.post(
                PODS,
                Manifests.pod("one", "")
                        .replace("\"image\"", "\"resources\":{\"limits\":{\"memory\":\"64Mi\"}},\"image\""));
        String bigger =
                "[{\"op\":\"replace\",\"path\":\"/spec/containers/0/resources/limits/memory\",\"value\":\"1Gi\"}]";
        String json = "application/json-patch+json";

        assertThat(client.patch(PODS + "/one", json, bigger).code()).isEqualTo(422);
        assertThat(client.patch(PODS + "/one/resize", json, bigger).at("/spec/containers/0/resources/limits/memory"))
                .isEqualTo("1Gi");
        assertThat(client.patch(PODS + "/one/resize", Client.MERGE, "{\"spec\":{\"hostname\":\"x\"}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void limit_range_gives_amounts_to_containers_that_name_none_and_refuses_too_much() {
        kubernetes.create(
                ("{'apiVersion':'v1','kind':'LimitRange','metadata':{'name':'all'},'spec':{'limits':[{'type':'Container',"
                                + "'default':{'cpu':'500m'},'defaultRequest':{'cpu':'100m'},'max':{'memory':'1Gi'}}]}}")
                        .replace('\'', '"'));

        Answer given = client.post(PODS, Manifests.pod("one", ""));
        Answer refused = client.post(
                PODS,
                Manifests.pod("two", "")
                        .replace("\"image\"", "\"resources\":{\"limits\":{\"memory\":\"2Gi\"}},\"image\""));

        assertThat(given.json().at("/spec/containers/0/resources"))
                .isEqualTo(Client.json("{\"requests\":{\"memory\":\"1Gi\",\"cpu\":\"100m\"},"
                        + "\"limits\":{\"memory\":\"1Gi\",\"cpu\":\"500m\"}}"));
        assertThat(given.at("/metadata/annotations/kubernetes.io~1limit-ranger"))
                .contains("cpu limit for container agent");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.at("/message"))
                .isEqualTo("pods \"two\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi");
    }

    @Test
    void restricted_namespace_refuses_what_is_plainly_privileged() {
        kubernetes.addNamespace("tight", Map.of("pod-security.kubernetes.io/enforce", "restricted"));
        String tight = "/api/v1/namespaces/tight/pods";

        Answer refused = client.post(
                tight,
                Manifests.pod("one", "'hostNetwork':true,'volumes':[{'name':'h','hostPath':{'path':'/'}}]")
                        .replace("\"image\"", "\"securityContext\":{\"privileged\":true},\"image\""));
        Answer admitted = client.post(
                tight,
                Manifests.pod(
                                "two",
                                "'securityContext':{'runAsNonRoot':true,'seccompProfile':{'type':'RuntimeDefault'}}")
                        .replace(
                                "\"image\"",
                                "\"securityContext\":{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}},\"image\""));

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.at("/message"))
                .contains("violates PodSecurity \"restricted:latest\"")
                .contains("host namespaces (hostNetwork=true)")
                .contains("privileged (container \"agent\" must not set securityContext.privileged=true)")
                .contains("restricted volume type \"hostPath\"")
                .contains("runAsNonRoot != true");
        assertThat(admitted.code()).as(admitted.text()).isEqualTo(201);
    }

    @Test
    void mutators_run_before_validators_on_creation_and_on_the_ungating_patch() {
        List<String> seen = new ArrayList<>();
        kubernetes.mutate((request, pod) -> {
            if (request.operation().equals("UPDATE")) {
                ((ObjectNode) pod.at("/spec/containers/0")).put("image", "evil:1");
            }
            return pod;
        });
        kubernetes.validate("lantern-pods", (request, pod) -> {
            seen.add(request.operation() + " " + request.user());
            boolean evil = pod.at("/spec/containers/0/image").asText().startsWith("evil");
            return evil ? Optional.of("images do not change") : Optional.empty();
        });
        String version = client.post(PODS, Manifests.pod("one", GATED)).at("/metadata/resourceVersion");

        Answer refused = patch(ungate(version, "n1"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.at("/reason")).isEqualTo("Invalid");
        assertThat(refused.at("/message"))
                .isEqualTo("pods \"one\" is forbidden: ValidatingAdmissionPolicy 'lantern-pods' with binding"
                        + " 'lantern-pods' denied request: images do not change");
        assertThat(seen).containsExactly("CREATE kubernetes-admin", "UPDATE kubernetes-admin");
        assertThat(client.get(PODS + "/one")
                        .json()
                        .at("/spec/schedulingGates/0/name")
                        .asText())
                .isEqualTo("lantern.dev/gate");
    }

    @Test
    void policy_that_gives_a_reason_answers_with_its_code() {
        kubernetes.validate("lantern-pods", "Forbidden", (request, pod) -> Optional.of("no"));

        Answer refused = client.post(PODS, Manifests.pod("one", ""));

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.at("/reason")).isEqualTo("Forbidden");
    }

    @Test
    void what_a_mutator_adds_is_defaulted_like_the_rest() {
        kubernetes.mutate((request, pod) -> {
            pod.withObject("/spec")
                    .withArray("containers")
                    .addObject()
                    .put("name", "sidecar")
                    .put("image", "mesh");
            return pod;
        });

        assertThat(client.post(PODS, Manifests.pod("one", "")).at("/spec/containers/1/imagePullPolicy"))
                .isEqualTo("Always");
        kubernetes.removeHooks();
        assertThat(client.post(PODS, Manifests.pod("two", "")).json().at("/spec/containers"))
                .hasSize(1);
    }

    @Test
    void mutator_may_take_the_gate_away() {
        kubernetes.addNode("n1");
        kubernetes.mutate((request, pod) -> {
            ((ObjectNode) pod.path("spec")).remove("schedulingGates");
            return pod;
        });
        client.post(PODS, Manifests.pod("one", GATED));

        kubernetes.settle();

        assertThat(kubernetes.pod("default", "one").phase()).isEqualTo("Running");
    }

    @Test
    void hook_that_throws_is_an_internal_error() {
        kubernetes.mutate((request, pod) -> {
            throw new IllegalStateException("the webhook is broken");
        });

        Answer answer = client.post(PODS, Manifests.pod("one", ""));

        assertThat(answer.code()).isEqualTo(500);
        assertThat(answer.at("/message")).contains("the webhook is broken");
    }

    @Test
    void missing_service_account_and_priority_class_are_forbidden() {
        assertThat(client.post(PODS, Manifests.pod("one", "'serviceAccountName':'none'"))
                        .at("/message"))
                .isEqualTo("pods \"one\" is forbidden: error looking up service account default/none: serviceaccount"
                        + " \"none\" not found");
        assertThat(client.post(PODS, Manifests.pod("one", "'priorityClassName':'none'"))
                        .at("/message"))
                .isEqualTo("pods \"one\" is forbidden: no PriorityClass with name none was found");
    }

    private void gvisor() {
        kubernetes.create(Manifests.runtimeClass(
                "gvisor",
                "'handler':'runsc','overhead':{'podFixed':{'memory':'120Mi'}},'scheduling':{'nodeSelector':{'sandbox':'gvisor'},"
                        + "'tolerations':[{'key':'sandbox','operator':'Exists'}]}"));
    }

    private Answer patch(String body) {
        return client.patch(PODS + "/one", Client.MERGE, body);
    }

    private static String ungate(String version, String... nodes) {
        return ("{'metadata':{'resourceVersion':'" + version + "'},'spec':{'schedulingGates':null,'affinity':"
                        + affinity(nodes) + "}}")
                .replace('\'', '"');
    }

    private static String affinity(String... nodes) {
        List<String> terms = new ArrayList<>();
        for (String node : nodes) {
            terms.add("{'matchFields':[{'key':'metadata.name','operator':'In','values':['" + node + "']}]}");
        }
        return "{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':["
                + String.join(",", terms) + "]}}}";
    }
}
