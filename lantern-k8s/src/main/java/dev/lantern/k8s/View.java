package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One JSON object of an answer, read member by member. What is there has to be of the type that the API says; what is
 * not, or is {@code null}, is absent, as it is for the API server itself.
 *
 * @param object the object
 * @param what what it is, for messages, such as {@code Node n1} or {@code Node n1, status}
 */
record View(JsonObject object, String what) {

    /** @throws UnreadableException if it is absent, empty or no text */
    String text(String name) throws UnreadableException {
        return optionalText(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new UnreadableException(what + " has no " + name));
    }

    /** @throws UnreadableException if it is there and no text */
    Optional<String> optionalText(String name) throws UnreadableException {
        return primitive(name, "text", JsonPrimitive::isString).map(JsonPrimitive::getAsString);
    }

    /** False if absent. */
    boolean flag(String name) throws UnreadableException {
        return primitive(name, "boolean", JsonPrimitive::isBoolean)
                .map(JsonPrimitive::getAsBoolean)
                .orElse(false);
    }

    boolean has(String name) {
        return member(name).isPresent();
    }

    /** An absent object is one without members. */
    View child(String name) throws UnreadableException {
        Optional<JsonElement> member = member(name);
        if (member.isEmpty()) {
            return new View(new JsonObject(), what + ", " + name);
        }
        return new View(object(member.get(), what + ": " + name), what + ", " + name);
    }

    /** Empty if absent. */
    List<View> children(String name) throws UnreadableException {
        JsonArray array = array(name);
        List<View> children = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            String place = what + ", " + name + "[" + i + "]";
            children.add(new View(object(array.get(i), place), place));
        }
        return children;
    }

    /** Empty if absent. */
    List<String> texts(String name) throws UnreadableException {
        JsonArray array = array(name);
        List<String> texts = new ArrayList<>(array.size());
        for (JsonElement item : array) {
            if (!(item instanceof JsonPrimitive text) || !text.isString()) {
                throw new UnreadableException(what + ": " + name + " holds something that is no text");
            }
            texts.add(text.getAsString());
        }
        return texts;
    }

    /** Empty if absent. */
    SortedMap<String, String> textsByName(String name) throws UnreadableException {
        return primitives(name, JsonPrimitive::isString);
    }

    /** Quantities as they are written, as text or as a number; empty if absent. */
    SortedMap<String, String> quantities(String name) throws UnreadableException {
        return primitives(name, value -> value.isString() || value.isNumber());
    }

    private SortedMap<String, String> primitives(String name, Predicate<JsonPrimitive> allowed)
            throws UnreadableException {
        SortedMap<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonElement> entry : child(name).object().entrySet()) {
            if (!(entry.getValue() instanceof JsonPrimitive value) || !allowed.test(value)) {
                throw new UnreadableException(what + ": " + name + "." + entry.getKey() + " is no text");
            }
            values.put(entry.getKey(), value.getAsString());
        }
        return values;
    }

    private JsonArray array(String name) throws UnreadableException {
        Optional<JsonElement> member = member(name);
        if (member.isEmpty()) {
            return new JsonArray();
        }
        if (!(member.get() instanceof JsonArray array)) {
            throw new UnreadableException(what + ": " + name + " is no list");
        }
        return array;
    }

    private Optional<JsonPrimitive> primitive(String name, String type, Predicate<JsonPrimitive> allowed)
            throws UnreadableException {
        Optional<JsonElement> member = member(name);
        if (member.isEmpty()) {
            return Optional.empty();
        }
        if (!(member.get() instanceof JsonPrimitive value) || !allowed.test(value)) {
            throw new UnreadableException(what + ": " + name + " is no " + type);
        }
        return Optional.of(value);
    }

    private Optional<JsonElement> member(String name) {
        return Optional.ofNullable(object.get(name)).filter(member -> !member.isJsonNull());
    }

    private static JsonObject object(JsonElement element, String place) throws UnreadableException {
        if (!(element instanceof JsonObject object)) {
            throw new UnreadableException(place + " is no object");
        }
        return object;
    }
}
