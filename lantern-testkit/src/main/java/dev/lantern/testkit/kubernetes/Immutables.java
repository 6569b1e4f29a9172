package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Fields of other types than pods that only deletion and a new object can change. */
final class Immutables {
    private Immutables() {}

    static void check(ResourceType type, ObjectNode old, ObjectNode now) {
        List<List<String>> paths = List.of();
        if (type.equals(Types.RUNTIME_CLASSES)) {
            paths = List.of(List.of("handler"));
        } else if (type.equals(Types.JOBS)) {
            paths = List.of(
                    List.of("spec", "selector"),
                    List.of("spec", "template"),
                    List.of("spec", "completions"),
                    List.of("spec", "completionMode"),
                    List.of("spec", "podReplacementPolicy"));
        }
        List<Statuses.Cause> causes = paths.stream()
                .filter(path -> !at(old, path).equals(at(now, path)))
                .map(path -> new Statuses.Cause(
                        "FieldValueInvalid",
                        "Invalid value: " + at(now, path) + ": field is immutable",
                        String.join(".", path)))
                .toList();
        if (!causes.isEmpty()) {
            throw Statuses.invalid(type, Trees.text(now, "metadata", "name"), causes);
        }
    }

    private static JsonNode at(JsonNode tree, List<String> path) {
        return Trees.at(tree, path.toArray(String[]::new));
    }
}
