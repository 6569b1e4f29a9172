package dev.lantern.k8s;

import java.util.List;

/**
 * RuntimeClasses to start from. Each has an overhead that no other class has: the API server copies it into the pod before
 * webhooks run and checks it after them, so that a webhook which strips or swaps the class is refused by the API server.
 */
final class RuntimeClassExamples {

    private RuntimeClassExamples() {}

    static List<Manifest> all() {
        return List.of(
                example(
                        "lantern-gvisor",
                        "runsc",
                        "11m",
                        "97Mi",
                        "gVisor, for standard, untrusted and devcontainer. Replace runsc by the handler's name in your"
                                + "\ncontainerd or CRI-O, and measure the overhead; keep it unlike every other class's."),
                example(
                        "lantern-kata",
                        "kata-qemu",
                        "257m",
                        "163Mi",
                        "Kata Containers, for untrusted and hostile. Not a handler whose configuration has debugging on:"
                                + "\nits guests open a console."));
    }

    private static Manifest example(String name, String handler, String cpu, String memory, String comment) {
        return new Manifest(
                comment + "\nThe label is under node-restriction.kubernetes.io, which no kubelet may give to itself:"
                        + "\nkubectl label node NODE node-restriction.kubernetes.io/" + name + "=true",
                Tree.object()
                        .put("apiVersion", "node.k8s.io/v1")
                        .put("kind", "RuntimeClass")
                        .put("metadata", NamespaceBaseline.metadata(name))
                        .put("handler", handler)
                        .put(
                                "overhead",
                                Tree.object()
                                        .put(
                                                "podFixed",
                                                Tree.object().put("cpu", cpu).put("memory", memory)))
                        .put(
                                "scheduling",
                                Tree.object()
                                        .put(
                                                "nodeSelector",
                                                Tree.object().put("node-restriction.kubernetes.io/" + name, "true")))
                        .json());
    }
}
