package dev.lantern.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One request that changes something, or would. Every one of them may be sent again: a creation is known by its name, a
 * patch by the version it changes, a deletion by the UID it is about, so that the second of two does nothing.
 *
 * @param kind what it does
 * @param path from the root of the API server
 * @param name of the object that it is about
 * @param query its parameters
 * @param body what it carries
 * @param rule what it takes to be allowed
 */
record Change(Kind kind, String path, String name, SortedMap<String, String> query, JsonObject body, Rule rule) {

    /** What a request does. */
    enum Kind {
        CREATE("POST", "application/json"),
        PATCH("PATCH", "application/merge-patch+json"),
        DELETE("DELETE", "application/json");

        private final String method;
        private final String contentType;

        Kind(String method, String contentType) {
            this.method = method;
            this.contentType = contentType;
        }
    }

    Change {
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
        body = body.deepCopy();
    }

    /**
     * Creates the object.
     *
     * @param collection the path of its kind in its namespace
     * @param object with a name: one that the API server makes up would make a second object of a second try
     */
    static Change create(String collection, JsonObject object, Rule rule) {
        return new Change(Kind.CREATE, collection, metadata(object, "name"), new TreeMap<>(), object, rule);
    }

    /** The same without persisting anything: admission, quota and validation say what they would say. */
    Change dryRun() {
        SortedMap<String, String> more = new TreeMap<>(query);
        more.put("dryRun", "All");
        return new Change(kind, path, name, more, body, rule);
    }

    /**
     * Changes the object if it still is what it was.
     *
     * @param collection the path of its kind in its namespace
     * @param patch a merge patch (RFC 7386) with {@code metadata.resourceVersion}
     */
    static Change patch(String collection, String name, JsonObject patch, Rule rule) {
        metadata(patch, "resourceVersion");
        return new Change(Kind.PATCH, collection + "/" + name, name, new TreeMap<>(), patch, rule);
    }

    /**
     * Deletes this object and no other one of its name; what it owns follows. The API's default would leave the pod of a
     * Job running without an owner, and {@code Foreground} would take everything else away before the pod.
     *
     * @param collection the path of its kind in its namespace
     */
    static Change delete(String collection, String name, String uid, Rule rule) {
        if (uid.isEmpty()) {
            throw new IllegalStateException("a deletion names the UID it is about");
        }
        JsonObject options = Tree.object()
                .put("apiVersion", "v1")
                .put("kind", "DeleteOptions")
                .put("propagationPolicy", "Background")
                .put("preconditions", Tree.object().put("uid", uid))
                .json();
        return new Change(Kind.DELETE, collection + "/" + name, name, new TreeMap<>(), options, rule);
    }

    String method() {
        return kind.method;
    }

    String contentType() {
        return kind.contentType;
    }

    /** What is done, for messages; nothing of what it carries. */
    String what() {
        return method() + " " + path + (kind == Kind.CREATE ? "/" + name : "")
                + (query.containsKey("dryRun") ? " (dry run)" : "");
    }

    private static String metadata(JsonObject object, String member) {
        JsonElement metadata = object.get("metadata");
        if (metadata instanceof JsonObject found
                && found.get(member) instanceof JsonPrimitive value
                && value.isString()
                && !value.getAsString().isEmpty()) {
            return value.getAsString();
        }
        throw new IllegalStateException("there is no metadata." + member);
    }

    /** Without what it carries. */
    @Override
    public String toString() {
        return what();
    }
}
