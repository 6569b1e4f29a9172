package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lantern.spec.ImageRef;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a bound pod is held against while it runs.
 *
 * @param pod the pod once a node has it
 * @param images what its containers must run
 */
record Standard(ExpectedPod pod, RunningImages images) {

    /** As whoever let the pod go says. */
    static Standard of(Expectation expectation) {
        return new Standard(expectation.bound(), expectation.images());
    }

    /**
     * As the Job says, of an instance that another host has let go. Its template is immutable and was compared before the
     * pod was let go, so the pod still has to be what follows from it. The nodes and the priority come from the
     * pod as it is seen first: nothing in it can add a node to those that it was let go to.
     *
     * @param also digests that an image is known by beside its own
     * @throws UnreadableException if Job or pod are not what they have to be for that
     */
    static Standard adopted(JsonObject job, JsonObject pod, Function<ImageRef, List<Digest>> also)
            throws UnreadableException {
        View spec = new View(pod, "the pod").child("spec");
        String uid = new View(job, "the Job").child("metadata").text("uid");
        List<String> nodes = nodes(spec);
        try {
            ExpectedPod letGo = ExpectedPod.held(job, uid, priority(spec))
                    .letGo(new Ungating("as it is", nodes))
                    .bound();
            return new Standard(letGo, images(JobTemplate.podOf(job), also));
        } catch (LanternException | ClassCastException | NullPointerException | IllegalStateException e) {
            throw new UnreadableException("what the pod has to be does not follow from its Job: " + e.getMessage());
        }
    }

    /** The differences of a pod that a node has. That it is being deleted is an end and no difference. */
    List<Difference> compare(JsonObject persisted) {
        List<Difference> differences = new ArrayList<>(pod.compare(persisted));
        differences.removeIf(difference -> difference.drift() == Drift.DELETION);
        differences.addAll(images.compare(persisted));
        return List.copyOf(differences);
    }

    private static List<String> nodes(View spec) throws UnreadableException {
        View required =
                spec.child("affinity").child("nodeAffinity").child("requiredDuringSchedulingIgnoredDuringExecution");
        List<String> nodes = new ArrayList<>();
        for (View term : required.children("nodeSelectorTerms")) {
            for (View field : term.children("matchFields")) {
                nodes.addAll(field.texts("values"));
            }
        }
        return nodes;
    }

    private static Priority priority(View spec) throws UnreadableException {
        JsonElement value = spec.object().get("priority");
        return new Priority(
                spec.optionalText("priorityClassName").orElse(""),
                value == null ? 0 : value.getAsInt(),
                spec.optionalText("preemptionPolicy").orElse(Priority.NONE.preemptionPolicy()));
    }

    private static RunningImages images(JsonObject pod, Function<ImageRef, List<Digest>> also) {
        Map<String, RunningImages.Admitted> admitted = new LinkedHashMap<>();
        for (String list : List.of("initContainers", "containers")) {
            JsonArray containers = pod.getAsJsonObject("spec").getAsJsonArray(list);
            for (JsonElement each : containers) {
                ImageRef image = ImageRef.parse(
                        ExpectedJob.text(each.getAsJsonObject(), "image").orElse(""));
                admitted.put(
                        ExpectedJob.text(each.getAsJsonObject(), "name").orElse(""),
                        new RunningImages.Admitted(image, also.apply(image)));
            }
        }
        return new RunningImages(admitted);
    }
}
