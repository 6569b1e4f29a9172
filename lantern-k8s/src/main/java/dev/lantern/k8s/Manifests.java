package dev.lantern.k8s;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files under {@code deploy/kubernetes}, which are also in the jar, by their names. A test compares them. */
final class Manifests {
    private static final String HOST_NAMESPACE = "lantern-system";
    private static final String HOST_ACCOUNT = "lantern";
    private static final String AGENTS_NAMESPACE = "lantern-agents";
    private static final int GATEWAY_PORT = 7410;

    private Manifests() {}

    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                "admission-policies.yaml",
                file("Once for the cluster. Needs Kubernetes 1.30.", AdmissionPolicies.all()));
        files.put(
                "namespace.yaml",
                file(
                        "Once for each namespace of agents. Change the name, and where the gateway is;"
                                + " NamespaceBaseline writes it for your own.",
                        example().manifests()));
        files.put(
                "rbac-cluster-wide.yaml",
                file(
                        "For a host that serves every namespace of agents: this file or rbac-namespaced.yaml, not both.",
                        HostRoles.clusterWide(HOST_NAMESPACE, HOST_ACCOUNT)));
        files.put(
                "rbac-namespaced.yaml",
                file(
                        "For a host that serves single namespaces of agents, once for each: this file or"
                                + " rbac-cluster-wide.yaml, not both.",
                        HostRoles.inNamespace(AGENTS_NAMESPACE, HOST_NAMESPACE, HOST_ACCOUNT)));
        files.put(
                "rbac-secrets.yaml",
                file(
                        "Only for a host with a KubernetesSecretStore, once for each namespace of tenants: change the names.",
                        HostRoles.secrets(AGENTS_NAMESPACE, HOST_NAMESPACE, HOST_ACCOUNT, "lantern-acme")));
        files.put(
                "runtimeclasses.yaml",
                file("Examples. A handler's name is what your nodes call it.", RuntimeClassExamples.all()));
        return files;
    }

    static NamespaceBaseline example() {
        return NamespaceBaseline.in(AGENTS_NAMESPACE)
                .gatewayPods(
                        HOST_NAMESPACE,
                        Collections.singletonMap("app.kubernetes.io/name", "lantern-gateway"),
                        GATEWAY_PORT);
    }

    private static String file(String comment, List<Manifest> manifests) {
        return "# " + comment + "\n# Written by lantern-k8s; a test compares.\n" + YamlText.of(manifests);
    }
}
