package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A pod's RuntimeClass: it must exist, its scheduling is merged into the pod, its overhead copied. The overhead is
 * compared once more after the hooks, so a hook that changes the class alone is found where classes differ in it.
 */
final class RuntimeClassAdmission {
    private final Store store;

    RuntimeClassAdmission(Store store) {
        this.store = store;
    }

    void admit(ObjectNode pod) {
        Optional<ObjectNode> runtimeClass = classOf(pod);
        if (runtimeClass.isEmpty()) {
            return;
        }
        ObjectNode spec = Trees.child(pod, "spec");
        JsonNode overhead = Trees.at(runtimeClass.get(), "overhead", "podFixed");
        if (!overhead.isEmpty()) {
            if (spec.has("overhead") && !spec.get("overhead").equals(overhead)) {
                throw rejected(pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
            }
            spec.set("overhead", overhead.deepCopy());
        }
        schedule(pod, spec, runtimeClass.get().path("scheduling"));
    }

    void validate(ObjectNode pod) {
        JsonNode defined = classOf(pod)
                .map(runtimeClass -> Trees.at(runtimeClass, "overhead", "podFixed"))
                .orElse(Trees.object());
        JsonNode found = Trees.at(pod, "spec", "overhead");
        boolean none = defined.isEmpty() && found.isEmpty();
        if (!none && !defined.equals(found)) {
            throw rejected(
                    pod,
                    defined.isEmpty()
                            ? "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
                            : "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
    }

    private void schedule(ObjectNode pod, ObjectNode spec, JsonNode scheduling) {
        Trees.strings(scheduling.path("nodeSelector")).forEach((key, value) -> {
            ObjectNode selector = Trees.child(spec, "nodeSelector");
            String there = selector.path(key).asText(value);
            if (!there.equals(value)) {
                throw rejected(
                        pod,
                        "conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + value
                                + "; pod.spec.nodeSelector[" + key + "] = " + there);
            }
            selector.put(key, value);
        });
        Trees.objects(scheduling.path("tolerations")).forEach(toleration -> {
            if (Trees.objects(spec.path("tolerations")).noneMatch(toleration::equals)) {
                Trees.list(spec, "tolerations").add(toleration.deepCopy());
            }
        });
    }

    private Optional<ObjectNode> classOf(ObjectNode pod) {
        String name = Trees.text(pod, "spec", "runtimeClassName");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(store.find(Key.of(Types.RUNTIME_CLASSES, name))
                .map(Stored::tree)
                .orElseThrow(() -> rejected(pod, "pod rejected: RuntimeClass \"" + name + "\" not found")));
    }

    private static StatusException rejected(ObjectNode pod, String why) {
        return Statuses.forbidden(Types.PODS, PodRules.nameOf(pod), why);
    }
}
