package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One version of one resource; immutable. The bytes are kept and not the tree, which takes ten times as much, beside
 * what lists and controllers ask for without reading it.
 *
 * @param labels its own
 * @param fields what field selectors can ask for
 * @param owners the UIDs of its owner references
 * @param json without {@code kind} and {@code apiVersion}: the items of a list have none
 */
@SuppressWarnings("ArrayRecordComponent")
record Stored(
        Key key,
        long version,
        String uid,
        Map<String, String> labels,
        Map<String, String> fields,
        List<String> owners,
        byte[] json) {

    static Stored of(Key key, long version, ObjectNode tree) {
        ObjectNode bare = bare(tree);
        JsonNode metadata = bare.path("metadata");
        return new Stored(
                key,
                version,
                metadata.path("uid").asText(),
                Trees.strings(metadata.path("labels")),
                Fields.of(key, bare),
                Trees.objects(metadata.path("ownerReferences"))
                        .map(owner -> owner.path("uid").asText())
                        .toList(),
                Trees.write(bare));
    }

    /** What would be kept of a tree. */
    static byte[] bytes(ObjectNode tree) {
        return Trees.write(bare(tree));
    }

    private static ObjectNode bare(ObjectNode tree) {
        ObjectNode bare = Trees.object();
        bare.setAll(tree);
        bare.remove(List.of("kind", "apiVersion"));
        return bare;
    }

    /** A copy to work on, with {@code kind} and {@code apiVersion} in front. */
    ObjectNode tree() {
        return Trees.read(typed());
    }

    /** As it is sent when it comes alone. */
    byte[] typed() {
        byte[] head = ("{\"kind\":\"" + key.type().kind() + "\",\"apiVersion\":\""
                        + key.type().apiVersion() + "\",")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + json.length - 1];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(json, 1, all, head.length, json.length - 1);
        return all;
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean tracked() {
        return fields.containsKey(Fields.TRACKED);
    }

    boolean isDeleting() {
        return fields.containsKey(Fields.DELETING);
    }
}
