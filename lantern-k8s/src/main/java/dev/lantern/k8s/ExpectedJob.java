package dev.lantern.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the API server must have persisted of a Job: all that the template says, and what the Job controller adds. */
final class ExpectedJob {
    private final JsonObject template;

    ExpectedJob(JsonObject template) {
        this.template = template;
    }

    /** The differences of a Job that was just created, or of the answer to its dry run. Empty if there are none. */
    List<Difference> compare(JsonObject persisted) {
        String uid = text(persisted, "metadata", "uid").orElse("");
        Allowance.Scene scene = new Allowance.Scene(false, name(), uid, false, List.of());
        return judged(completed(uid), persisted, scene);
    }

    /**
     * The differences of a Job that was there already under our name (409). If it is not this installation's, of another
     * spec or of another version of the template, only that is said: the rest would be a comparison of strangers.
     */
    List<Difference> compareFound(JsonObject persisted) {
        List<Difference> strange = new ArrayList<>();
        for (String[] path : new String[][] {
            {"metadata", "labels", Marks.INSTALLATION},
            {"metadata", "annotations", Marks.SPEC_DIGEST},
            {"metadata", "annotations", Marks.TEMPLATE}
        }) {
            Optional<String> expected = text(template, path);
            Optional<String> found = text(persisted, path);
            if (!expected.equals(found)) {
                strange.add(new Difference(
                        new Delta(List.of(path), Optional.empty(), Optional.empty()).pointer(),
                        expected.map(Shown::quoted).orElse("nothing"),
                        found.map(Shown::quoted).orElse("nothing"),
                        Drift.IDENTITY));
            }
        }
        return strange.isEmpty() ? compare(persisted) : List.copyOf(strange);
    }

    private String name() {
        return text(template, "metadata", "name").orElseThrow();
    }

    private JsonObject completed(String uid) {
        JsonObject job = template.deepCopy();
        JsonObject spec = job.getAsJsonObject("spec");
        spec.add(
                "selector",
                Tree.object()
                        .put("matchLabels", Tree.object().put(ExpectedPod.CONTROLLER_UID, uid))
                        .json());
        JsonObject labels =
                spec.getAsJsonObject("template").getAsJsonObject("metadata").getAsJsonObject("labels");
        labels.addProperty(ExpectedPod.CONTROLLER_UID, uid);
        labels.addProperty(ExpectedPod.JOB_NAME, name());
        return job;
    }

    static List<Difference> judged(JsonObject expected, JsonObject persisted, Allowance.Scene scene) {
        return TreeDifferences.between(expected, persisted).stream()
                .filter(delta -> Allowance.of(delta, scene).isEmpty())
                .map(Difference::of)
                .toList();
    }

    /** The text at a path of names; empty if anything on the way is missing or of another kind. */
    static Optional<String> text(JsonObject tree, String... path) {
        JsonElement here = tree;
        for (String name : path) {
            JsonElement next = here instanceof JsonObject object ? object.get(name) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return here instanceof JsonPrimitive primitive && primitive.isString()
                ? Optional.of(primitive.getAsString())
                : Optional.empty();
    }
}
