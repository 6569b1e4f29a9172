package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The kinds of patch: RFC 7386, RFC 6902, and of the strategic kind as much as equals a merge patch. What a strategic
 * patch does to lists hangs on the schema of each field, which is not known here: such a patch is refused.
 */
final class Patches {
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON = "application/json-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";

    private Patches() {}

    /** The object as the patch leaves it; the one given stays as it is. */
    static ObjectNode apply(ApiRequest request, ObjectNode before) {
        JsonNode patch = switch (request.mediaType()) {
            case MERGE, JSON, STRATEGIC -> Trees.received(request.body());
            default -> throw Statuses.unsupportedMediaType(request.mediaType(), JSON + ", " + MERGE + ", " + STRATEGIC);
        };
        ObjectNode target = before.deepCopy();
        JsonNode after = switch (request.mediaType()) {
            case JSON -> operations(target, patch);
            case MERGE -> merge(target, patch);
            default -> merge(target, withoutLists(patch));
        };
        if (after instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest("the patched object is no object");
    }

    private static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode fields)) {
            return patch;
        }
        ObjectNode merged = target instanceof ObjectNode object ? object : Trees.object();
        fields.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                merged.remove(field.getKey());
            } else {
                JsonNode old = merged.path(field.getKey());
                merged.set(field.getKey(), merge(old, field.getValue()));
            }
        });
        return merged;
    }

    private static JsonNode withoutLists(JsonNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isArray() || field.getKey().startsWith("$")) {
                throw Statuses.unsupportedMediaType(STRATEGIC + " with lists", JSON + ", " + MERGE);
            }
            withoutLists(field.getValue());
        }
        return patch;
    }

    private static JsonNode operations(ObjectNode target, JsonNode patch) {
        if (!patch.isArray()) {
            throw Statuses.badRequest("a JSON patch is a list");
        }
        JsonNode node = target;
        for (JsonNode operation : patch) {
            node = operation(node, operation);
        }
        return node;
    }

    private static JsonNode operation(JsonNode target, JsonNode operation) {
        JsonPointer path = pointer(operation.path("path"));
        return switch (operation.path("op").asText()) {
            case "add" -> add(target, path, operation.path("value"));
            case "remove" -> remove(target, path);
            case "replace" -> add(remove(target, path), path, operation.path("value"));
            case "copy" ->
                add(target, path, there(target, pointer(operation.path("from"))).deepCopy());
            case "move" -> {
                JsonPointer from = pointer(operation.path("from"));
                JsonNode moved = there(target, from).deepCopy();
                yield add(remove(target, from), path, moved);
            }
            case "test" -> {
                if (!there(target, path).equals(operation.path("value"))) {
                    throw Statuses.patchDoesNotApply();
                }
                yield target;
            }
            default -> throw Statuses.badRequest("unknown operation of a JSON patch: " + operation.path("op"));
        };
    }

    private static JsonPointer pointer(JsonNode path) {
        try {
            return JsonPointer.compile(path.asText());
        } catch (IllegalArgumentException e) {
            throw Statuses.badRequest("no JSON pointer: " + path);
        }
    }

    private static JsonNode there(JsonNode target, JsonPointer path) {
        JsonNode found = target.at(path);
        if (found.isMissingNode()) {
            throw Statuses.patchDoesNotApply();
        }
        return found;
    }

    private static JsonNode add(JsonNode target, JsonPointer path, JsonNode value) {
        if (path.matches()) {
            return value;
        }
        JsonNode parent = there(target, path.head());
        String last = path.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
            object.set(last, value.deepCopy());
        } else if (parent instanceof ArrayNode list) {
            int index = last.equals("-") ? list.size() : path.last().getMatchingIndex();
            if (index < 0 || index > list.size()) {
                throw Statuses.patchDoesNotApply();
            }
            list.insert(index, value.deepCopy());
        } else {
            throw Statuses.patchDoesNotApply();
        }
        return target;
    }

    private static JsonNode remove(JsonNode target, JsonPointer path) {
        there(target, path);
        JsonNode parent = target.at(path.head());
        if (parent instanceof ObjectNode object) {
            object.remove(path.last().getMatchingProperty());
        } else if (parent instanceof ArrayNode list) {
            list.remove(path.last().getMatchingIndex());
        } else {
            throw Statuses.patchDoesNotApply();
        }
        return target;
    }
}
