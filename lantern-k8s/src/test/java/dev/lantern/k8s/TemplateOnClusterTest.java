package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lantern.k8s.BaselineCheck.Finding;
import dev.lantern.k8s.TestApiServer.Answer;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Template, comparison, baseline and policies on a real API server: what it accepts, what it writes back, what it
 * refuses. Runs where {@code LANTERN_TEST_KUBECONFIG} names a cluster. The images do not exist, so nothing ever starts.
 */
@Tag("long")
class TemplateOnClusterTest {
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1";
    private static final JsonObject BACKGROUND = Persisted.json("{\"propagationPolicy\":\"Background\"}");

    private TestApiServer cluster;
    private String namespace;
    private NamespaceBaseline baseline;

    @BeforeEach
    void baseline_stands() throws IOException {
        cluster = TestApiServer.open("template, comparison, baseline and policies on a real API server");
        namespace = cluster.mark() + "-agents";
        baseline = NamespaceBaseline.in(namespace).gatewayAt("192.0.2.1/32", 7410);
        for (Manifest manifest : baseline.manifests()) {
            cluster.make(collection(manifest), marked(manifest.object()));
        }
        for (Manifest manifest : AdmissionPolicies.all()) {
            cluster.make(collection(manifest), marked(manifest.object()));
        }
        JsonObject ungated = pod(request("trusted-runc"));
        ungated.getAsJsonObject("spec").remove("schedulingGates");
        cluster.await("the policies to be in force", () -> dryRun(ungated), answer -> answer.status() == 403);
    }

    @AfterEach
    void nothing_is_left() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void baseline_comes_back_as_it_was_applied() {
        Map<String, List<JsonObject>> objects = new LinkedHashMap<>();
        for (Manifest manifest : baseline.manifests()) {
            read(objects, manifest, manifest.name());
        }
        for (Manifest manifest : AdmissionPolicies.all()) {
            read(objects, manifest, cluster.mark() + "-" + manifest.name());
        }

        assertThat(BaselineCheck.check(baseline, objects)).allMatch(Finding::holds, "holds");
    }

    @Test
    void job_and_pod_of_every_class_come_back_as_the_template_says() {
        int compared = 0;
        for (String name : Requests.all().keySet()) {
            PodRequest request = request(name);
            JsonObject template = JobTemplate.of(request);
            ExpectedJob expected = new ExpectedJob(template);

            assertThat(expected.compare(
                            cluster.post(jobs() + "?dryRun=All", template).made()))
                    .as("dry run of %s", name)
                    .isEmpty();
            JsonObject job = cluster.make(jobs(), template);
            assertThat(expected.compare(job)).as(name).isEmpty();
            assertThat(expected.compareFound(
                            cluster.get(jobs() + "/" + name(job)).made()))
                    .as("%s, found", name)
                    .isEmpty();

            JsonObject held = podOf(job);
            ExpectedPod expectedPod = ExpectedPod.held(template, uid(job), request.priority());
            assertThat(expectedPod.compare(held)).as("%s, held", name).isEmpty();

            Ungating ungating = new Ungating(version(held), List.of("lantern-nowhere-1", "lantern-nowhere-2"));
            Answer letGo = cluster.mergePatch(pods() + "/" + name(held), ungating.patch());
            assertThat(expectedPod.letGo(ungating).compare(letGo.made()))
                    .as("%s, let go", name)
                    .isEmpty();
            assertThat(cluster.mergePatch(pods() + "/" + name(held), ungating.patch())
                            .status())
                    .as("the second host loses")
                    .isEqualTo(409);
            compared++;
        }
        assertThat(compared).isGreaterThanOrEqualTo(11);
    }

    @Test
    void pod_that_a_node_has_differs_by_what_is_allowed_and_nothing_else() {
        List<String> nodes = TestApiServer.items(cluster.get("/api/v1/nodes").made()).stream()
                .map(TemplateOnClusterTest::name)
                .limit(Ungating.MOST_NODES)
                .toList();
        PodRequest request = request("trusted-runc");
        JsonObject template = JobTemplate.of(request);
        JsonObject job = cluster.make(jobs(), template);
        JsonObject held = podOf(job);
        Ungating ungating = new Ungating(version(held), nodes);
        cluster.mergePatch(pods() + "/" + name(held), ungating.patch()).made();

        JsonObject bound = cluster.await(
                "a node",
                () -> cluster.get(pods() + "/" + name(held)).made(),
                pod -> pod.getAsJsonObject("spec").has("nodeName"));

        assertThat(ExpectedPod.held(template, uid(job), request.priority())
                        .letGo(ungating)
                        .bound()
                        .compare(bound))
                .isEmpty();
    }

    @Test
    void pod_that_a_webhook_changed_is_never_created() {
        Map<String, Consumer<JsonObject>> changes = new LinkedHashMap<>();
        changes.put("created with the gate", spec -> spec.remove("schedulingGates"));
        String another = pinned(PinnedClass.of("another", "uid")).name();
        changes.put("runtimeClassName is what the label", spec -> spec.addProperty("runtimeClassName", another));
        changes.put("the containers harness and agent and no others", spec -> {
            JsonObject sidecar =
                    spec.getAsJsonArray("containers").get(0).deepCopy().getAsJsonObject();
            sidecar.addProperty("name", "sidecar");
            spec.getAsJsonArray("containers").add(sidecar);
        });
        changes.put("mounts no token of its account", spec -> spec.addProperty("automountServiceAccountToken", true));
        changes.put(
                "is for the audience lantern",
                spec -> spec.getAsJsonArray("volumes")
                        .add(Persisted.json("{\"name\":\"t\",\"projected\":{\"sources\":[{\"serviceAccountToken\":"
                                + "{\"path\":\"token\"}}]}}")));
        for (Map.Entry<String, Consumer<JsonObject>> change : changes.entrySet()) {
            JsonObject pod = pod(request("trusted-runc"));
            change.getValue().accept(pod.getAsJsonObject("spec"));
            dryRun(pod).refusedBecause(change.getKey());
        }

        JsonObject unmarked = pod(request("trusted-runc"));
        unmarked.getAsJsonObject("metadata").getAsJsonObject("labels").remove(Marks.TENANT);
        dryRun(unmarked).refusedBecause("carries Lantern's labels");
        JsonObject settings = pod(request("trusted-runc"));
        settings.getAsJsonObject("metadata")
                .getAsJsonObject("annotations")
                .addProperty("dev.gvisor.flag.network", "host");
        dryRun(settings).refusedBecause("no annotation reconfigures");
        dryRun(pod(request("trusted-runc"))).made();
    }

    @Test
    void agent_of_another_tenant_has_no_place_in_a_tenant_s_namespace() {
        String path = "/api/v1/namespaces/" + namespace;
        JsonObject pod = pod(request("trusted-runc"));
        dryRun(pod).made();

        patch(path, "{\"metadata\":{\"labels\":{\"lantern.dev/tenant\":\"acme\"}}}")
                .made();
        dryRun(pod).made();
        patch(path, "{\"metadata\":{\"labels\":{\"lantern.dev/tenant\":\"other\"}}}")
                .made();
        cluster.await("the namespace's label", () -> dryRun(pod), answer -> answer.status() == 403)
                .refusedBecause("are of the tenant that its label lantern.dev/tenant names");
    }

    /** Both halves: with the policies the pod never exists; without them it does, and the comparison says what is wrong. */
    @Test
    void gate_that_is_taken_off_in_admission_keeps_the_pod_from_existing_or_is_found() {
        mutating("[JSONPatch{op: \"remove\", path: \"/spec/schedulingGates\"}]");
        cluster.await("the mutation", () -> dryRun(pod(request("trusted-runc"))), answer -> answer.status() == 403);
        PodRequest request = request("trusted-runc");
        JsonObject template = JobTemplate.of(request);
        JsonObject job = cluster.make(jobs(), template);

        cluster.await(
                "the Job controller's failure",
                () -> cluster.get("/api/v1/namespaces/" + namespace + "/events").made(),
                events -> events.toString().contains("is created with the gate"));
        assertThat(cluster.get(pods()).made().getAsJsonArray("items")).isEmpty();

        String binding =
                POLICIES + "/validatingadmissionpolicybindings/" + cluster.mark() + "-" + AdmissionPolicies.PODS;
        assertThat(cluster.delete(binding, new JsonObject()).status()).isEqualTo(200);
        // The controller's next try may be far away; another Job's first one is not.
        cluster.await("the policy to be gone", () -> dryRun(pod(request)), answer -> answer.status() == 201);
        JsonObject second = JobTemplate.of(request("trusted-open-tag"));
        JsonObject secondJob = cluster.make(jobs(), second);
        assertThat(ExpectedPod.held(second, uid(secondJob), Priority.NONE).compare(podOf(secondJob)))
                .extracting(Difference::drift)
                .contains(Drift.GATE);
        assertThat(uid(job)).isNotEqualTo(uid(secondJob));
    }

    /** The policies compare class and label, so whoever changes both gets past them, and not past the comparison. */
    @Test
    void class_that_is_stripped_with_its_label_is_found() {
        mutating("[JSONPatch{op: \"remove\", path: \"/spec/runtimeClassName\"},"
                + " JSONPatch{op: \"remove\", path: \"/spec/overhead\"},"
                + " JSONPatch{op: \"replace\", path: \"/metadata/labels/\" + jsonpatch.escapeKey(\""
                + Marks.RUNTIME_CLASS + "\"), value: \"\"}]");
        PodRequest request = request("untrusted-gvisor");
        cluster.await(
                "the mutation",
                () -> dryRun(pod(request)),
                answer -> answer.status() == 201
                        && !answer.body().getAsJsonObject("spec").has("runtimeClassName"));
        JsonObject template = JobTemplate.of(request);
        JsonObject job = cluster.make(jobs(), template);

        assertThat(ExpectedPod.held(template, uid(job), Priority.NONE).compare(podOf(job)))
                .extracting(Difference::pointer)
                .containsExactlyInAnyOrder(
                        "/metadata/labels/lantern.dev~1runtime-class", "/spec/runtimeClassName", "/spec/overhead");
    }

    @Test
    void pod_that_stands_cannot_be_changed_entered_or_let_go_to_anywhere() {
        JsonObject job = cluster.make(jobs(), JobTemplate.of(request("trusted-runc")));
        JsonObject held = podOf(job);
        String pod = pods() + "/" + name(held);
        String image = "evil@sha256:" + "0".repeat(64);

        patch(pod, "{\"spec\":{\"schedulingGates\":[]}}").refusedBecause("let go to nodes by name");
        patch(pod, "{\"metadata\":{\"labels\":{\"lantern.dev/tenant\":\"other\"}}}")
                .refusedBecause("Lantern's labels do not change");
        patch(pod, "{\"metadata\":{\"labels\":{\"lantern.dev/extra\":\"x\"}}}")
                .refusedBecause("Lantern's labels do not change");
        patch(pod, "{\"metadata\":{\"annotations\":{\"lantern.dev/spec-digest\":null}}}")
                .refusedBecause("Lantern's annotations do not change");
        strategic(pod, "{\"spec\":{\"containers\":[{\"name\":\"agent\",\"image\":\"" + image + "\"}]}}")
                .refusedBecause("image does not change");
        strategic(pod, "{\"spec\":{\"initContainers\":[{\"name\":\"harness\",\"image\":\"" + image + "\"}]}}")
                .refusedBecause("image does not change");
        JsonArray tolerations =
                held.getAsJsonObject("spec").getAsJsonArray("tolerations").deepCopy();
        tolerations.add(Toleration.exists("more").json().json());
        cluster.mergePatch(
                        pod,
                        Tree.object()
                                .put("spec", Tree.object().put("tolerations", tolerations))
                                .json())
                .refusedBecause("tolerates what it tolerated");
        strategic(
                        pod + "/ephemeralcontainers",
                        "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"d\",\"image\":\"d\",\"securityContext\":"
                                + "{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}}}]}}")
                .refusedBecause("takes no exec, attach");
        strategic(
                        pod + "/resize",
                        "{\"spec\":{\"containers\":[{\"name\":\"agent\",\"resources\":{\"limits\":{\"cpu\":\"4\"}}}]}}")
                .refusedBecause("takes no exec, attach");
        for (String entrance : List.of("exec?command=id&container=agent", "attach?container=agent", "portforward")) {
            cluster.post(pod + "/" + entrance, new JsonObject()).refusedBecause("takes no exec, attach");
        }
    }

    @Test
    void running_job_is_deleted_in_the_background_or_not_at_all() {
        JsonObject job = cluster.make(jobs(), JobTemplate.of(request("trusted-runc")));
        String path = jobs() + "/" + name(job);

        for (String options :
                List.of("{}", "{\"propagationPolicy\":\"Orphan\"}", "{\"propagationPolicy\":\"Foreground\"}")) {
            cluster.delete(path, Persisted.json(options)).refusedBecause("deleted with propagationPolicy Background");
        }
        assertThat(cluster.delete(path, BACKGROUND).status()).isEqualTo(200);
    }

    @Test
    void namespace_goes_with_what_runs_in_it() {
        cluster.post(jobs(), JobTemplate.of(request("trusted-runc"))).made();
        String path = "/api/v1/namespaces/" + namespace;

        assertThat(cluster.delete(path, BACKGROUND).status()).isEqualTo(200);
        cluster.await("the namespace to go", () -> cluster.get(path).status(), status -> status == 404);
    }

    @Test
    void host_can_do_with_its_roles_what_it_has_to_and_no_more() {
        for (boolean everywhere : List.of(true, false)) {
            String account = "host-" + everywhere;
            String user = "system:serviceaccount:" + namespace + ":" + account;
            List<Manifest> roles = everywhere
                    ? HostRoles.clusterWide(namespace, account)
                    : HostRoles.inNamespace(namespace, namespace, account);
            for (Manifest manifest : roles) {
                JsonObject object = marked(manifest.object());
                object.getAsJsonObject("metadata").addProperty("name", name(object) + "-" + everywhere);
                if (object.has("roleRef")) {
                    JsonObject role = object.getAsJsonObject("roleRef");
                    boolean named =
                            manifest.object().getAsJsonObject("metadata").has("namespace");
                    role.addProperty(
                            "name",
                            (named ? "" : cluster.mark() + "-")
                                    + role.get("name").getAsString() + "-" + everywhere);
                }
                cluster.make(collection(manifest), object);
            }
            PodRequest request = request("trusted-runc");
            JsonObject template = JobTemplate.of(request);
            JsonObject job = cluster.await(
                            "the role", () -> as(user, "POST", jobs(), template), answer -> answer.status() != 403)
                    .made();
            JsonObject held = podOf(job);
            Ungating ungating = new Ungating(version(held), List.of("lantern-nowhere"));

            assertThat(cluster.call(
                                    "PATCH",
                                    pods() + "/" + name(held),
                                    ungating.patch(),
                                    "application/merge-patch+json",
                                    user)
                            .status())
                    .isEqualTo(200);
            for (String readable : List.of(
                    jobs(),
                    pods(),
                    "/api/v1/nodes",
                    "/api/v1/namespaces/" + namespace,
                    "/apis/node.k8s.io/v1/runtimeclasses",
                    "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies",
                    "/api/v1/namespaces/" + namespace + "/resourcequotas",
                    "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                    POLICIES + "/validatingadmissionpolicies",
                    POLICIES + "/validatingadmissionpolicybindings",
                    "/.well-known/openid-configuration",
                    "/openid/v1/jwks")) {
                assertThat(as(user, "GET", readable, null).status())
                        .as(readable)
                        .isEqualTo(200);
            }
            String secrets = "/api/v1/namespaces/" + namespace + "/secrets";
            assertThat(as(user, "GET", secrets, null).status()).isEqualTo(403);
            assertThat(as(user, "DELETE", pods() + "/" + name(held), new JsonObject())
                            .status())
                    .isEqualTo(403);
            assertThat(as(user, "POST", pods(), pod(request)).status()).isEqualTo(403);
            assertThat(as(user, "GET", "/api/v1/pods", null).status()).isEqualTo(everywhere ? 200 : 403);
            assertThat(as(user, "DELETE", jobs() + "/" + name(job), BACKGROUND).status())
                    .isEqualTo(200);
            cluster.await(
                    "the Job to go", () -> cluster.get(jobs() + "/" + name(job)).status(), status -> status == 404);
        }
    }

    /** Plays a webhook in this test's namespace; not every server has such policies. */
    private void mutating(String patch) {
        String name = cluster.mark() + "-webhook";
        String path = POLICIES + "/mutatingadmissionpolicies";
        assumeTrue(cluster.get(path).status() == 200, "this server has no MutatingAdmissionPolicy in v1; skipped");
        JsonObject spec = Persisted.json("""
                {"matchConstraints":{"namespaceSelector":{"matchLabels":{"%s":"true"}},"resourceRules":[
                 {"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},
                 "failurePolicy":"Fail","reinvocationPolicy":"Never","mutations":[{"patchType":"JSONPatch","jsonPatch":{}}]}
                """.formatted(mine()));
        spec.getAsJsonArray("mutations")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("jsonPatch")
                .addProperty("expression", patch);
        cluster.make(
                path,
                Tree.object()
                        .put("apiVersion", "admissionregistration.k8s.io/v1")
                        .put("kind", "MutatingAdmissionPolicy")
                        .put("metadata", Tree.object().put("name", name))
                        .put("spec", spec)
                        .json());
        cluster.make(
                POLICIES + "/mutatingadmissionpolicybindings",
                Tree.object()
                        .put("apiVersion", "admissionregistration.k8s.io/v1")
                        .put("kind", "MutatingAdmissionPolicyBinding")
                        .put("metadata", Tree.object().put("name", name))
                        .put("spec", Tree.object().put("policyName", name))
                        .json());
    }

    private Answer as(String user, String method, String path, JsonObject body) {
        return cluster.call(method, path, body, "application/json", user);
    }

    private Answer patch(String path, String patch) {
        return cluster.mergePatch(path, Persisted.json(patch));
    }

    private Answer strategic(String path, String patch) {
        return cluster.call("PATCH", path, Persisted.json(patch), "application/strategic-merge-patch+json", "");
    }

    private Answer dryRun(JsonObject pod) {
        return cluster.post(pods() + "?dryRun=All", pod);
    }

    /** A pod as a webhook would hand it on: with a name, because no controller gives it one here. */
    private static JsonObject pod(PodRequest request) {
        JsonObject pod = JobTemplate.podOf(JobTemplate.of(request));
        pod.getAsJsonObject("metadata").addProperty("name", "made-by-hand");
        return pod;
    }

    private JsonObject podOf(JsonObject job) {
        String selector = "?labelSelector=batch.kubernetes.io/controller-uid%3D" + uid(job);
        return TestApiServer.items(cluster.await(
                        "the pod of " + name(job),
                        () -> cluster.get(pods() + selector).made(),
                        list -> !list.getAsJsonArray("items").isEmpty()))
                .get(0);
    }

    /** The request in this test's namespace, with classes that this cluster has, and small enough for any node. */
    private PodRequest request(String name) {
        PodRequest usual = Requests.all().get(name);
        int epoch = 1 + new ArrayList<>(Requests.all().keySet()).indexOf(name);
        AgentSpec.Builder spec = usual.spec().toBuilder();
        if (usual.boundary().isolation() == Isolation.TRUSTED) {
            spec.limits(limits -> limits.vcpu("10m").memory("16Mi").scratchSize("1Mi"));
        }
        return new PodRequest(
                new InstanceKey(
                        usual.key().installation(),
                        new InstanceRef(usual.key().instance().run(), epoch)),
                namespace,
                spec.build(),
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
                usual.priority().className().isEmpty() ? Priority.NONE : priority(usual.priority()),
                usual.workspace());
    }

    private PinnedClass pinned(PinnedClass usual) {
        String name = cluster.mark() + "-" + usual.name();
        String path = "/apis/node.k8s.io/v1/runtimeclasses";
        Answer found = cluster.get(path + "/" + name);
        JsonObject object = found.status() == 200
                ? found.body()
                : cluster.make(
                        path,
                        Tree.object()
                                .put("apiVersion", "node.k8s.io/v1")
                                .put("kind", "RuntimeClass")
                                .put("metadata", Tree.object().put("name", name))
                                .put("handler", "lantern-test")
                                .put("overhead", Tree.object().put("podFixed", Tree.texts(usual.overhead())))
                                .put(
                                        "scheduling",
                                        Tree.object()
                                                .put("nodeSelector", Tree.texts(usual.nodeSelector()))
                                                .put("tolerations", Toleration.json(usual.tolerations())))
                                .json());
        return new PinnedClass(name, uid(object), usual.overhead(), usual.nodeSelector(), usual.tolerations());
    }

    private Priority priority(Priority usual) {
        String name = cluster.mark() + "-" + usual.className();
        String path = "/apis/scheduling.k8s.io/v1/priorityclasses";
        if (cluster.get(path + "/" + name).status() != 200) {
            cluster.make(
                    path,
                    Tree.object()
                            .put("apiVersion", "scheduling.k8s.io/v1")
                            .put("kind", "PriorityClass")
                            .put("metadata", Tree.object().put("name", name))
                            .put("value", usual.value())
                            .put("preemptionPolicy", usual.preemptionPolicy())
                            .json());
        }
        return new Priority(name, usual.value(), usual.preemptionPolicy());
    }

    /** Policies of this test select its namespace only, so that two tests, or a real installation, do not meet. */
    private JsonObject marked(JsonObject object) {
        JsonObject marked = Persisted.json(object.toString().replace(Marks.AGENTS, mine()));
        JsonObject metadata = marked.getAsJsonObject("metadata");
        boolean named =
                metadata.has("namespace") || object.get("kind").getAsString().equals("Namespace");
        if (!named) {
            metadata.addProperty("name", cluster.mark() + "-" + name(object));
            Optional.ofNullable(marked.getAsJsonObject("spec"))
                    .filter(spec -> spec.has("policyName"))
                    .ifPresent(spec -> spec.addProperty("policyName", cluster.mark() + "-" + name(object)));
        }
        return marked;
    }

    private void read(Map<String, List<JsonObject>> objects, Manifest manifest, String name) {
        JsonObject found = cluster.get(collection(manifest) + "/" + name).made();
        JsonObject unmarked = Persisted.json(
                found.toString().replace(mine(), Marks.AGENTS).replace(cluster.mark() + "-lantern-", "lantern-"));
        objects.computeIfAbsent(manifest.kind(), kind -> new ArrayList<>()).add(unmarked);
    }

    private String mine() {
        return Marks.AGENTS + "-" + cluster.mark();
    }

    static String collection(Manifest manifest) {
        String version = manifest.object().get("apiVersion").getAsString();
        String group = version.contains("/") ? "/apis/" + version : "/api/" + version;
        String within = ExpectedJob.text(manifest.object(), "metadata", "namespace")
                .map(name -> "/namespaces/" + name)
                .orElse("");
        String kind = manifest.kind().toLowerCase(Locale.ROOT);
        String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
        return group + within + "/" + plural.replace("classs", "classes");
    }

    private String jobs() {
        return "/apis/batch/v1/namespaces/" + namespace + "/jobs";
    }

    private String pods() {
        return "/api/v1/namespaces/" + namespace + "/pods";
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
