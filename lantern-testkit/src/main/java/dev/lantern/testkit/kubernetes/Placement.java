package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a pod may go to a node, by selectors, affinity and taints. Room is not counted: nodes are never full. */
final class Placement {
    private Placement() {}

    /** Why it may not, in the scheduler's words; empty if it may. */
    static Optional<String> obstacle(ObjectNode pod, ObjectNode node) {
        if (node.path("spec").path("unschedulable").asBoolean()
                && !tolerates(
                        pod,
                        Trees.object()
                                .put("key", "node.kubernetes.io/unschedulable")
                                .put("effect", "NoSchedule"))) {
            return Optional.of("node(s) were unschedulable");
        }
        Optional<ObjectNode> taint = Trees.objects(node.path("spec").path("taints"))
                .filter(candidate -> !candidate.path("effect").asText().equals("PreferNoSchedule"))
                .filter(candidate -> !tolerates(pod, candidate))
                .findFirst();
        if (taint.isPresent()) {
            return Optional.of(
                    "node(s) had untolerated taint {" + taint.get().path("key").asText() + ": "
                            + taint.get().path("value").asText() + "}");
        }
        return selects(pod, node) ? Optional.empty() : Optional.of("node(s) didn't match Pod's node affinity/selector");
    }

    static boolean tolerates(ObjectNode pod, JsonNode taint) {
        return toleration(pod, taint).isPresent();
    }

    /** The first toleration that covers a taint. */
    static Optional<ObjectNode> toleration(ObjectNode pod, JsonNode taint) {
        return Trees.objects(pod.path("spec").path("tolerations"))
                .filter(toleration -> covers(toleration, taint))
                .findFirst();
    }

    private static boolean covers(ObjectNode toleration, JsonNode taint) {
        String effect = toleration.path("effect").asText();
        if (!effect.isEmpty() && !effect.equals(taint.path("effect").asText())) {
            return false;
        }
        String key = toleration.path("key").asText();
        if (toleration.path("operator").asText().equals("Exists")) {
            return key.isEmpty() || key.equals(taint.path("key").asText());
        }
        return key.equals(taint.path("key").asText())
                && toleration.path("value").asText().equals(taint.path("value").asText());
    }

    private static boolean selects(ObjectNode pod, ObjectNode node) {
        Map<String, String> labels = Trees.strings(Trees.at(node, "metadata", "labels"));
        boolean selector = Trees.strings(pod.path("spec").path("nodeSelector")).entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        JsonNode required =
                Trees.at(pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        if (!selector || required.isMissingNode()) {
            return selector;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("metadata.name", Trees.text(node, "metadata", "name"));
        return Trees.objects(required.path("nodeSelectorTerms"))
                .filter(term -> !term.isEmpty())
                .anyMatch(term -> Trees.objects(term.path("matchExpressions")).allMatch(one -> holds(one, labels))
                        && Trees.objects(term.path("matchFields")).allMatch(one -> holds(one, fields)));
    }

    private static boolean holds(ObjectNode requirement, Map<String, String> values) {
        String value = values.get(requirement.path("key").asText());
        List<String> wanted = Trees.texts(requirement.path("values")).toList();
        return switch (requirement.path("operator").asText()) {
            case "In" -> value != null && wanted.contains(value);
            case "NotIn" -> value == null || !wanted.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, wanted) > 0;
            case "Lt" -> compare(value, wanted) < 0;
            default -> false;
        };
    }

    /** 0, which neither operator wants, where there is nothing to compare. */
    private static int compare(@org.jspecify.annotations.Nullable String value, List<String> wanted) {
        if (value == null
                || wanted.size() != 1
                || !value.matches("-?\\d+")
                || !wanted.get(0).matches("-?\\d+")) {
            return 0;
        }
        return new BigInteger(value).compareTo(new BigInteger(wanted.get(0)));
    }

    /** Whether a pod keeps another one away: a required anti-affinity by host name, one node being one host. */
    static boolean keepsAway(ObjectNode pod, Stored other, Store store) {
        return Trees.objects(Trees.at(
                        pod, "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
                .anyMatch(term -> inReach(term, Trees.text(pod, "metadata", "namespace"), other, store)
                        && term.has("labelSelector")
                        && Selector.ofSpec(term.path("labelSelector")).matches(other.labels()));
    }

    private static boolean inReach(ObjectNode term, String own, Stored other, Store store) {
        String namespace = other.key().namespace();
        List<String> named = Trees.texts(term.path("namespaces")).toList();
        if (!term.has("namespaceSelector")) {
            return named.isEmpty() ? namespace.equals(own) : named.contains(namespace);
        }
        Map<String, String> labels = store.find(Key.of(Types.NAMESPACES, namespace))
                .map(Stored::labels)
                .orElse(Map.of());
        return named.contains(namespace)
                || Selector.ofSpec(term.path("namespaceSelector")).matches(labels);
    }
}
