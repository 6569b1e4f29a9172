package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the API server must have persisted of an instance's pod, at each of the moments at which it is read: held by the
 * gate, let go, bound to a node. Every comparison is of the whole tree, so what nobody thought of is found as well.
 * Immutable.
 */
final class ExpectedPod {
    static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    static final String JOB_NAME = "batch.kubernetes.io/job-name";

    private final JsonObject pod;
    private final Allowance.Scene scene;

    private ExpectedPod(JsonObject pod, Allowance.Scene scene) {
        this.pod = pod;
        this.scene = scene;
    }

    /**
     * The pod as the Job controller makes it, still held.
     *
     * @param job the template that the Job was created from
     * @param jobUid the UID under which it was created
     * @param priority the class of the request
     */
    static ExpectedPod held(JsonObject job, String jobUid, Priority priority) {
        JsonObject pod = JobTemplate.podOf(job);
        String name = ExpectedJob.text(job, "metadata", "name").orElseThrow();
        JsonObject metadata = pod.getAsJsonObject("metadata");
        metadata.addProperty("generateName", name + "-");
        metadata.getAsJsonObject("labels").addProperty(CONTROLLER_UID, jobUid);
        metadata.getAsJsonObject("labels").addProperty(JOB_NAME, name);
        metadata.add(
                "ownerReferences",
                Tree.array(Tree.object()
                        .put("apiVersion", "batch/v1")
                        .put("kind", "Job")
                        .put("name", name)
                        .put("uid", jobUid)
                        .put("controller", true)
                        .put("blockOwnerDeletion", true)));
        JsonObject spec = pod.getAsJsonObject("spec");
        spec.addProperty("priority", priority.value());
        spec.addProperty("preemptionPolicy", priority.preemptionPolicy());
        return new ExpectedPod(pod, new Allowance.Scene(true, name, jobUid, false, List.of()));
    }

    /** The pod after the patch that lets it go, and in that patch's own answer: a mutator may act in it. */
    ExpectedPod letGo(Ungating ungating) {
        return new ExpectedPod(
                ungating.appliedTo(pod),
                new Allowance.Scene(true, scene.jobName(), scene.jobUid(), false, ungating.nodes()));
    }

    /** The pod once a node has it; only of one that was let go. */
    ExpectedPod bound() {
        if (scene.nodes().isEmpty()) {
            throw new IllegalStateException("a pod is bound after it was let go");
        }
        return new ExpectedPod(pod, new Allowance.Scene(true, scene.jobName(), scene.jobUid(), true, scene.nodes()));
    }

    /** The differences, none of them on the list of what is allowed. Empty if there are none. */
    List<Difference> compare(JsonObject persisted) {
        List<Difference> differences = new ArrayList<>(ExpectedJob.judged(pod, persisted, scene));
        Optional<String> node = ExpectedJob.text(persisted, "spec", "nodeName");
        if (scene.bound() && node.isEmpty()) {
            differences.add(new Difference(
                    "/spec/nodeName",
                    "one of " + scene.nodes().size() + " verified nodes",
                    "nothing",
                    Drift.PLACEMENT));
        }
        return List.copyOf(differences);
    }
}
