package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ExpectedPodTest {
    private static final JsonObject TEMPLATE = JobTemplate.of(Requests.untrusted());

    /** Places that may be anything, by the list of allowances; each is under one of these. */
    private static final List<String> FREE = List.of(
            "/status",
            "/metadata/uid",
            "/metadata/resourceVersion",
            "/metadata/generation",
            "/metadata/creationTimestamp",
            "/metadata/managedFields",
            "/metadata/labels/topology.kubernetes.io~1zone",
            "/metadata/annotations/cni.projectcalico.org~1podIP");

    @Test
    void pod_that_nobody_touched_has_no_difference_at_any_moment() {
        int compared = 0;
        for (PodRequest request : Requests.all().values()) {
            JsonObject job = JobTemplate.of(request);
            ExpectedPod held = ExpectedPod.held(job, Persisted.JOB_UID, Priority.NONE);

            assertThat(held.compare(Persisted.held(job))).isEmpty();
            assertThat(held.letGo(Persisted.UNGATING).compare(Persisted.letGo(job)))
                    .isEmpty();
            assertThat(held.letGo(Persisted.UNGATING).bound().compare(Persisted.bound(job)))
                    .isEmpty();
            compared++;
        }
        assertThat(compared).isGreaterThanOrEqualTo(11);
    }

    @Test
    void pod_from_a_list_has_neither_kind_nor_version() {
        JsonObject item = Persisted.held(TEMPLATE);
        item.remove("kind");
        item.remove("apiVersion");

        assertThat(held().compare(item)).isEmpty();
    }

    @Test
    void every_change_of_a_webhook_is_found_and_told_apart() {
        Map<String, Hostile> cases = hostile();
        for (Map.Entry<String, Hostile> named : cases.entrySet()) {
            Hostile hostile = named.getValue();
            JsonObject pod = Persisted.held(TEMPLATE);
            hostile.change().accept(pod);

            List<Difference> differences = held().compare(pod);

            assertThat(differences).as(named.getKey()).anySatisfy(difference -> {
                assertThat(difference.pointer()).isEqualTo(hostile.pointer());
                assertThat(difference.drift()).isEqualTo(hostile.drift());
            });
        }
        System.out.println("hostile webhooks: " + cases.size() + " changes of a pod");
        assertThat(cases).hasSizeGreaterThanOrEqualTo(70);
    }

    @Test
    void every_change_in_the_ungating_patch_is_found_as_well() {
        for (Map.Entry<String, Hostile> named : hostile().entrySet()) {
            if (named.getValue().drift() == Drift.GATE || named.getKey().equals("node affinity")) {
                continue;
            }
            JsonObject pod = Persisted.letGo(TEMPLATE);
            named.getValue().change().accept(pod);

            assertThat(held().letGo(Persisted.UNGATING).compare(pod))
                    .as(named.getKey())
                    .isNotEmpty();
        }
    }

    @Test
    void pod_that_was_let_go_is_on_the_verified_nodes_and_no_others() {
        Map<String, Consumer<JsonObject>> changes = new LinkedHashMap<>();
        changes.put("one more node", pod -> terms(pod).add(term("node-c")));
        changes.put("one node fewer", pod -> terms(pod).remove(1));
        changes.put("another node", pod -> terms(pod).set(1, term("node-c")));
        changes.put("no nodes at all", pod -> spec(pod).remove("affinity"));
        changes.put(
                "a term that matches every node", pod -> terms(pod).add(Persisted.json("{\"matchExpressions\":[]}")));
        changes.put(
                "the gate still there",
                pod -> spec(pod).add("schedulingGates", Tree.array(Tree.object().put("name", Marks.GATE))));

        changes.forEach((name, change) -> {
            JsonObject pod = Persisted.letGo(TEMPLATE);
            change.accept(pod);
            assertThat(held().letGo(Persisted.UNGATING).compare(pod)).as(name).isNotEmpty();
        });
    }

    @Test
    void pod_is_bound_to_a_verified_node_or_refused() {
        JsonObject elsewhere = Persisted.bound(TEMPLATE);
        spec(elsewhere).addProperty("nodeName", "node-c");
        JsonObject nowhere = Persisted.bound(TEMPLATE);
        spec(nowhere).remove("nodeName");
        ExpectedPod bound = held().letGo(Persisted.UNGATING).bound();

        assertThat(bound.compare(elsewhere))
                .singleElement()
                .hasToString("/spec/nodeName: expected nothing, found \"node-c\": other nodes than those that were"
                        + " verified");
        assertThat(bound.compare(nowhere))
                .singleElement()
                .satisfies(difference -> assertThat(difference.expected()).isEqualTo("one of 2 verified nodes"));
        assertThatThrownBy(() -> held().bound()).hasMessage("a pod is bound after it was let go");
    }

    @Test
    void what_only_a_bound_pod_may_have_is_a_difference_before() {
        JsonObject pod = Persisted.bound(TEMPLATE);

        assertThat(held().letGo(Persisted.UNGATING).compare(pod))
                .extracting(Difference::pointer)
                .containsExactlyInAnyOrder(
                        "/metadata/labels/topology.kubernetes.io~1zone",
                        "/metadata/annotations/cni.projectcalico.org~1podIP",
                        "/spec/nodeName");
    }

    /** Whatever is changed, removed or added anywhere in the tree is found, unless its place is on the list. */
    @Test
    void nothing_in_the_tree_can_change_unseen() {
        ExpectedPod held = held();
        ExpectedPod letGo = held.letGo(Persisted.UNGATING);
        JsonObject hostile = JobTemplate.of(Requests.hostile());
        int mutations = walk(Persisted.held(TEMPLATE), held)
                + walk(Persisted.letGo(TEMPLATE), letGo)
                + walk(Persisted.bound(TEMPLATE), letGo.bound())
                + walk(
                        Persisted.letGo(hostile),
                        ExpectedPod.held(hostile, Persisted.JOB_UID, Priority.NONE)
                                .letGo(Persisted.UNGATING));
        System.out.println("comparison of pods: " + mutations + " mutations of a tree");
        assertThat(mutations).isGreaterThan(5000);
    }

    @Test
    void priority_of_another_class_is_a_difference() {
        JsonObject job = JobTemplate.of(Requests.everything());
        ExpectedPod expected = ExpectedPod.held(job, Persisted.JOB_UID, new Priority("agents-low", -10, "Never"));
        JsonObject pod = Persisted.held(job);
        assertThat(expected.compare(pod)).hasSize(2);

        spec(pod).addProperty("priority", -10);
        spec(pod).addProperty("preemptionPolicy", "Never");
        assertThat(expected.compare(pod)).isEmpty();
    }

    @Test
    void no_difference_shows_what_could_be_a_secret() {
        String canary = "c4nary-s3cret";
        Map<String, Consumer<JsonObject>> places = new LinkedHashMap<>();
        places.put(
                "variable",
                pod -> env(pod, 0).add(Persisted.json("{\"name\":\"TOKEN\",\"value\":\"" + canary + "\"}")));
        places.put(
                "changed variable", pod -> env(pod, 0).get(0).getAsJsonObject().addProperty("value", canary));
        places.put("argument", pod -> agent(pod).add("args", Tree.strings("--token", canary)));
        places.put("command", pod -> agent(pod).add("command", Tree.strings(canary)));
        places.put("annotation", pod -> annotations(pod).addProperty("sidecar/status", canary));
        places.put("changed annotation", pod -> annotations(pod).addProperty(Marks.SPEC_DIGEST, canary));
        places.put(
                "sidecar",
                pod -> spec(pod)
                        .getAsJsonArray("containers")
                        .add(Persisted.json("{\"name\":\"x\",\"args\":[\"" + canary + "\"]}")));
        places.put("unknown field", pod -> spec(pod).addProperty("unheardOf", canary));
        places.put(
                "probe header",
                pod -> agent(pod)
                        .add(
                                "livenessProbe",
                                Persisted.json("{\"httpGet\":{\"httpHeaders\":[{\"name\":\"A\",\"value\":\"" + canary
                                        + "\"}]}}")));

        places.forEach((name, change) -> {
            JsonObject pod = Persisted.held(TEMPLATE);
            change.accept(pod);
            List<Difference> differences = held().compare(pod);
            assertThat(differences).as(name).isNotEmpty();
            assertThat(differences.toString()).as(name).doesNotContain(canary);
        });
    }

    @Test
    void what_a_stranger_wrote_stays_on_one_line() {
        JsonObject pod = Persisted.held(TEMPLATE);
        spec(pod).addProperty("forged\nline", 1);
        spec(pod).addProperty("nodeName", "a\r\n\u001b[31m" + "x".repeat(500));

        assertThat(held().compare(pod))
                .hasSize(2)
                .allSatisfy(difference -> assertThat(difference.toString())
                        .matches("[\\x20-\\x7e…]*")
                        .hasSizeLessThan(500));
    }

    private static ExpectedPod held() {
        return ExpectedPod.held(TEMPLATE, Persisted.JOB_UID, Priority.NONE);
    }

    /**
     * @param change what the webhook does
     * @param pointer where the difference is
     * @param drift what it means
     */
    private record Hostile(Consumer<JsonObject> change, String pointer, Drift drift) {}

    private static Map<String, Hostile> hostile() {
        Map<String, Hostile> cases = new LinkedHashMap<>();
        boundary(cases);
        containers(cases);
        volumesAndTokens(cases);
        placement(cases);
        host(cases);
        security(cases);
        marks(cases);
        unknown(cases);
        return cases;
    }

    private static void boundary(Map<String, Hostile> cases) {
        cases.put("class stripped", removing("/spec/runtimeClassName", Drift.BOUNDARY));
        cases.put("class swapped", setting("/spec/runtimeClassName", "runc", Drift.BOUNDARY));
        cases.put("class emptied", setting("/spec/runtimeClassName", "", Drift.BOUNDARY));
        cases.put("overhead stripped", removing("/spec/overhead", Drift.BOUNDARY));
        cases.put("overhead of another class", setting("/spec/overhead/memory", "167Mi", Drift.BOUNDARY));
        cases.put("gate removed", removing("/spec/schedulingGates", Drift.GATE));
        cases.put(
                "gate emptied",
                new Hostile(
                        pod -> spec(pod).add("schedulingGates", new JsonArray()),
                        "/spec/schedulingGates/0",
                        Drift.GATE));
        cases.put(
                "gate renamed",
                new Hostile(
                        pod -> spec(pod)
                                .getAsJsonArray("schedulingGates")
                                .get(0)
                                .getAsJsonObject()
                                .addProperty("name", "other"),
                        "/spec/schedulingGates/0",
                        Drift.GATE));
        cases.put(
                "second gate",
                new Hostile(
                        pod -> spec(pod).getAsJsonArray("schedulingGates").add(Persisted.json("{\"name\":\"other\"}")),
                        "/spec/schedulingGates/1",
                        Drift.GATE));
        for (String annotation : List.of(
                "dev.gvisor.flag.network",
                "dev.gvisor.spec.mount.x.type",
                "io.katacontainers.config.hypervisor.kernel",
                "io.kubernetes.cri.untrusted-workload",
                "io.kubernetes.cri-o.Devices",
                "io.containerd.cri.runtime-handler")) {
            cases.put(
                    "annotation " + annotation,
                    new Hostile(
                            pod -> annotations(pod).addProperty(annotation, "host"),
                            "/metadata/annotations/" + annotation,
                            Drift.SANDBOX_SETTINGS));
        }
    }

    private static void containers(Map<String, Hostile> cases) {
        JsonObject sidecar = Persisted.json("{\"name\":\"istio-proxy\",\"image\":\"proxy\"}");
        cases.put(
                "sidecar",
                new Hostile(
                        pod -> spec(pod).getAsJsonArray("containers").add(sidecar),
                        "/spec/containers/1",
                        Drift.CONTAINERS));
        cases.put(
                "sidecar in front",
                new Hostile(pod -> prepend(spec(pod), "containers", sidecar), "/spec/containers/0", Drift.CONTAINERS));
        cases.put(
                "init container",
                new Hostile(
                        pod -> spec(pod).getAsJsonArray("initContainers").add(sidecar),
                        "/spec/initContainers/1",
                        Drift.CONTAINERS));
        cases.put(
                "init container in front",
                new Hostile(
                        pod -> prepend(spec(pod), "initContainers", sidecar),
                        "/spec/initContainers/0",
                        Drift.CONTAINERS));
        cases.put(
                "harness removed",
                new Hostile(
                        pod -> spec(pod).getAsJsonArray("initContainers").remove(0),
                        "/spec/initContainers/0",
                        Drift.CONTAINERS));
        cases.put("harness no sidecar any more", removing("/spec/initContainers/0/restartPolicy", Drift.LIFECYCLE));
        cases.put(
                "ephemeral container",
                new Hostile(
                        pod -> spec(pod)
                                .add(
                                        "ephemeralContainers",
                                        Tree.array(Tree.object().put("name", "debugger"))),
                        "/spec/ephemeralContainers",
                        Drift.EPHEMERAL_CONTAINER));
        cases.put("agent's image", setting("/spec/containers/0/image", "evil@sha256:" + "0".repeat(64), Drift.IMAGE));
        cases.put("harness's image", setting("/spec/initContainers/0/image", "evil:latest", Drift.IMAGE));
        cases.put("image pulled anew", setting("/spec/containers/0/imagePullPolicy", "Always", Drift.IMAGE));
        cases.put(
                "command",
                new Hostile(
                        pod -> agent(pod).add("command", Tree.strings("/bin/sh")),
                        "/spec/containers/0/command",
                        Drift.PROGRAM));
        cases.put(
                "variable",
                new Hostile(
                        pod -> env(pod, 0).add(Persisted.json("{\"name\":\"LD_PRELOAD\",\"value\":\"/x.so\"}")),
                        "/spec/containers/0/env/5",
                        Drift.PROGRAM));
        cases.put("LANTERN_SECRETS overridden", setting("/spec/containers/0/env/3/value", "/tmp", Drift.PROGRAM));
        cases.put("LANTERN_URL overridden", setting("/spec/containers/0/env/4/value", "http://x", Drift.PROGRAM));
        cases.put(
                "variables from a secret",
                new Hostile(
                        pod -> agent(pod)
                                .add(
                                        "envFrom",
                                        Tree.array(Tree.object()
                                                .put("secretRef", Tree.object().put("name", "s")))),
                        "/spec/containers/0/envFrom",
                        Drift.PROGRAM));
        cases.put("probe removed", removing("/spec/initContainers/0/startupProbe", Drift.LIFECYCLE));
        cases.put(
                "probe of another port",
                setting("/spec/initContainers/0/startupProbe/tcpSocket/port", 1, Drift.LIFECYCLE));
        cases.put(
                "hook",
                new Hostile(
                        pod -> agent(pod)
                                .add("lifecycle", Persisted.json("{\"postStart\":{\"exec\":{\"command\":[\"x\"]}}}")),
                        "/spec/containers/0/lifecycle",
                        Drift.LIFECYCLE));
        cases.put(
                "host port",
                new Hostile(
                        pod -> agent(pod).add("ports", Tree.array(Tree.object().put("hostPort", 80))),
                        "/spec/containers/0/ports",
                        Drift.NETWORK));
        cases.put("memory raised", setting("/spec/containers/0/resources/limits/memory", "64Gi", Drift.LIMITS));
        cases.put(
                "disk limit removed", removing("/spec/containers/0/resources/limits/ephemeral-storage", Drift.LIMITS));
        cases.put(
                "processor limit on the harness",
                setting("/spec/initContainers/0/resources/limits/cpu", "200m", Drift.LIMITS));
        cases.put("pod deadline removed", removing("/spec/activeDeadlineSeconds", Drift.LIFECYCLE));
        cases.put("restarted for ever", setting("/spec/restartPolicy", "Always", Drift.LIFECYCLE));
    }

    private static void volumesAndTokens(Map<String, Hostile> cases) {
        cases.put(
                "host path",
                new Hostile(
                        pod -> spec(pod)
                                .getAsJsonArray("volumes")
                                .add(Persisted.json("{\"name\":\"root\",\"hostPath\":{\"path\":\"/\"}}")),
                        "/spec/volumes/6",
                        Drift.STORAGE));
        cases.put(
                "projected token",
                new Hostile(
                        pod -> spec(pod)
                                .getAsJsonArray("volumes")
                                .add(
                                        Persisted.json(
                                                "{\"name\":\"kube-api-access\",\"projected\":{\"sources\":[{"
                                                        + "\"serviceAccountToken\":{\"path\":\"token\",\"expirationSeconds\":3607}}]}}")),
                        "/spec/volumes/6",
                        Drift.TOKEN));
        cases.put(
                "enrolment token of another audience",
                setting(
                        "/spec/volumes/5/projected/sources/0/serviceAccountToken/audience",
                        "https://kubernetes.default.svc",
                        Drift.TOKEN));
        cases.put(
                "enrolment token mounted for the agent",
                new Hostile(
                        pod -> agent(pod)
                                .getAsJsonArray("volumeMounts")
                                .add(Persisted.json("{\"name\":\"lantern-enrolment\",\"mountPath\":\"/t\"}")),
                        "/spec/containers/0/volumeMounts/4",
                        Drift.STORAGE));
        cases.put(
                "secrets writable for the agent",
                removing("/spec/containers/0/volumeMounts/1/readOnly", Drift.STORAGE));
        cases.put("volume of unlimited size", removing("/spec/volumes/3/emptyDir/sizeLimit", Drift.STORAGE));
        cases.put("secrets on disk", removing("/spec/volumes/1/emptyDir/medium", Drift.STORAGE));
        cases.put("token mounted by itself", setting("/spec/automountServiceAccountToken", true, Drift.TOKEN));
        cases.put("token's switch removed", removing("/spec/automountServiceAccountToken", Drift.TOKEN));
        cases.put("another account", setting("/spec/serviceAccountName", "admin", Drift.TOKEN));
        cases.put(
                "pull secrets",
                new Hostile(
                        pod -> spec(pod)
                                .add(
                                        "imagePullSecrets",
                                        Tree.array(Tree.object().put("name", "s"))),
                        "/spec/imagePullSecrets",
                        Drift.TOKEN));
    }

    private static void placement(Map<String, Hostile> cases) {
        cases.put("node named", setting("/spec/nodeName", "node-c", Drift.PLACEMENT));
        cases.put("verified node named too early", setting("/spec/nodeName", "node-a", Drift.PLACEMENT));
        cases.put("node selector", setting("/spec/nodeSelector/pool", "cheap", Drift.PLACEMENT));
        cases.put("class's node selector removed", removing("/spec/nodeSelector", Drift.PLACEMENT));
        cases.put(
                "toleration",
                new Hostile(
                        pod -> spec(pod).getAsJsonArray("tolerations").add(Persisted.json("{\"operator\":\"Exists\"}")),
                        "/spec/tolerations/3",
                        Drift.PLACEMENT));
        cases.put(
                "node affinity",
                new Hostile(
                        pod -> spec(pod).add("affinity", Persisted.json("{\"nodeAffinity\":{}}")),
                        "/spec/affinity",
                        Drift.PLACEMENT));
        cases.put("another scheduler", setting("/spec/schedulerName", "evil", Drift.PLACEMENT));
        cases.put("priority raised", setting("/spec/priority", 2000000000, Drift.PLACEMENT));
        cases.put("priority class", setting("/spec/priorityClassName", "system-node-critical", Drift.PLACEMENT));
        cases.put("preemption", setting("/spec/preemptionPolicy", "Never", Drift.PLACEMENT));
    }

    private static void host(Map<String, Hostile> cases) {
        cases.put("host network", setting("/spec/hostNetwork", true, Drift.NETWORK));
        cases.put("host processes", setting("/spec/hostPID", true, Drift.PRIVILEGE));
        cases.put("host ipc", setting("/spec/hostIPC", true, Drift.PRIVILEGE));
        cases.put("host users", setting("/spec/hostUsers", true, Drift.PRIVILEGE));
        cases.put("user namespaces removed", removing("/spec/hostUsers", Drift.PRIVILEGE));
        cases.put("shared processes", setting("/spec/shareProcessNamespace", true, Drift.PRIVILEGE));
        cases.put("names resolved", setting("/spec/dnsPolicy", "ClusterFirst", Drift.NETWORK));
        cases.put("another name server", setting("/spec/dnsConfig/nameservers/0", "8.8.8.8", Drift.NETWORK));
        cases.put(
                "host aliases",
                new Hostile(
                        pod -> spec(pod)
                                .add("hostAliases", Tree.array(Tree.object().put("ip", "1.2.3.4"))),
                        "/spec/hostAliases",
                        Drift.NETWORK));
        cases.put("service links", setting("/spec/enableServiceLinks", true, Drift.NETWORK));
    }

    private static void security(Map<String, Hostile> cases) {
        for (String container : List.of("/spec/containers/0", "/spec/initContainers/0")) {
            String at = container + "/securityContext";
            for (String field : List.of(
                    "runAsNonRoot",
                    "readOnlyRootFilesystem",
                    "allowPrivilegeEscalation",
                    "privileged",
                    "runAsUser",
                    "runAsGroup",
                    "capabilities",
                    "seccompProfile")) {
                cases.put(container + " without " + field, removing(at + "/" + field, Drift.PRIVILEGE));
            }
            cases.put(container + " as root", setting(at + "/runAsUser", 0, Drift.PRIVILEGE));
            cases.put(container + " privileged", setting(at + "/privileged", true, Drift.PRIVILEGE));
            cases.put(container + " unconfined", setting(at + "/seccompProfile/type", "Unconfined", Drift.PRIVILEGE));
            cases.put(container + " with a raw procfs", setting(at + "/procMount", "Unmasked", Drift.PRIVILEGE));
            cases.put(
                    container + " with a capability",
                    new Hostile(
                            pod -> at(pod, at + "/capabilities")
                                    .getAsJsonObject()
                                    .add("add", Tree.strings("SYS_ADMIN")),
                            at + "/capabilities/add",
                            Drift.PRIVILEGE));
        }
        for (String field : List.of("runAsNonRoot", "fsGroup", "supplementalGroupsPolicy", "seccompProfile")) {
            cases.put("pod without " + field, removing("/spec/securityContext/" + field, Drift.PRIVILEGE));
        }
        cases.put(
                "groups of the image",
                setting("/spec/securityContext/supplementalGroupsPolicy", "Merge", Drift.PRIVILEGE));
        cases.put(
                "sysctls",
                new Hostile(
                        pod -> at(pod, "/spec/securityContext")
                                .getAsJsonObject()
                                .add("sysctls", Tree.array(Tree.object().put("name", "net.ipv4.ip_forward"))),
                        "/spec/securityContext/sysctls",
                        Drift.PRIVILEGE));
    }

    private static void marks(Map<String, Hostile> cases) {
        cases.put("fence's label removed", removing("/metadata/labels/app.kubernetes.io~1managed-by", Drift.IDENTITY));
        cases.put("tenant changed", setting("/metadata/labels/lantern.dev~1tenant", "other", Drift.IDENTITY));
        cases.put("label added", setting("/metadata/labels/app", "web", Drift.IDENTITY));
        cases.put("annotation added", setting("/metadata/annotations/note", "x", Drift.IDENTITY));
        cases.put("another namespace", setting("/metadata/namespace", "other", Drift.IDENTITY));
        cases.put("another name", setting("/metadata/name", "squatted", Drift.IDENTITY));
        cases.put("owner removed", removing("/metadata/ownerReferences", Drift.IDENTITY));
        cases.put(
                "owned by another Job",
                setting("/metadata/ownerReferences/0/uid", "00000000-0000-0000-0000-000000000000", Drift.IDENTITY));
        cases.put(
                "second owner",
                new Hostile(
                        pod -> pod.getAsJsonObject("metadata")
                                .getAsJsonArray("ownerReferences")
                                .add(Persisted.json("{\"kind\":\"Node\",\"name\":\"n\"}")),
                        "/metadata/ownerReferences/1",
                        Drift.IDENTITY));
        cases.put(
                "finalizer",
                new Hostile(
                        pod -> pod.getAsJsonObject("metadata")
                                .getAsJsonArray("finalizers")
                                .add("x/y"),
                        "/metadata/finalizers",
                        Drift.IDENTITY));
        cases.put("being deleted", setting("/metadata/deletionTimestamp", "2026-01-01T00:00:00Z", Drift.DELETION));
    }

    private static void unknown(Map<String, Hostile> cases) {
        cases.put("unknown field of the pod", setting("/spec/unheardOf", 1, Drift.OTHER));
        cases.put("unknown field of a container", setting("/spec/containers/0/unheardOf", 1, Drift.OTHER));
        cases.put("unknown field beside spec", setting("/unheardOf", 1, Drift.OTHER));
        cases.put(
                "known field set to null",
                new Hostile(
                        pod -> spec(pod).add("hostNetwork", JsonNull.INSTANCE), "/spec/hostNetwork", Drift.NETWORK));
    }

    private static Hostile removing(String pointer, Drift drift) {
        return new Hostile(pod -> parent(pod, pointer).remove(last(pointer)), pointer, drift);
    }

    private static Hostile setting(String pointer, String value, Drift drift) {
        return setting(pointer, new JsonPrimitive(value), drift);
    }

    private static Hostile setting(String pointer, Number value, Drift drift) {
        return setting(pointer, new JsonPrimitive(value), drift);
    }

    private static Hostile setting(String pointer, Boolean value, Drift drift) {
        return setting(pointer, new JsonPrimitive(value), drift);
    }

    private static Hostile setting(String pointer, JsonElement value, Drift drift) {
        return new Hostile(
                pod -> {
                    if (at(pod, pointer.substring(0, pointer.lastIndexOf('/'))) instanceof JsonArray array) {
                        array.set(Integer.parseInt(last(pointer)), value);
                    } else {
                        parent(pod, pointer).add(last(pointer), value);
                    }
                },
                pointer,
                drift);
    }

    private static JsonObject parent(JsonObject pod, String pointer) {
        return at(pod, pointer.substring(0, pointer.lastIndexOf('/'))).getAsJsonObject();
    }

    private static String last(String pointer) {
        return unescaped(pointer.substring(pointer.lastIndexOf('/') + 1));
    }

    private static JsonElement at(JsonElement tree, String pointer) {
        JsonElement here = tree;
        if (!pointer.isEmpty()) {
            for (String segment : pointer.substring(1).split("/")) {
                here = here instanceof JsonArray array
                        ? array.get(Integer.parseInt(segment))
                        : here.getAsJsonObject().get(unescaped(segment));
            }
        }
        return here;
    }

    private static String unescaped(String segment) {
        return segment.replace("~1", "/").replace("~0", "~");
    }

    private static void prepend(JsonObject spec, String list, JsonObject item) {
        JsonArray longer = new JsonArray();
        longer.add(item);
        longer.addAll(spec.getAsJsonArray(list));
        spec.add(list, longer);
    }

    private static JsonObject spec(JsonObject pod) {
        return pod.getAsJsonObject("spec");
    }

    private static JsonObject agent(JsonObject pod) {
        return spec(pod).getAsJsonArray("containers").get(0).getAsJsonObject();
    }

    private static JsonArray env(JsonObject pod, int container) {
        return spec(pod)
                .getAsJsonArray("containers")
                .get(container)
                .getAsJsonObject()
                .getAsJsonArray("env");
    }

    private static JsonObject annotations(JsonObject pod) {
        return pod.getAsJsonObject("metadata").getAsJsonObject("annotations");
    }

    private static JsonArray terms(JsonObject pod) {
        return at(pod, "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms")
                .getAsJsonArray();
    }

    private static JsonObject term(String node) {
        return Persisted.json(
                "{\"matchFields\":[{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"" + node + "\"]}]}");
    }

    /** Every single change at every node of the tree, one at a time; each must be a difference. */
    private static int walk(JsonObject pod, ExpectedPod expected) {
        assertThat(expected.compare(pod)).isEmpty();
        List<String> pointers = new ArrayList<>();
        collect(pod, "", pointers);
        int mutations = 0;
        for (String pointer : pointers) {
            if (FREE.stream().anyMatch(free -> pointer.equals(free) || pointer.startsWith(free + "/"))) {
                continue;
            }
            for (UnaryOperator<JsonObject> mutation : mutationsAt(pointer)) {
                JsonObject changed = mutation.apply(pod.deepCopy());
                if (changed != null && !isAllowed(pointer, changed)) {
                    assertThat(expected.compare(changed)).as(pointer).isNotEmpty();
                    mutations++;
                }
            }
        }
        return mutations;
    }

    /** What may be missing, or have another value of the same kind: by the named list. */
    private static boolean isAllowed(String pointer, JsonObject changed) {
        return switch (pointer) {
            case "" -> false;
            case "/kind",
                    "/apiVersion",
                    "/metadata/finalizers",
                    "/metadata/labels/controller-uid",
                    "/metadata/labels/job-name",
                    "/metadata/name" -> !exists(changed, pointer);
            default -> false;
        };
    }

    private static boolean exists(JsonObject pod, String pointer) {
        JsonElement parent = at(pod, pointer.substring(0, pointer.lastIndexOf('/')));
        return parent.getAsJsonObject().has(last(pointer));
    }

    private static void collect(JsonElement here, String pointer, List<String> pointers) {
        pointers.add(pointer);
        if (here instanceof JsonObject object) {
            object.entrySet()
                    .forEach(member -> collect(
                            member.getValue(),
                            pointer + "/" + member.getKey().replace("~", "~0").replace("/", "~1"),
                            pointers));
        } else if (here instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                collect(array.get(i), pointer + "/" + i, pointers);
            }
        }
    }

    private static List<UnaryOperator<JsonObject>> mutationsAt(String pointer) {
        List<UnaryOperator<JsonObject>> mutations = new ArrayList<>();
        if (!pointer.isEmpty()) {
            mutations.add(pod -> removed(pod, pointer));
            mutations.add(pod -> replaced(pod, pointer, new JsonPrimitive("mutated")));
            mutations.add(pod -> replaced(pod, pointer, JsonNull.INSTANCE));
            mutations.add(pod -> replaced(pod, pointer, new JsonObject()));
        }
        mutations.add(pod -> grown(pod, pointer));
        mutations.add(pod -> altered(pod, pointer));
        return mutations;
    }

    private static JsonObject removed(JsonObject pod, String pointer) {
        JsonElement parent = at(pod, pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof JsonArray array) {
            array.remove(Integer.parseInt(last(pointer)));
        } else {
            parent.getAsJsonObject().remove(last(pointer));
        }
        return pod;
    }

    private static JsonObject replaced(JsonObject pod, String pointer, JsonElement value) {
        if (at(pod, pointer).equals(value)) {
            return null;
        }
        JsonElement parent = at(pod, pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof JsonArray array) {
            array.set(Integer.parseInt(last(pointer)), value);
        } else {
            parent.getAsJsonObject().add(last(pointer), value);
        }
        return pod;
    }

    /** One more member or element. */
    private static JsonObject grown(JsonObject pod, String pointer) {
        JsonElement here = at(pod, pointer);
        if (here instanceof JsonObject object) {
            object.addProperty("unheardOf", 1);
            return pod;
        }
        if (here instanceof JsonArray array) {
            array.add(
                    array.isEmpty()
                            ? new JsonPrimitive("one more")
                            : array.get(0).deepCopy());
            return pod;
        }
        return null;
    }

    /** The same kind of value, a little different. */
    private static JsonObject altered(JsonObject pod, String pointer) {
        if (!(at(pod, pointer) instanceof JsonPrimitive value)) {
            return null;
        }
        if (value.isBoolean()) {
            return replaced(pod, pointer, new JsonPrimitive(!value.getAsBoolean()));
        }
        return value.isNumber()
                ? replaced(pod, pointer, new JsonPrimitive(value.getAsLong() + 1))
                : replaced(pod, pointer, new JsonPrimitive("~" + value.getAsString()));
    }
}
