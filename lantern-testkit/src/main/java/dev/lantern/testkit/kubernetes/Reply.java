package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with: at once, or bit by bit. */
sealed interface Reply {
    int code();

    String contentType();

    /** A body that is there. */
    record Whole(int code, String contentType, Map<String, String> headers, byte[] body) implements Reply {}

    /** A body that comes as it arises. */
    record Stream(int code, String contentType, Feed feed) implements Reply {}

    static Whole json(int code, JsonNode tree) {
        return json(code, tree, Map.of());
    }

    static Whole json(int code, JsonNode tree, Map<String, String> headers) {
        return new Whole(code, "application/json", headers, Trees.write(tree));
    }

    static Whole json(int code, byte[] body) {
        return new Whole(code, "application/json", Map.of(), body);
    }

    static Whole text(int code, String text) {
        return new Whole(code, "text/plain; charset=utf-8", Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }
}
