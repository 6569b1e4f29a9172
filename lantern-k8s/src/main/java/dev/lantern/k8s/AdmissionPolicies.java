package dev.lantern.k8s;

import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.List;

/**
 * What the API server itself refuses in namespaces of agents, after every webhook has had its turn. A host can only look
 * at a pod once it exists; a webhook that strips the gate lets containers start before that. With these policies such a
 * pod never exists.
 */
final class AdmissionPolicies {
    static final String PODS = "lantern-pods";
    static final String SUBRESOURCES = "lantern-pod-subresources";
    static final String DELETION = "lantern-job-deletion";

    private static final String ANNOTATIONS = "annotations";
    private static final String LABELS = "labels";

    private AdmissionPolicies() {}

    static List<Manifest> all() {
        List<Manifest> manifests = new ArrayList<>();
        manifests.add(pods());
        manifests.add(binding(PODS));
        manifests.add(subresources());
        manifests.add(binding(SUBRESOURCES));
        manifests.add(deletion());
        manifests.add(binding(DELETION));
        return manifests;
    }

    private static Manifest pods() {
        List<Tree> validations = List.of(
                rule(
                        "[" + quotedMarks() + "].all(k, k in variables.labels) && variables.labels['" + Marks.MANAGED_BY
                                + "'] == '" + Marks.LANTERN + "'",
                        "a pod in a namespace of agents carries Lantern's labels"),
                rule(
                        "!variables.creating || (has(object.spec.schedulingGates) &&"
                                + " object.spec.schedulingGates.exists(g, g.name == '" + Marks.GATE + "'))",
                        "an agent's pod is created with the gate " + Marks.GATE),
                rule(
                        "!('" + Marks.RUNTIME_CLASS + "' in variables.labels) || (has(object.spec.runtimeClassName) ?"
                                + " object.spec.runtimeClassName : '') == variables.labels['" + Marks.RUNTIME_CLASS
                                + "']",
                        "runtimeClassName is what the label " + Marks.RUNTIME_CLASS + " says"),
                rule(
                        "variables.owner == '' || !('" + Marks.TENANT + "' in variables.labels) || variables.labels['"
                                + Marks.TENANT + "'] == variables.owner",
                        "agents in this namespace are of the tenant that its label " + Marks.TENANT + " names"),
                rule(
                        "object.spec.containers.map(c, c.name) == ['" + PodSpec.AGENT
                                + "'] && has(object.spec.initContainers) && object.spec.initContainers.map(c, c.name)"
                                + " == ['" + PodSpec.HARNESS + "']",
                        "an agent's pod has the containers harness and agent and no others"),
                rule(
                        "!has(object.spec.ephemeralContainers) || object.spec.ephemeralContainers.size() == 0",
                        "an agent's pod takes no ephemeral container"),
                rule(
                        "!(has(object.spec.hostNetwork) && object.spec.hostNetwork) && !(has(object.spec.hostPID) &&"
                                + " object.spec.hostPID) && !(has(object.spec.hostIPC) && object.spec.hostIPC)",
                        "an agent's pod shares no namespace with its node"),
                rule(
                        "has(object.spec.automountServiceAccountToken) && !object.spec.automountServiceAccountToken",
                        "an agent's pod mounts no token of its account"),
                rule(
                        "!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.projected) ||"
                                + " !has(v.projected.sources) || v.projected.sources.all(s,"
                                + " !has(s.serviceAccountToken) || (has(s.serviceAccountToken.audience) &&"
                                + " s.serviceAccountToken.audience == '" + PodSpec.AUDIENCE + "')))",
                        "a token in an agent's pod is for the audience " + PodSpec.AUDIENCE),
                rule(
                        "!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))",
                        "an agent's pod mounts nothing of its node"),
                rule(
                        "variables.annotations.all(k, !(k.startsWith('dev.gvisor.') ||"
                                + " k.startsWith('io.katacontainers.') || k.startsWith('io.kubernetes.cri.') ||"
                                + " k.startsWith('io.kubernetes.cri-o.') || k.startsWith('io.containerd.')))",
                        "no annotation reconfigures the sandbox of an agent"),
                rule(
                        "!variables.creating || !has(object.spec.nodeName) || object.spec.nodeName == ''",
                        "an agent's pod is placed by the scheduler"),
                rule(
                        "variables.creating || (object.spec.containers.all(c, oldObject.spec.containers.exists(o,"
                                + " o.name == c.name && o.image == c.image)) &&"
                                + " (!has(object.spec.initContainers) || object.spec.initContainers.all(c,"
                                + " oldObject.spec.initContainers.exists(o, o.name == c.name && o.image == c.image))))",
                        "an agent's image does not change"),
                rule(unchanged(LABELS), "Lantern's labels do not change"),
                rule(unchanged(ANNOTATIONS), "Lantern's annotations do not change"),
                rule(
                        "variables.creating || (has(object.spec.tolerations) ? object.spec.tolerations.size() : 0) =="
                                + " (has(oldObject.spec.tolerations) ? oldObject.spec.tolerations.size() : 0)",
                        "an agent's pod tolerates what it tolerated when it was created"),
                rule(
                        "variables.creating || !variables.held || has(object.spec.schedulingGates) ||"
                                + " (has(object.spec.affinity) && has(object.spec.affinity.nodeAffinity) &&"
                                + " has(object.spec.affinity.nodeAffinity"
                                + ".requiredDuringSchedulingIgnoredDuringExecution) &&"
                                + " object.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
                                + ".nodeSelectorTerms.all(t, has(t.matchFields) && t.matchFields.exists(f, f.key =="
                                + " 'metadata.name' && f.operator == 'In')))",
                        "an agent's pod is let go to nodes by name"));
        return policy(
                PODS,
                "What a pod in a namespace of agents must be, whatever a webhook made of it.",
                Tree.array(resources(List.of("CREATE", "UPDATE"), "", List.of("pods"))),
                List.of(
                        variable("creating", "request.operation == 'CREATE'"),
                        variable(
                                "owner",
                                "has(namespaceObject.metadata.labels) && '" + Marks.TENANT
                                        + "' in namespaceObject.metadata.labels ? namespaceObject.metadata.labels['"
                                        + Marks.TENANT + "'] : ''"),
                        variable(LABELS, "has(object.metadata.labels) ? object.metadata.labels : {}"),
                        variable(ANNOTATIONS, "has(object.metadata.annotations) ? object.metadata.annotations : {}"),
                        variable(
                                "oldLabels",
                                "oldObject != null && has(oldObject.metadata.labels) ? oldObject.metadata.labels : {}"),
                        variable(
                                "oldAnnotations",
                                "oldObject != null && has(oldObject.metadata.annotations) ?"
                                        + " oldObject.metadata.annotations : {}"),
                        variable("held", "oldObject != null && has(oldObject.spec.schedulingGates)")),
                validations);
    }

    private static Manifest subresources() {
        return policy(
                SUBRESOURCES,
                "Nobody gets into a running agent, and nobody resizes it. Delete the binding to debug one, and the"
                        + "\nreceipts of that time say so.",
                Tree.array(
                        resources(
                                List.of("CONNECT"),
                                "",
                                List.of("pods/exec", "pods/attach", "pods/portforward", "pods/proxy")),
                        resources(List.of("UPDATE"), "", List.of("pods/ephemeralcontainers", "pods/resize"))),
                List.of(),
                List.of(rule(
                        "false",
                        "an agent's pod takes no exec, attach, port-forward, ephemeral container or" + " resize")));
    }

    private static Manifest deletion() {
        return policy(
                DELETION,
                "A plain DELETE of a Job leaves its running pod without an owner and without a deadline; deletion in the"
                        + "\nforeground takes what the pod stands on first. Finished Jobs go as they like.",
                Tree.array(resources(List.of("DELETE"), "batch", List.of("jobs"))),
                List.of(variable(
                        "finished",
                        "has(oldObject.status) && has(oldObject.status.conditions) &&"
                                + " oldObject.status.conditions.exists(c, (c.type == 'Complete' || c.type == 'Failed')"
                                + " && c.status == 'True')")),
                List.of(rule(
                        "variables.finished || (has(request.options) && has(request.options.propagationPolicy) &&"
                                + " request.options.propagationPolicy == 'Background')",
                        "an agent's Job is deleted with propagationPolicy Background")));
    }

    private static Manifest policy(
            String name, String comment, JsonArray resources, List<Tree> variables, List<Tree> validations) {
        Tree spec = Tree.object()
                .put(
                        "matchConstraints",
                        Tree.object()
                                .put("namespaceSelector", agents())
                                .put("objectSelector", Tree.object())
                                .put("resourceRules", resources)
                                .put("matchPolicy", "Equivalent"))
                .put("validations", Tree.array(validations.toArray(Tree[]::new)))
                .put("failurePolicy", "Fail");
        if (!variables.isEmpty()) {
            spec.put("variables", Tree.array(variables.toArray(Tree[]::new)));
        }
        return new Manifest(
                comment,
                Tree.object()
                        .put("apiVersion", "admissionregistration.k8s.io/v1")
                        .put("kind", "ValidatingAdmissionPolicy")
                        .put("metadata", NamespaceBaseline.metadata(name))
                        .put("spec", spec)
                        .json());
    }

    private static Manifest binding(String name) {
        return new Manifest(
                "Without its binding the policy " + name + " does nothing.",
                Tree.object()
                        .put("apiVersion", "admissionregistration.k8s.io/v1")
                        .put("kind", "ValidatingAdmissionPolicyBinding")
                        .put("metadata", NamespaceBaseline.metadata(name))
                        .put(
                                "spec",
                                Tree.object()
                                        .put("policyName", name)
                                        .put("validationActions", Tree.strings("Deny", "Audit")))
                        .json());
    }

    private static Tree agents() {
        return Tree.object().put("matchLabels", Tree.object().put(Marks.AGENTS, "true"));
    }

    private static Tree resources(List<String> operations, String group, List<String> resources) {
        return Tree.object()
                .put("apiGroups", Tree.strings(group))
                .put("apiVersions", Tree.strings("v1"))
                .put("operations", Tree.strings(operations))
                .put("resources", Tree.strings(resources))
                .put("scope", "*");
    }

    private static Tree variable(String name, String expression) {
        return Tree.object().put("name", name).put("expression", expression);
    }

    private static Tree rule(String expression, String message) {
        return Tree.object()
                .put("expression", expression)
                .put("message", message)
                .put("reason", "Forbidden");
    }

    private static String quotedMarks() {
        List<String> marks = List.of(
                Marks.MANAGED_BY,
                Marks.INSTALLATION,
                Marks.TENANT,
                Marks.RUN,
                Marks.INSTANCE,
                Marks.EPOCH,
                Marks.ISOLATION,
                Marks.RUNTIME_CLASS);
        return String.join(", ", marks.stream().map(mark -> "'" + mark + "'").toList());
    }

    /** None of ours is removed, changed or added. */
    private static String unchanged(String map) {
        String before = map.equals(LABELS) ? "oldLabels" : "oldAnnotations";
        String ours = "(k.startsWith('" + Marks.PREFIX + "') || k == '" + Marks.MANAGED_BY + "')";
        return "variables.creating || (variables." + before + ".all(k, !" + ours + " || (k in variables." + map
                + " && variables." + map + "[k] == variables." + before + "[k])) && variables." + map + ".all(k, !"
                + ours + " || k in variables." + before + "))";
    }
}
