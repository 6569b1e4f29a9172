package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the pod is: its place, its identity to the kernel, its volumes. The two containers are {@link Containers}. */
final class PodSpec {
    static final String HARNESS = "harness";
    static final String AGENT = "agent";

    /** Made by the namespace baseline; may do nothing. */
    static final String SERVICE_ACCOUNT = "lantern-agent";

    /** Said by the harness's enrolment token and asked for by the host. */
    static final String AUDIENCE = "lantern";

    /** The shortest that the API server allows; the kubelet renews it. */
    private static final long TOKEN_SECONDS = 600;

    private static final long LOST_NODE_SECONDS = 300;

    private static final Pattern ADDRESS =
            Pattern.compile("https?://(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}])(?::[0-9]{1,5})?/?");

    private final PodRequest request;

    private PodSpec(PodRequest request) {
        this.request = request;
    }

    static JsonObject of(PodRequest request) {
        return new PodSpec(request).json();
    }

    private JsonObject json() {
        Boundary boundary = request.boundary();
        requireReachableGateway();
        Containers containers = new Containers(request);
        Tree spec = Tree.object()
                .put("volumes", new Volumes(request).json())
                .put("initContainers", Tree.array(containers.harness()))
                .put("containers", Tree.array(containers.agent()))
                .put("restartPolicy", "Never")
                .put("terminationGracePeriodSeconds", graceSeconds())
                .put(
                        "activeDeadlineSeconds",
                        Deadlines.seconds(request.deadlines().fromStart()))
                .put("dnsPolicy", resolvesNames() ? "ClusterFirst" : "None");
        if (!resolvesNames()) {
            spec.put("dnsConfig", nobodyAnswers());
        }
        boundary.runtimeClass().ifPresent(pinned -> spec.putAll("nodeSelector", pinned.nodeSelector()));
        spec.put("serviceAccountName", SERVICE_ACCOUNT)
                .put("serviceAccount", SERVICE_ACCOUNT)
                .put("automountServiceAccountToken", false)
                .put("securityContext", securityContext());
        affinity().ifPresent(affinity -> spec.put("affinity", affinity));
        spec.put("schedulerName", "default-scheduler").put("tolerations", Toleration.json(tolerations()));
        if (!request.priority().className().isEmpty()) {
            spec.put("priorityClassName", request.priority().className());
        }
        boundary.runtimeClass().ifPresent(pinned -> spec.put("runtimeClassName", pinned.name()));
        spec.put("enableServiceLinks", false);
        boundary.runtimeClass().ifPresent(pinned -> spec.putAll("overhead", pinned.overhead()));
        if (boundary.userNamespaces()) {
            spec.put("hostUsers", false);
        }
        return spec.put("schedulingGates", Tree.array(Tree.object().put("name", Marks.GATE)))
                .json();
    }

    private void requireReachableGateway() {
        if (!ADDRESS.matcher(request.reach().gateway()).matches() && !resolvesNames()) {
            throw new LanternException(
                    "the gateway " + Shown.quoted(request.reach().gateway())
                            + " is no URL with an address, and an instance of isolation "
                            + request.boundary().isolation().text()
                            + " cannot resolve a name: give the address of the gateway's pod or of its load balancer");
        }
    }

    private long graceSeconds() {
        return Deadlines.seconds(request.deadlines().grace().plus(Deadlines.DRAIN));
    }

    /**
     * Names are resolved by the gateway. Only where the class lets an agent reach something beside the gateway does it
     * need the cluster's DNS.
     */
    private boolean resolvesNames() {
        NetworkMode network = request.spec().network();
        return switch (request.boundary().isolation()) {
            case TRUSTED -> network == NetworkMode.OPEN || network == NetworkMode.TENANT_VPC;
            case STANDARD, DEVCONTAINER -> network == NetworkMode.TENANT_VPC;
            case UNTRUSTED, HOSTILE, WASM -> false;
        };
    }

    /** A policy of {@code None} demands a server. On the pod's own loopback nobody listens, and a look-up fails at once. */
    private static Tree nobodyAnswers() {
        return Tree.object()
                .put("nameservers", Tree.strings("127.0.0.1"))
                .put(
                        "options",
                        Tree.array(
                                Tree.object().put("name", "attempts").put("value", "1"),
                                Tree.object().put("name", "timeout").put("value", "1")));
    }

    private static Tree securityContext() {
        return Tree.object()
                .put("runAsNonRoot", true)
                .put("fsGroup", PodDefaults.GROUP)
                .put("supplementalGroupsPolicy", "Strict")
                .put("seccompProfile", Tree.object().put("type", "RuntimeDefault"));
    }

    private Optional<Tree> affinity() {
        Tree affinity = Tree.object();
        List<String> regions = request.spec().preferredRegions();
        if (!regions.isEmpty()) {
            affinity.put("nodeAffinity", preferring(regions));
        }
        if (request.boundary().isolation() == Isolation.HOSTILE) {
            affinity.put("podAntiAffinity", apartFromEveryAgent());
        }
        return affinity.json().isEmpty() ? Optional.empty() : Optional.of(affinity);
    }

    /** Preferred, never required: required terms come with the verified nodes, and none can be added to others. */
    private static Tree preferring(List<String> regions) {
        List<Tree> terms = new ArrayList<>();
        for (String region : regions) {
            int weight = Math.max(1, 100 - 10 * terms.size());
            terms.add(Tree.object()
                    .put("weight", weight)
                    .put(
                            "preference",
                            Tree.object()
                                    .put(
                                            "matchExpressions",
                                            Tree.array(Tree.object()
                                                    .put("key", "topology.kubernetes.io/region")
                                                    .put("operator", "In")
                                                    .put("values", Tree.strings(region))))));
        }
        return Tree.object()
                .put("preferredDuringSchedulingIgnoredDuringExecution", Tree.array(terms.toArray(Tree[]::new)));
    }

    /**
     * No node has a hostile agent beside any other agent, whoever's, in whatever namespace. The scheduler holds that in
     * both directions, and it cannot be changed once the pod exists.
     */
    private static Tree apartFromEveryAgent() {
        return Tree.object()
                .put(
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        Tree.array(Tree.object()
                                .put(
                                        "labelSelector",
                                        Tree.object()
                                                .put(
                                                        "matchLabels",
                                                        Tree.object().put(Marks.MANAGED_BY, Marks.LANTERN)))
                                .put("topologyKey", "kubernetes.io/hostname")
                                .put("namespaceSelector", Tree.object())));
    }

    private List<Toleration> tolerations() {
        List<Toleration> ours = new ArrayList<>();
        request.boundary().dedicated().ifPresent(ours::add);
        if (request.spec().limits().gpu() > 0) {
            ours.add(Toleration.exists(request.defaults().gpuResource()));
        }
        ours.add(Toleration.ofLostNode("not-ready", LOST_NODE_SECONDS));
        ours.add(Toleration.ofLostNode("unreachable", LOST_NODE_SECONDS));
        return Toleration.merged(
                ours,
                request.boundary().runtimeClass().map(PinnedClass::tolerations).orElse(List.of()));
    }

    /** The environment of the agent: the spec's, then ours, which a spec cannot name. */
    static Map<String, String> agentEnvironment(PodRequest request) {
        Map<String, String> environment = new TreeMap<>(request.spec().env());
        environment.putIfAbsent("HOME", Volumes.SCRATCH_PATH);
        environment.put("LANTERN_URL", url(request));
        environment.put("LANTERN_INPUT_FILE", Volumes.INPUT_FILE);
        environment.put("LANTERN_RESULT_FILE", Volumes.RESULT_FILE);
        environment.put("LANTERN_SECRETS", Volumes.SECRETS_PATH);
        return environment;
    }

    static Map<String, String> harnessEnvironment(PodRequest request) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("LANTERN_GATEWAY", request.reach().gateway());
        request.reach().trust().ifPresent(trust -> {
            environment.put("LANTERN_TRUST_DOMAIN", trust.trustDomain());
            environment.put("LANTERN_AUTHORITIES", String.join(",", trust.authorities()));
        });
        environment.put(
                "LANTERN_FORBIDDEN_ADDRESSES", String.join(",", request.reach().forbidden()));
        environment.put("LANTERN_TENANT", request.key().instance().run().tenant());
        environment.put("LANTERN_RUN", request.key().instance().run().run());
        environment.put(
                "LANTERN_EPOCH", Integer.toString(request.key().instance().epoch()));
        environment.put("LANTERN_URL", url(request));
        environment.put("LANTERN_RELEASE_PORT", Integer.toString(Containers.RELEASE_PORT));
        environment.put("LANTERN_ENROLMENT_FILE", Volumes.TOKEN_FILE);
        environment.put("LANTERN_INPUT_FILE", Volumes.INPUT_FILE);
        environment.put("LANTERN_RESULT_FILE", Volumes.RESULT_FILE);
        environment.put("LANTERN_SECRETS", Volumes.SECRETS_PATH);
        environment.put(
                "LANTERN_GRACE_SECONDS",
                Long.toString(Deadlines.seconds(request.deadlines().grace())));
        return environment;
    }

    private static String url(PodRequest request) {
        return "http://127.0.0.1:" + Containers.LOOPBACK_PORT + "/"
                + request.key().loopbackToken();
    }

    static long tokenSeconds() {
        return TOKEN_SECONDS;
    }
}
