package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every place where two JSON trees differ, unknown members among them. Elements of an array that all have a name are
 * compared by name, so that an injected container is one difference and not as many as containers follow it; that they
 * stand in another order is a difference as well. Everything else in an array is compared by its index.
 */
final class TreeDifferences {
    private final List<Delta> deltas = new ArrayList<>();
    private final List<String> path = new ArrayList<>();

    private TreeDifferences() {}

    static List<Delta> between(JsonElement expected, JsonElement found) {
        TreeDifferences differences = new TreeDifferences();
        differences.compare(expected, found);
        return differences.deltas;
    }

    private void compare(JsonElement expected, JsonElement found) {
        if (expected instanceof JsonObject object && found instanceof JsonObject other) {
            objects(object, other);
        } else if (expected instanceof JsonArray array && found instanceof JsonArray other) {
            arrays(array, other);
        } else if (!same(expected, found)) {
            report(Optional.of(expected), Optional.of(found));
        }
    }

    private void objects(JsonObject expected, JsonObject found) {
        expected.entrySet().forEach(member -> {
            JsonElement other = found.get(member.getKey());
            at(member.getKey(), () -> either(member.getValue(), Optional.ofNullable(other)));
        });
        found.entrySet().stream()
                .filter(member -> !expected.has(member.getKey()))
                .forEach(member -> at(member.getKey(), () -> report(Optional.empty(), Optional.of(member.getValue()))));
    }

    private void either(JsonElement expected, Optional<JsonElement> found) {
        if (found.isPresent()) {
            compare(expected, found.get());
        } else {
            report(Optional.of(expected), Optional.empty());
        }
    }

    private void arrays(JsonArray expected, JsonArray found) {
        Optional<Map<String, Integer>> names = names(expected);
        Optional<Map<String, Integer>> others = names(found);
        if (names.isPresent() && others.isPresent()) {
            named(expected, names.get(), found, others.get());
        } else {
            indexed(expected, found);
        }
    }

    private void named(JsonArray expected, Map<String, Integer> names, JsonArray found, Map<String, Integer> others) {
        names.forEach((name, index) -> {
            Integer other = others.get(name);
            if (other == null) {
                at(index, () -> report(Optional.of(expected.get(index)), Optional.empty()));
            } else {
                at(other, () -> compare(expected.get(index), found.get(other)));
            }
        });
        others.forEach((name, index) -> {
            if (!names.containsKey(name)) {
                at(index, () -> report(Optional.empty(), Optional.of(found.get(index))));
            }
        });
        List<String> before =
                names.keySet().stream().filter(others::containsKey).toList();
        List<String> after = others.keySet().stream().filter(names::containsKey).toList();
        if (!before.equals(after)) {
            report(Optional.of(expected), Optional.of(found));
        }
    }

    private void indexed(JsonArray expected, JsonArray found) {
        for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
            int index = i;
            if (i >= found.size()) {
                at(i, () -> report(Optional.of(expected.get(index)), Optional.empty()));
            } else if (i >= expected.size()) {
                at(i, () -> report(Optional.empty(), Optional.of(found.get(index))));
            } else {
                at(i, () -> compare(expected.get(index), found.get(index)));
            }
        }
    }

    /** Name to index, in order; empty unless every element is an object with a name of its own. */
    private static Optional<Map<String, Integer>> names(JsonArray array) {
        Map<String, Integer> names = new LinkedHashMap<>();
        for (int i = 0; i < array.size(); i++) {
            boolean named = array.get(i) instanceof JsonObject object
                    && object.get("name") instanceof JsonPrimitive name
                    && name.isString()
                    && names.put(name.getAsString(), i) == null;
            if (!named) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /** By type and text: {@code 1}, {@code 1.0} and {@code "1"} are three things, and none of them is rounded. */
    private static boolean same(JsonElement expected, JsonElement found) {
        if (expected instanceof JsonPrimitive one && found instanceof JsonPrimitive other) {
            return one.isString() == other.isString()
                    && one.isBoolean() == other.isBoolean()
                    && one.getAsString().equals(other.getAsString());
        }
        return expected.isJsonNull() && found.isJsonNull();
    }

    private void at(int index, Runnable compare) {
        at(Integer.toString(index), compare);
    }

    private void at(String segment, Runnable compare) {
        path.add(segment);
        compare.run();
        path.remove(path.size() - 1);
    }

    private void report(Optional<JsonElement> expected, Optional<JsonElement> found) {
        deltas.add(new Delta(path, expected, found));
    }
}
