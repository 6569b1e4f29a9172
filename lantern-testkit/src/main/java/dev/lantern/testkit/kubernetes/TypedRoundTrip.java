package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is lost when the real server reads an object into its types and writes it again: nulls, empty lists and maps,
 * and a few zeros. A template that spells these out is not what comes back.
 *
 * <p>Unknown fields stay, for no schema is known here: the real server drops them, or refuses them when asked to be
 * strict.
 */
final class TypedRoundTrip {
    /** Maps of strings and of quantities: dropped when empty, and never looked into. */
    private static final Set<String> MAPS = Set.of(
            "labels",
            "annotations",
            "nodeSelector",
            "matchLabels",
            "data",
            "stringData",
            "limits",
            "requests",
            "overhead",
            "podFixed",
            "capacity",
            "allocatable");

    private static final Set<String> FALSE_IS_ABSENT =
            Set.of("hostNetwork", "hostPID", "hostIPC", "stdin", "stdinOnce", "tty", "readOnly", "unschedulable");

    private static final Set<String> EMPTY_IS_ABSENT = Set.of(
            "value",
            "subPath",
            "hostname",
            "subdomain",
            "nodeName",
            "priorityClassName",
            "message",
            "reason",
            "generateName",
            "workingDir",
            "hostIP",
            "medium");

    private static final Set<String> QUANTITY_MAPS =
            Set.of("limits", "requests", "overhead", "podFixed", "capacity", "allocatable", "hard", "used");

    private TypedRoundTrip() {}

    static void through(ObjectNode tree) {
        clean(tree);
    }

    private static void clean(JsonNode node) {
        if (node instanceof ArrayNode list) {
            list.forEach(TypedRoundTrip::clean);
        } else if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> field(object, name));
        }
    }

    private static void field(ObjectNode object, String name) {
        JsonNode value = object.get(name);
        if (isAbsent(name, value)) {
            object.remove(name);
            return;
        }
        if (value instanceof ObjectNode amounts && QUANTITY_MAPS.contains(name) && ofScalars(amounts)) {
            Quantities.canonicalise(amounts);
        } else if (name.equals("sizeLimit")) {
            Quantities.canonicalise(object, name);
        } else if (!MAPS.contains(name)) {
            clean(value);
        }
    }

    private static boolean isAbsent(String name, JsonNode value) {
        return value.isNull()
                || (value.isArray() && value.isEmpty())
                || (value.isObject() && value.isEmpty() && MAPS.contains(name))
                || (FALSE_IS_ABSENT.contains(name) && value.isBoolean() && !value.asBoolean())
                || (EMPTY_IS_ABSENT.contains(name)
                        && value.isTextual()
                        && value.asText().isEmpty());
    }

    private static boolean ofScalars(ObjectNode object) {
        for (JsonNode value : object) {
            if (value.isContainerNode()) {
                return false;
            }
        }
        return true;
    }
}
