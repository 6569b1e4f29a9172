package dev.lantern.k8s;

import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One toleration of a pod, as Kubernetes has it.
 *
 * @param key the taint's key; empty with {@code Exists} for every key
 * @param operator {@code Exists} or {@code Equal}
 * @param value the taint's value; empty for {@code Exists}
 * @param effect the taint's effect; empty for every effect
 * @param seconds how long a {@code NoExecute} taint is tolerated; empty for ever
 */
record Toleration(
        Optional<String> key, String operator, Optional<String> value, Optional<String> effect, OptionalLong seconds) {

    static Toleration exists(String key) {
        return new Toleration(Optional.of(key), "Exists", Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    /** What the API server gives every pod that says nothing about lost nodes; said here so that it need not. */
    static Toleration ofLostNode(String condition, long seconds) {
        return new Toleration(
                Optional.of("node.kubernetes.io/" + condition),
                "Exists",
                Optional.empty(),
                Optional.of("NoExecute"),
                OptionalLong.of(seconds));
    }

    /**
     * Both lists, the way the RuntimeClass admission plugin merges them: what another one covers is left out. A pod that
     * is written merged comes back as it was.
     */
    static List<Toleration> merged(List<Toleration> first, List<Toleration> second) {
        List<Toleration> all = new ArrayList<>(first);
        all.addAll(second);
        List<Toleration> merged = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Toleration one = all.get(i);
            boolean covered = merged.stream().anyMatch(kept -> kept.covers(one))
                    || all.subList(i + 1, all.size()).stream()
                            .anyMatch(later -> !later.equals(one) && later.covers(one));
            if (!covered) {
                merged.add(one);
            }
        }
        return List.copyOf(merged);
    }

    /** Whether this one tolerates all that {@code other} tolerates, and for as long. */
    private boolean covers(Toleration other) {
        boolean everyKey = key.isEmpty() && operator.equals("Exists");
        boolean keyCovered = everyKey || key.equals(other.key);
        boolean effectCovered = effect.isEmpty() || effect.equals(other.effect);
        boolean timeCovered =
                seconds.isEmpty() || (other.seconds.isPresent() && seconds.getAsLong() >= other.seconds.getAsLong());
        boolean valueCovered =
                operator.equals("Exists") || (other.operator.equals("Equal") && value.equals(other.value));
        return keyCovered && effectCovered && timeCovered && valueCovered;
    }

    Tree json() {
        Tree json = Tree.object()
                .put("key", key)
                .put("operator", operator)
                .put("value", value)
                .put("effect", effect);
        seconds.ifPresent(s -> json.put("tolerationSeconds", s));
        return json;
    }

    static JsonArray json(List<Toleration> tolerations) {
        return Tree.array(tolerations.stream().map(Toleration::json).toArray(Tree[]::new));
    }
}
