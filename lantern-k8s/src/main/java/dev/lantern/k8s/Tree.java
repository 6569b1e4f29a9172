package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Builds one JSON object, its members in the order in which they are put. A name put twice is a mistake of ours and
 * refused. One thread.
 */
final class Tree {
    private final JsonObject object = new JsonObject();

    private Tree() {}

    static Tree object() {
        return new Tree();
    }

    Tree put(String name, JsonElement value) {
        if (object.has(name)) {
            throw new IllegalStateException("member " + name + " is put twice");
        }
        object.add(name, value);
        return this;
    }

    Tree put(String name, String value) {
        return put(name, new JsonPrimitive(value));
    }

    Tree put(String name, long value) {
        return put(name, new JsonPrimitive(value));
    }

    Tree put(String name, boolean value) {
        return put(name, new JsonPrimitive(value));
    }

    Tree put(String name, Tree value) {
        return put(name, value.object);
    }

    /** Puts the member if there is a value. */
    Tree put(String name, Optional<String> value) {
        value.ifPresent(text -> put(name, text));
        return this;
    }

    /** Puts the member if there is anything in the map. */
    Tree putAll(String name, Map<String, String> texts) {
        return texts.isEmpty() ? this : put(name, texts(texts));
    }

    /** Puts the member if there is anything in the list. */
    Tree putAll(String name, JsonArray items) {
        return items.isEmpty() ? this : put(name, items);
    }

    JsonObject json() {
        return object;
    }

    static JsonArray array(Tree... items) {
        JsonArray array = new JsonArray();
        for (Tree item : items) {
            array.add(item.object);
        }
        return array;
    }

    static JsonArray strings(Collection<String> items) {
        JsonArray array = new JsonArray();
        items.forEach(array::add);
        return array;
    }

    static JsonArray strings(String... items) {
        JsonArray array = new JsonArray();
        for (String item : items) {
            array.add(item);
        }
        return array;
    }

    static JsonObject texts(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::addProperty);
        return object;
    }
}
