package dev.lantern.k8s;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Optional;

/**
 * One place where two trees differ, before anybody judged it.
 *
 * @param path the names and indexes that lead there; an index counts in the tree that has the element
 * @param expected what the template has; empty if it has nothing there
 * @param found what was persisted; empty if nothing is there
 */
record Delta(List<String> path, Optional<JsonElement> expected, Optional<JsonElement> found) {

    Delta {
        path = List.copyOf(path);
    }

    boolean added() {
        return expected.isEmpty();
    }

    boolean removed() {
        return found.isEmpty();
    }

    /** Whether the path is this one, segment by segment; {@code *} stands for any one segment. */
    boolean at(String... segments) {
        return path.size() == segments.length && under(segments);
    }

    /** Whether the path is this one or leads further. */
    boolean under(String... segments) {
        if (path.size() < segments.length) {
            return false;
        }
        for (int i = 0; i < segments.length; i++) {
            if (!segments[i].equals("*") && !segments[i].equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    String last() {
        return path.isEmpty() ? "" : path.get(path.size() - 1);
    }

    /** Whether what was found is this text. */
    boolean foundText(String text) {
        return found.map(element -> isText(element, text)).orElse(false);
    }

    static boolean isText(JsonElement element, String text) {
        return element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isString()
                && element.getAsString().equals(text);
    }

    /** RFC 6901. */
    String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (String segment : path) {
            pointer.append('/').append(segment.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
