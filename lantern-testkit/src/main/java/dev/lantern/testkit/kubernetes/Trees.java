package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** JSON trees: what is read and written of them all over. */
final class Trees {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Trees() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Something that a client sent. */
    static JsonNode received(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw Statuses.badRequest("the body is empty");
            }
            return tree;
        } catch (IOException e) {
            throw Statuses.badRequest("the body is no JSON");
        }
    }

    /** Something that was written here. */
    static ObjectNode read(byte[] json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (IOException e) {
            throw new LanternException("what the fake wrote is no JSON object", e);
        }
    }

    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new LanternException("no JSON object: " + json, e);
        }
    }

    static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new LanternException("a tree of JSON nodes could not be written", e);
        }
    }

    /** The object of that name, made where there is none. */
    static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode there ? there : parent.putObject(name);
    }

    /** The list of that name, made where there is none. */
    static ArrayNode list(ObjectNode parent, String name) {
        return parent.get(name) instanceof ArrayNode there ? there : parent.putArray(name);
    }

    /** The node at the end of the path; a missing node where there is none. */
    static JsonNode at(JsonNode from, String... path) {
        JsonNode node = from;
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    /** The text at the end of the path; empty where there is none. */
    static String text(JsonNode from, String... path) {
        return at(from, path).asText("");
    }

    /** The objects of a list; none where there is no list. */
    static Stream<ObjectNode> objects(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
    }

    static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> strings.put(field.getKey(), field.getValue().asText()));
        return strings;
    }

    static void putAbsent(ObjectNode object, String name, String value) {
        if (!object.hasNonNull(name) || object.get(name).asText().isEmpty()) {
            object.put(name, value);
        }
    }

    static void putAbsent(ObjectNode object, String name, long value) {
        if (!object.hasNonNull(name)) {
            object.put(name, value);
        }
    }

    static void putAbsent(ObjectNode object, String name, boolean value) {
        if (!object.hasNonNull(name)) {
            object.put(name, value);
        }
    }

    /** Removes what matches; a list that becomes empty goes too. */
    static void removeFrom(ObjectNode parent, String listName, Predicate<JsonNode> which) {
        if (!(parent.get(listName) instanceof ArrayNode list)) {
            return;
        }
        Iterator<JsonNode> items = list.iterator();
        while (items.hasNext()) {
            if (which.test(items.next())) {
                items.remove();
            }
        }
        if (list.isEmpty()) {
            parent.remove(listName);
        }
    }
}
