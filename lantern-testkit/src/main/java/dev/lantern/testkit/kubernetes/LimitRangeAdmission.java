package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What LimitRanges of type Container do to containers that name no amounts, and to those that name too much or too
 * little. Ranges of pods and claims, and ratios, are not looked at.
 */
final class LimitRangeAdmission {
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final Store store;

    LimitRangeAdmission(Store store) {
        this.store = store;
    }

    void admit(String namespace, ObjectNode pod) {
        List<String> set = new ArrayList<>();
        for (ObjectNode item : items(namespace)) {
            Map<String, String> limits = strings(item, "max");
            limits.putAll(strings(item, "default"));
            Map<String, String> requests = strings(item, "min");
            requests.putAll(limits);
            requests.putAll(strings(item, "defaultRequest"));
            PodDefaults.containers(pod.path("spec")).forEach(container -> {
                fill(container, "requests", requests, "request", set);
                fill(container, "limits", limits, "limit", set);
            });
        }
        if (!set.isEmpty()) {
            Trees.child(Trees.child(pod, "metadata"), "annotations")
                    .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", set));
        }
    }

    void validate(String namespace, ObjectNode pod) {
        for (ObjectNode item : items(namespace)) {
            PodDefaults.containers(pod.path("spec")).forEach(container -> {
                strings(item, "max")
                        .forEach((resource, most) -> outside(container, "limits", resource, most, 1)
                                .ifPresent(found -> refuse(
                                        pod,
                                        "maximum " + resource + " usage per Container is " + most + ", but limit is "
                                                + found)));
                strings(item, "min")
                        .forEach((resource, least) -> outside(container, "requests", resource, least, -1)
                                .ifPresent(found -> refuse(
                                        pod,
                                        "minimum " + resource + " usage per Container is " + least + ", but request is "
                                                + found)));
            });
        }
    }

    private List<ObjectNode> items(String namespace) {
        return store.all(Types.LIMIT_RANGES, namespace).stream()
                .flatMap(range -> Trees.objects(Trees.at(range.tree(), "spec", "limits")))
                .filter(item -> item.path("type").asText().equals("Container"))
                .toList();
    }

    private static void fill(
            ObjectNode container, String amounts, Map<String, String> defaults, String noun, List<String> set) {
        String name = container.path("name").asText();
        ObjectNode resources = Trees.child(container, "resources");
        defaults.forEach((resource, amount) -> {
            if (!resources.path(amounts).has(resource)) {
                Trees.child(resources, amounts).put(resource, amount);
                set.add(resource + " " + noun + " for container " + name);
            }
        });
    }

    private static Optional<String> outside(
            ObjectNode container, String amounts, String resource, String bound, int side) {
        JsonNode found = Trees.at(container, "resources", amounts, resource);
        boolean beyond =
                found.isTextual() && Quantities.value(found.asText()).compareTo(Quantities.value(bound)) == side;
        return beyond ? Optional.of(found.asText()) : Optional.empty();
    }

    private static void refuse(ObjectNode pod, String why) {
        throw Statuses.forbidden(Types.PODS, PodRules.nameOf(pod), why);
    }

    private static Map<String, String> strings(ObjectNode item, String field) {
        return new LinkedHashMap<>(Trees.strings(item.path(field)));
    }
}
