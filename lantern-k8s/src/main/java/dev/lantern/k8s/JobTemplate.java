package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.value.RunRef;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Job of an instance: one pod, once, held by a scheduling gate until it has been compared.
 *
 * <p>Every default that the API server would fill in is written here, in the form in which the API server writes it
 * back. So what it persisted can be held against this tree as it stands ({@link PersistedPod}), and only what it alone
 * can know has to be allowed for.
 */
final class JobTemplate {
    /** Changed with the template, so that a host recognises a Job of another version of itself. */
    static final String VERSION = "3";

    /** How long a finished Job stays for whoever wants to look at it. */
    static final long TTL_SECONDS = 600;

    private JobTemplate() {}

    static JsonObject of(PodRequest request) {
        JsonObject labels = Tree.texts(labels(request));
        JsonObject annotations = Tree.texts(annotations(request));
        return Tree.object()
                .put("apiVersion", "batch/v1")
                .put("kind", "Job")
                .put(
                        "metadata",
                        Tree.object()
                                .put("name", request.key().jobName())
                                .put("namespace", request.namespace())
                                .put("labels", labels)
                                .put("annotations", annotations))
                .put(
                        "spec",
                        Tree.object()
                                .put("parallelism", 1)
                                .put("completions", 1)
                                .put(
                                        "activeDeadlineSeconds",
                                        Deadlines.seconds(request.deadlines().fromCreation()))
                                .put("backoffLimit", 0)
                                .put("manualSelector", false)
                                .put(
                                        "template",
                                        Tree.object()
                                                .put(
                                                        "metadata",
                                                        Tree.object()
                                                                .put("labels", labels.deepCopy())
                                                                .put("annotations", annotations.deepCopy()))
                                                .put("spec", PodSpec.of(request)))
                                .put("ttlSecondsAfterFinished", TTL_SECONDS)
                                .put("completionMode", "NonIndexed")
                                .put("suspend", false)
                                .put("podReplacementPolicy", "Failed"))
                .json();
    }

    /** The pod that the Job controller makes of this Job, as far as the template determines it. */
    static JsonObject podOf(JsonObject job) {
        JsonObject template = job.getAsJsonObject("spec").getAsJsonObject("template");
        JsonObject marks = template.getAsJsonObject("metadata");
        return Tree.object()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put(
                        "metadata",
                        Tree.object()
                                .put(
                                        "namespace",
                                        job.getAsJsonObject("metadata")
                                                .get("namespace")
                                                .getAsString())
                                .put("labels", marks.getAsJsonObject("labels").deepCopy())
                                .put(
                                        "annotations",
                                        marks.getAsJsonObject("annotations").deepCopy()))
                .put("spec", template.getAsJsonObject("spec").deepCopy())
                .json();
    }

    private static Map<String, String> labels(PodRequest request) {
        RunRef run = request.key().instance().run();
        Map<String, String> labels = new TreeMap<>(request.spec().labels());
        labels.put(Marks.MANAGED_BY, Marks.LANTERN);
        labels.put(Marks.INSTALLATION, request.key().installation());
        labels.put(Marks.TENANT, Marks.label(run.tenant()));
        labels.put(Marks.RUN, Marks.label(run.run()));
        labels.put(Marks.INSTANCE, request.key().jobName());
        labels.put(Marks.EPOCH, Integer.toString(request.key().instance().epoch()));
        labels.put(Marks.ISOLATION, request.boundary().isolation().text());
        labels.put(
                Marks.RUNTIME_CLASS,
                request.boundary().runtimeClass().map(PinnedClass::name).orElse(""));
        return labels;
    }

    private static Map<String, String> annotations(PodRequest request) {
        RunRef run = request.key().instance().run();
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(Marks.TENANT, run.tenant());
        annotations.put(Marks.RUN, run.run());
        annotations.put(Marks.SPEC_DIGEST, request.spec().digest().toString());
        annotations.put(Marks.TEMPLATE, VERSION);
        request.boundary().runtimeClass().ifPresent(pinned -> annotations.put(Marks.RUNTIME_CLASS_UID, pinned.uid()));
        // kubectl logs and kubectl describe then show the agent unless told otherwise.
        annotations.put("kubectl.kubernetes.io/default-container", PodSpec.AGENT);
        return annotations;
    }
}
