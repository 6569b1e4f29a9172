package dev.lantern.k8s;

import com.google.gson.JsonArray;
import java.util.List;

/**
 * What a host may do, and nothing else: it makes Jobs and deletes them, lets their pods go, reads what the gate asks for.
 * It makes no pod, reads no Secret, and nothing of {@code nodes/proxy}, which is a shell on every node. That of a tenant's
 * Secret is a role of its own, for hosts that give out what stands there.
 */
final class HostRoles {
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String FACTS = "lantern-facts";
    private static final String HOST = "lantern-host";
    private static final String SECRETS = "lantern-secrets";

    private HostRoles() {}

    /** For a host that serves every namespace of agents. */
    static List<Manifest> clusterWide(String hostNamespace, String hostAccount) {
        return List.of(
                facts(),
                binding("ClusterRoleBinding", "ClusterRole", FACTS, FACTS, "", hostNamespace, hostAccount),
                role("ClusterRole", "", "What a host does, in every namespace."),
                binding("ClusterRoleBinding", "ClusterRole", HOST, HOST, "", hostNamespace, hostAccount));
    }

    /** For a host that serves one namespace of agents; applied once for each. */
    static List<Manifest> inNamespace(String namespace, String hostNamespace, String hostAccount) {
        return List.of(
                facts(),
                binding("ClusterRoleBinding", "ClusterRole", FACTS, FACTS, "", hostNamespace, hostAccount),
                role(
                        "Role",
                        namespace,
                        "What a host does in this namespace. Without the list of every namespace's pods nobody can prove"
                                + "\nthat a node is dedicated: isolation hostile is refused."),
                binding("RoleBinding", "Role", HOST, HOST, namespace, hostNamespace, hostAccount));
    }

    /** For a host that gives agents what stands in these Secrets of a namespace: by their names, no other, and no list. */
    static List<Manifest> secrets(String namespace, String hostNamespace, String hostAccount, String... names) {
        return List.of(
                new Manifest(
                        "The Secret of each tenant whose agents run here, by its name.",
                        Tree.object()
                                .put("apiVersion", RBAC + "/v1")
                                .put("kind", "Role")
                                .put("metadata", NamespaceBaseline.metadata(SECRETS, namespace))
                                .put(
                                        "rules",
                                        Tree.array(rule("", List.of("secrets"), "get")
                                                .put("resourceNames", Tree.strings(names))))
                                .json()),
                binding("RoleBinding", "Role", SECRETS, SECRETS, namespace, hostNamespace, hostAccount));
    }

    private static Manifest facts() {
        return new Manifest(
                "What the gate looks at that belongs to no namespace. It changes nothing.",
                Tree.object()
                        .put("apiVersion", RBAC + "/v1")
                        .put("kind", "ClusterRole")
                        .put("metadata", NamespaceBaseline.metadata(FACTS))
                        .put(
                                "rules",
                                Tree.array(
                                        reading("", "nodes", "namespaces"),
                                        reading("node.k8s.io", "runtimeclasses"),
                                        reading(
                                                "admissionregistration.k8s.io",
                                                "validatingadmissionpolicies",
                                                "validatingadmissionpolicybindings"),
                                        // Enrolment tokens are verified offline against these keys.
                                        Tree.object()
                                                .put(
                                                        "nonResourceURLs",
                                                        Tree.strings(
                                                                ClusterKeys.ISSUER_PATH, ClusterKeys.PATH, "/version"))
                                                .put("verbs", Tree.strings("get"))))
                        .json());
    }

    private static Manifest role(String kind, String namespace, String comment) {
        JsonArray rules = Tree.array(
                rule("batch", List.of("jobs"), "get", "list", "watch", "create", "delete"),
                // The patch that lets a pod go.
                rule("", List.of("pods"), "get", "list", "watch", "patch"),
                rule("", List.of("pods/log"), "get"),
                reading("", "events", "resourcequotas", "serviceaccounts"),
                reading("networking.k8s.io", "networkpolicies"),
                // Workspaces are made and kept; who deletes them is a person.
                rule("", List.of("persistentvolumeclaims"), "get", "create"),
                rule("metrics.k8s.io", List.of("pods"), "get", "list"));
        return new Manifest(
                comment,
                Tree.object()
                        .put("apiVersion", RBAC + "/v1")
                        .put("kind", kind)
                        .put("metadata", NamespaceBaseline.metadata(HOST, namespace))
                        .put("rules", rules)
                        .json());
    }

    private static Manifest binding(
            String kind,
            String roleKind,
            String name,
            String role,
            String namespace,
            String hostNamespace,
            String hostAccount) {
        return new Manifest(
                "Gives the role to the host's service account.",
                Tree.object()
                        .put("apiVersion", RBAC + "/v1")
                        .put("kind", kind)
                        .put("metadata", NamespaceBaseline.metadata(name, namespace))
                        .put(
                                "roleRef",
                                Tree.object()
                                        .put("apiGroup", RBAC)
                                        .put("kind", roleKind)
                                        .put("name", role))
                        .put(
                                "subjects",
                                Tree.array(Tree.object()
                                        .put("kind", "ServiceAccount")
                                        .put("name", hostAccount)
                                        .put("namespace", hostNamespace)))
                        .json());
    }

    private static Tree reading(String group, String... resources) {
        return rule(group, List.of(resources), "get", "list", "watch");
    }

    private static Tree rule(String group, List<String> resources, String... verbs) {
        return Tree.object()
                .put("apiGroups", Tree.strings(group))
                .put("resources", Tree.strings(resources))
                .put("verbs", Tree.strings(verbs));
    }
}
