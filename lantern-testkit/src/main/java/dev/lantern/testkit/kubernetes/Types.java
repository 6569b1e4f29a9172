package dev.lantern.testkit.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the fake serves. A type that is missing here is a 404, as an API that a cluster does not have. */
final class Types {
    private static final List<ResourceType> ALL = new ArrayList<>();

    static final ResourceType NAMESPACES =
            cluster("", "namespaces", "Namespace", "ns").with("status");
    static final ResourceType NODES = cluster("", "nodes", "Node", "no").with("status");
    static final ResourceType PODS = namespaced("", "pods", "Pod", "po")
            .with("status", "log", "eviction", "ephemeralcontainers", "resize", "binding");
    static final ResourceType EVENTS = namespaced("", "events", "Event", "ev").with();
    static final ResourceType SERVICE_ACCOUNTS =
            namespaced("", "serviceaccounts", "ServiceAccount", "sa").with("token");
    static final ResourceType LIMIT_RANGES =
            namespaced("", "limitranges", "LimitRange", "limits").with();
    static final ResourceType JOBS = namespaced("batch", "jobs", "Job").with("status");
    static final ResourceType RUNTIME_CLASSES =
            cluster("node.k8s.io", "runtimeclasses", "RuntimeClass").with();
    static final ResourceType PRIORITY_CLASSES = cluster("scheduling.k8s.io", "priorityclasses", "PriorityClass", "pc")
            .with();
    static final ResourceType BUDGETS = namespaced("policy", "poddisruptionbudgets", "PodDisruptionBudget", "pdb")
            .with("status");
    static final ResourceType CLUSTER_ROLES =
            cluster("rbac.authorization.k8s.io", "clusterroles", "ClusterRole").with();
    static final ResourceType CLUSTER_ROLE_BINDINGS = cluster(
                    "rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding")
            .with();
    static final ResourceType ROLES =
            namespaced("rbac.authorization.k8s.io", "roles", "Role").with();
    static final ResourceType ROLE_BINDINGS = namespaced("rbac.authorization.k8s.io", "rolebindings", "RoleBinding")
            .with();
    static final ResourceType NETWORK_POLICIES = namespaced(
                    "networking.k8s.io", "networkpolicies", "NetworkPolicy", "netpol")
            .with();
    static final ResourceType CLAIMS = namespaced("", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc")
            .with("status");
    static final ResourceType SECRETS = namespaced("", "secrets", "Secret").with();
    static final ResourceType TOKEN_REVIEWS = review("authentication.k8s.io", "tokenreviews", "TokenReview");
    static final ResourceType ACCESS_REVIEWS =
            review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview");
    static final ResourceType RULES_REVIEWS =
            review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview");

    static {
        namespaced("", "resourcequotas", "ResourceQuota", "quota").with("status");
        namespaced("", "services", "Service", "svc").with("status");
        namespaced("", "configmaps", "ConfigMap", "cm").with();
        namespaced("discovery.k8s.io", "endpointslices", "EndpointSlice").with();
        String admission = "admissionregistration.k8s.io";
        cluster(admission, "validatingadmissionpolicies", "ValidatingAdmissionPolicy")
                .with("status");
        cluster(admission, "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding")
                .with();
        cluster(admission, "mutatingadmissionpolicies", "MutatingAdmissionPolicy")
                .with();
        cluster(admission, "mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding")
                .with();
        cluster(admission, "mutatingwebhookconfigurations", "MutatingWebhookConfiguration")
                .with();
        cluster(admission, "validatingwebhookconfigurations", "ValidatingWebhookConfiguration")
                .with();
    }

    private Types() {}

    static List<ResourceType> all() {
        return List.copyOf(ALL);
    }

    static Optional<ResourceType> find(String group, String version, String plural) {
        return ALL.stream()
                .filter(type -> type.group().equals(group)
                        && type.version().equals(version)
                        && type.plural().equals(plural))
                .findFirst();
    }

    /** By {@code kind} and {@code apiVersion}, as owner references name it. */
    static Optional<ResourceType> ofKind(String apiVersion, String kind) {
        return ALL.stream()
                .filter(type ->
                        type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
                .findFirst();
    }

    private static Declared cluster(String group, String plural, String kind, String... shortNames) {
        return new Declared(group, plural, kind, false, List.of(shortNames));
    }

    private static Declared namespaced(String group, String plural, String kind, String... shortNames) {
        return new Declared(group, plural, kind, true, List.of(shortNames));
    }

    private static ResourceType review(String group, String plural, String kind) {
        return declare(new ResourceType(group, "v1", plural, "", kind, false, false, List.of(), List.of()));
    }

    private static ResourceType declare(ResourceType type) {
        ALL.add(type);
        return type;
    }

    private record Declared(String group, String plural, String kind, boolean namespaced, List<String> shortNames) {
        ResourceType with(String... subresources) {
            return declare(new ResourceType(
                    group,
                    "v1",
                    plural,
                    kind.toLowerCase(java.util.Locale.ROOT),
                    kind,
                    namespaced,
                    true,
                    shortNames,
                    List.of(subresources)));
        }
    }
}
