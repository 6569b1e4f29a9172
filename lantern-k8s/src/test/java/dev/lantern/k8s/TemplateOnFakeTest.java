package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import dev.lantern.k8s.BaselineCheck.Finding;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Template and comparison over HTTP, with the fake API server behind it: it writes back what the real one does
 * ({@link TemplateOnClusterTest}), and its hooks do what a webhook would.
 */
class TemplateOnFakeTest {
    private static final List<String> NODES = List.of("node-a", "node-b");

    private FakeKubernetes kubernetes;
    private TestApiServer api;

    @BeforeEach
    void baseline_stands() throws IOException {
        kubernetes = FakeKubernetes.start();
        api = TestApiServer.of(kubernetes.kubeconfig());
        for (String node : NODES) {
            kubernetes
                    .addNode(node)
                    .handlers("", "runc", "runsc", "kata-qemu", "wasmtime")
                    .label("node-restriction.kubernetes.io/gvisor", "true")
                    .label("topology.kubernetes.io/zone", "zone-of-" + node);
        }
        NamespaceBaseline baseline = Manifests.example();
        baseline.manifests()
                .forEach(manifest -> kubernetes.create(manifest.object().toString()));
        AdmissionPolicies.all()
                .forEach(manifest -> kubernetes.create(manifest.object().toString()));
    }

    @AfterEach
    void fake_ends() {
        kubernetes.close();
    }

    @Test
    void every_class_comes_back_as_it_went_from_creation_to_a_node() {
        int compared = 0;
        for (String name : Requests.all().keySet()) {
            if (name.equals("everything")) {
                continue; // Its namespace and its PriorityClass are another story, told on a real cluster.
            }
            PodRequest request = request(name, compared + 1);
            JsonObject template = JobTemplate.of(request);
            JsonObject job = api.post(jobs(), template).made();
            assertThat(new ExpectedJob(template).compare(job)).as(name).isEmpty();
            kubernetes.settle();

            JsonObject held = pod(job);
            ExpectedPod expected = ExpectedPod.held(template, uid(job), Priority.NONE);
            assertThat(expected.compare(held)).as("%s, held", name).isEmpty();

            Ungating ungating = new Ungating(version(held), NODES);
            JsonObject letGo = api.mergePatch(path(held), ungating.patch()).made();
            assertThat(expected.letGo(ungating).compare(letGo))
                    .as("%s, let go", name)
                    .isEmpty();
            kubernetes.settle();
            assertThat(expected.letGo(ungating)
                            .bound()
                            .compare(api.get(path(held)).made()))
                    .as("%s, bound", name)
                    .isEmpty();
            compared++;
            assertThat(api.delete(jobs() + "/" + name(job), Persisted.json("{\"propagationPolicy\":\"Background\"}"))
                            .status())
                    .isEqualTo(200);
            kubernetes.settle();
        }
        assertThat(compared).isGreaterThanOrEqualTo(10);
    }

    @Test
    void what_a_webhook_does_at_creation_is_found_before_the_pod_is_let_go() {
        Map<String, Consumer<ObjectNode>> hooks = new LinkedHashMap<>();
        hooks.put("GATE", spec -> spec.remove("schedulingGates"));
        hooks.put("BOUNDARY", spec -> {
            spec.remove("runtimeClassName");
            spec.remove("overhead");
        });
        hooks.put(
                "CONTAINERS",
                spec -> containers(spec)
                        .add(((ObjectNode) containers(spec).get(0).deepCopy()).put("name", "sidecar")));
        hooks.put("IMAGE", spec -> ((ObjectNode) containers(spec).get(0)).put("image", "evil:latest"));
        hooks.put(
                "PROGRAM",
                spec -> ((ArrayNode) containers(spec).get(0).get("env"))
                        .addObject()
                        .put("name", "LD_PRELOAD")
                        .put("value", "/x"));
        hooks.put(
                "STORAGE",
                spec -> ((ArrayNode) spec.get("volumes"))
                        .addObject()
                        .put("name", "extra")
                        .putObject("emptyDir"));
        hooks.put(
                "PLACEMENT",
                spec -> ((ArrayNode) spec.get("tolerations")).addObject().put("operator", "Exists"));
        hooks.put("OTHER", spec -> spec.put("unheardOf", true));

        int epoch = 1;
        for (Map.Entry<String, Consumer<ObjectNode>> hook : hooks.entrySet()) {
            kubernetes.removeHooks();
            kubernetes.mutate((admission, pod) -> {
                hook.getValue().accept((ObjectNode) pod.get("spec"));
                return pod;
            });
            JsonObject template = JobTemplate.of(request("untrusted-gvisor", epoch++));
            JsonObject job = api.post(jobs(), template).made();
            kubernetes.settle();

            assertThat(ExpectedPod.held(template, uid(job), Priority.NONE).compare(pod(job)))
                    .as(hook.getKey())
                    .extracting(difference -> difference.drift().name())
                    .contains(hook.getKey());
        }
    }

    @Test
    void what_a_webhook_does_in_the_very_patch_is_found_in_its_answer() {
        kubernetes.mutate((admission, pod) -> {
            if (admission.operation().equals("UPDATE")) {
                ((ObjectNode) containers((ObjectNode) pod.get("spec")).get(0)).put("image", "evil:latest");
            }
            return pod;
        });
        JsonObject template = JobTemplate.of(request("untrusted-gvisor", 1));
        JsonObject job = api.post(jobs(), template).made();
        kubernetes.settle();
        JsonObject held = pod(job);
        ExpectedPod expected = ExpectedPod.held(template, uid(job), Priority.NONE);
        assertThat(expected.compare(held)).isEmpty();
        Ungating ungating = new Ungating(version(held), NODES);

        JsonObject answer = api.mergePatch(path(held), ungating.patch()).made();

        assertThat(expected.letGo(ungating).compare(answer)).singleElement().satisfies(difference -> {
            assertThat(difference.pointer()).isEqualTo("/spec/containers/0/image");
            assertThat(difference.drift()).isEqualTo(Drift.IMAGE);
        });
    }

    @Test
    void of_two_hosts_that_let_a_pod_go_one_wins() {
        JsonObject job =
                api.post(jobs(), JobTemplate.of(request("trusted-runc", 1))).made();
        kubernetes.settle();
        JsonObject held = pod(job);
        JsonObject patch = new Ungating(version(held), NODES).patch();

        assertThat(api.mergePatch(path(held), patch).status()).isEqualTo(200);
        assertThat(api.mergePatch(path(held), patch).status()).isEqualTo(409);
    }

    @Test
    void job_that_is_there_already_is_ours_or_a_stranger() {
        JsonObject template = JobTemplate.of(request("trusted-runc", 1));
        JsonObject squatted = template.deepCopy();
        squatted.getAsJsonObject("metadata").getAsJsonObject("labels").addProperty(Marks.INSTALLATION, "another-one");
        api.post(jobs(), squatted).made();

        assertThat(api.post(jobs(), template).status()).isEqualTo(409);
        assertThat(new ExpectedJob(template)
                        .compareFound(api.get(jobs() + "/" + name(template)).made()))
                .singleElement()
                .hasToString("/metadata/labels/lantern.dev~1installation: expected"
                        + " \"6f1c9d2e-8a47-4b5e-9c3d-0e2f4a6b8c1d\", found \"another-one\": another object, or another"
                        + " owner of it");
    }

    @Test
    void baseline_is_found_as_it_was_applied() {
        Map<String, List<JsonObject>> objects = new LinkedHashMap<>();
        List<Manifest> manifests = new ArrayList<>(Manifests.example().manifests());
        manifests.addAll(AdmissionPolicies.all());
        for (Manifest manifest : manifests) {
            String collection = TemplateOnClusterTest.collection(manifest);
            objects.put(manifest.kind(), TestApiServer.items(api.get(collection).made()));
        }

        assertThat(BaselineCheck.check(Manifests.example(), objects)).allMatch(Finding::holds, "holds");
    }

    private PodRequest request(String name, int epoch) {
        PodRequest usual = Requests.all().get(name);
        return new PodRequest(
                new InstanceKey(
                        usual.key().installation(),
                        new InstanceRef(usual.key().instance().run(), epoch)),
                usual.namespace(),
                usual.spec(),
                new Boundary(
                        usual.boundary().isolation(),
                        usual.boundary().kind(),
                        usual.boundary().runtimeClass().map(this::pinned),
                        usual.boundary().userNamespaces(),
                        usual.boundary().dedicated()),
                usual.harness(),
                usual.reach(),
                usual.deadlines(),
                usual.defaults(),
                usual.priority(),
                usual.workspace());
    }

    private PinnedClass pinned(PinnedClass usual) {
        Optional<ObjectNode> found = kubernetes.find("runtimeclasses.node.k8s.io", "", usual.name());
        String uid = found.orElseGet(() -> kubernetes.create(runtimeClass(usual).toString()))
                .get("metadata")
                .get("uid")
                .asText();
        return new PinnedClass(usual.name(), uid, usual.overhead(), usual.nodeSelector(), usual.tolerations());
    }

    static JsonObject runtimeClass(PinnedClass pinned) {
        Tree runtimeClass = Tree.object()
                .put("apiVersion", "node.k8s.io/v1")
                .put("kind", "RuntimeClass")
                .put("metadata", Tree.object().put("name", pinned.name()))
                .put("handler", "runsc");
        if (!pinned.overhead().isEmpty()) {
            runtimeClass.put("overhead", Tree.object().put("podFixed", Tree.texts(pinned.overhead())));
        }
        return runtimeClass
                .put(
                        "scheduling",
                        Tree.object()
                                .putAll("nodeSelector", pinned.nodeSelector())
                                .putAll("tolerations", Toleration.json(pinned.tolerations())))
                .json();
    }

    private static ArrayNode containers(ObjectNode spec) {
        return (ArrayNode) spec.get("containers");
    }

    private JsonObject pod(JsonObject job) {
        return TestApiServer.items(
                        api.get("/api/v1/namespaces/lantern-agents/pods?labelSelector=job-name%3D" + name(job))
                                .made())
                .get(0);
    }

    private static String path(JsonObject pod) {
        return "/api/v1/namespaces/lantern-agents/pods/" + name(pod);
    }

    private static String jobs() {
        return "/apis/batch/v1/namespaces/lantern-agents/jobs";
    }

    private static String name(JsonObject object) {
        return ExpectedJob.text(object, "metadata", "name").orElseThrow();
    }

    private static String uid(JsonObject object) {
        return ExpectedJob.text(object, "metadata", "uid").orElseThrow();
    }

    private static String version(JsonObject object) {
        return ExpectedJob.text(object, "metadata", "resourceVersion").orElseThrow();
    }
}
