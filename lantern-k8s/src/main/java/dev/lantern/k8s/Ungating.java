package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The one patch that lets a pod go: it takes our gate off and names the nodes that were verified, in the same write.
 * {@code resourceVersion} makes it a compare-and-set: of two hosts one wins, and nobody lets go a pod that has changed
 * since it was compared.
 *
 * @param resourceVersion of the pod as it was compared
 * @param nodes where it may be bound; from 1 to 64
 */
record Ungating(String resourceVersion, List<String> nodes) {
    /** One term for each node: {@code matchFields} takes one name, and nothing can be added to terms later. */
    static final int MOST_NODES = 64;

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    Ungating {
        nodes = List.copyOf(nodes);
        if (resourceVersion.isEmpty()) {
            throw new LanternException("a pod is let go under the version that was compared, and there is none");
        }
        if (nodes.isEmpty() || nodes.size() > MOST_NODES) {
            throw new LanternException(
                    "a pod is let go to 1 to " + MOST_NODES + " verified nodes, found " + nodes.size());
        }
        if (new LinkedHashSet<>(nodes).size() < nodes.size()) {
            throw new LanternException("a verified node stands twice in " + nodes);
        }
    }

    /**
     * A merge patch (RFC 7386); other affinity of the pod stays. The gates become an empty list, which the API server
     * leaves out, and not null, which a JSON writer may leave out before it gets there.
     */
    JsonObject patch() {
        return Tree.object()
                .put("metadata", Tree.object().put("resourceVersion", resourceVersion))
                .put(
                        "spec",
                        Tree.object()
                                .put("schedulingGates", new JsonArray())
                                .put(
                                        "affinity",
                                        Tree.object()
                                                .put(
                                                        "nodeAffinity",
                                                        Tree.object().put(REQUIRED, terms()))))
                .json();
    }

    /** The pod that the patch makes of this one. */
    JsonObject appliedTo(JsonObject pod) {
        JsonObject changed = pod.deepCopy();
        JsonObject spec = changed.getAsJsonObject("spec");
        spec.remove("schedulingGates");
        JsonObject affinity = member(spec, "affinity");
        member(affinity, "nodeAffinity").add(REQUIRED, terms().json());
        return changed;
    }

    /** The nodes that a pod was let go to; empty unless it was let go in just this form. */
    static List<String> nodesOf(JsonObject pod) {
        Optional<JsonArray> terms = Optional.of(pod)
                .flatMap(tree -> object(tree, "spec"))
                .flatMap(spec -> object(spec, "affinity"))
                .flatMap(affinity -> object(affinity, "nodeAffinity"))
                .flatMap(affinity -> object(affinity, REQUIRED))
                .map(required -> required.get("nodeSelectorTerms"))
                .filter(JsonArray.class::isInstance)
                .map(JsonArray.class::cast);
        List<String> nodes = new ArrayList<>();
        for (JsonElement term : terms.orElseGet(JsonArray::new)) {
            Optional<String> node = node(term);
            if (node.isEmpty()) {
                return List.of();
            }
            nodes.add(node.get());
        }
        boolean ofThisForm = nodes.size() <= MOST_NODES && new LinkedHashSet<>(nodes).size() == nodes.size();
        return ofThisForm ? List.copyOf(nodes) : List.of();
    }

    private static Optional<String> node(JsonElement term) {
        return term instanceof JsonObject object
                        && object.get("matchFields") instanceof JsonArray fields
                        && fields.size() == 1
                        && fields.get(0) instanceof JsonObject field
                        && field.get("values") instanceof JsonArray values
                        && values.size() == 1
                        && values.get(0) instanceof JsonPrimitive value
                        && value.isString()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }

    private static Optional<JsonObject> object(JsonObject tree, String member) {
        return tree.get(member) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    private Tree terms() {
        JsonArray terms = new JsonArray();
        for (String node : nodes) {
            terms.add(Tree.object()
                    .put(
                            "matchFields",
                            Tree.array(Tree.object()
                                    .put("key", "metadata.name")
                                    .put("operator", "In")
                                    .put("values", Tree.strings(node))))
                    .json());
        }
        return Tree.object().put("nodeSelectorTerms", terms);
    }

    private static JsonObject member(JsonObject object, String name) {
        if (!object.has(name)) {
            object.add(name, new JsonObject());
        }
        return object.getAsJsonObject(name);
    }
}
