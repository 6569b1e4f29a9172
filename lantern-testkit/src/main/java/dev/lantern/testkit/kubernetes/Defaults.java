package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the API server writes into objects other than pods. */
final class Defaults {
    private static final long BACKOFF_LIMIT = 6;

    private Defaults() {}

    static void apply(ResourceType type, ObjectNode tree) {
        if (type.equals(Types.PODS)) {
            PodDefaults.pod(tree);
        } else if (type.equals(Types.JOBS)) {
            job(tree);
        } else if (type.equals(Types.NAMESPACES)) {
            namespace(tree);
        } else if (type.equals(Types.NETWORK_POLICIES)) {
            networkPolicy(Trees.child(tree, "spec"));
        } else if (type.equals(Types.CLAIMS)) {
            Trees.putAbsent(Trees.child(tree, "spec"), "volumeMode", "Filesystem");
        } else if (type.equals(Types.SECRETS)) {
            secret(tree);
        }
    }

    /** What is written as text is never read back as such. */
    private static void secret(ObjectNode secret) {
        Trees.putAbsent(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode texts) {
            ObjectNode data = Trees.child(secret, "data");
            texts.properties()
                    .forEach(text -> data.put(
                            text.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void job(ObjectNode job) {
        ObjectNode spec = Trees.child(job, "spec");
        if (!spec.hasNonNull("completions") && !spec.hasNonNull("parallelism")) {
            spec.put("completions", 1);
        }
        Trees.putAbsent(spec, "parallelism", 1);
        Trees.putAbsent(spec, "backoffLimit", BACKOFF_LIMIT);
        Trees.putAbsent(spec, "completionMode", "NonIndexed");
        Trees.putAbsent(spec, "suspend", false);
        Trees.putAbsent(spec, "manualSelector", false);
        Trees.putAbsent(spec, "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        ObjectNode template = Trees.child(spec, "template");
        PodDefaults.spec(Trees.child(template, "spec"));
        JsonNode labels = Trees.at(template, "metadata", "labels");
        if (!labels.isEmpty() && Trees.at(job, "metadata", "labels").isEmpty()) {
            Trees.child(job, "metadata").set("labels", labels.deepCopy());
        }
    }

    /** A Job finds its pods by its own UID, unless its author insists on choosing. */
    static void jobSelector(ObjectNode job) {
        ObjectNode spec = Trees.child(job, "spec");
        if (spec.path("manualSelector").asBoolean()) {
            return;
        }
        String uid = Trees.text(job, "metadata", "uid");
        String name = Trees.text(job, "metadata", "name");
        ObjectNode labels = Trees.child(Trees.child(Trees.child(spec, "template"), "metadata"), "labels");
        Trees.putAbsent(labels, "batch.kubernetes.io/controller-uid", uid);
        Trees.putAbsent(labels, "batch.kubernetes.io/job-name", name);
        Trees.putAbsent(labels, "controller-uid", uid);
        Trees.putAbsent(labels, "job-name", name);
        Trees.putAbsent(
                Trees.child(Trees.child(spec, "selector"), "matchLabels"), "batch.kubernetes.io/controller-uid", uid);
    }

    private static void namespace(ObjectNode namespace) {
        String name = Trees.text(namespace, "metadata", "name");
        ObjectNode metadata = Trees.child(namespace, "metadata");
        Trees.child(metadata, "labels").put("kubernetes.io/metadata.name", name);
        ObjectNode spec = Trees.child(namespace, "spec");
        if (!spec.has("finalizers") && !metadata.has("deletionTimestamp")) {
            spec.putArray("finalizers").add("kubernetes");
        }
        Trees.putAbsent(Trees.child(namespace, "status"), "phase", "Active");
    }

    private static void networkPolicy(ObjectNode spec) {
        // Not optional in the type: it is written even when it selects everything.
        Trees.child(spec, "podSelector");
        if (!spec.has("policyTypes")) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (spec.has("egress")) {
                types.add("Egress");
            }
        }
        for (String direction : new String[] {"ingress", "egress"}) {
            Trees.objects(spec.path(direction))
                    .flatMap(rule -> Trees.objects(rule.path("ports")))
                    .forEach(port -> Trees.putAbsent(port, "protocol", "TCP"));
        }
    }
}
