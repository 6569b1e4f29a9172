package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A value of a tree in a message. Names and numbers are shown, and the texts of fields that are known to hold a name. Any
 * other text may be a secret that a webhook put there, or an agent's argument, and is only counted.
 */
final class Shown {
    private static final int LONGEST = 160;
    private static final int MOST_NAMES = 6;

    /** Fields whose text names something. */
    private static final List<String> NAMES = List.of(
            "apiVersion",
            "kind",
            "name",
            "generateName",
            "namespace",
            "uid",
            "image",
            "imageID",
            "imagePullPolicy",
            "runtimeClassName",
            "nodeName",
            "schedulerName",
            "serviceAccountName",
            "serviceAccount",
            "priorityClassName",
            "preemptionPolicy",
            "restartPolicy",
            "dnsPolicy",
            "podReplacementPolicy",
            "completionMode",
            "supplementalGroupsPolicy",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "mountPath",
            "medium",
            "sizeLimit",
            "claimName",
            "audience",
            "hostname",
            "subdomain",
            "cpu",
            "memory",
            "ephemeral-storage",
            "type",
            "procMount",
            "key",
            "operator",
            "effect",
            "topologyKey",
            "deletionTimestamp",
            "resourceVersion");

    private Shown() {}

    static String value(List<String> path, Optional<JsonElement> value) {
        return value.map(element -> value(path, element)).orElse("nothing");
    }

    private static String value(List<String> path, JsonElement value) {
        if (value instanceof JsonPrimitive primitive) {
            return primitive(path, primitive);
        }
        if (value instanceof JsonArray array) {
            return "a list of " + array.size();
        }
        return value instanceof JsonObject object ? object(object) : "null";
    }

    private static String primitive(List<String> path, JsonPrimitive value) {
        String text = value.getAsString();
        return !value.isString() || isName(path) ? quoted(text) : "a text of " + text.length() + " characters";
    }

    private static String object(JsonObject object) {
        if (object.get("name") instanceof JsonPrimitive name && name.isString()) {
            return "one named " + quoted(name.getAsString());
        }
        StringBuilder members = new StringBuilder("one with");
        Iterator<String> names = object.keySet().iterator();
        for (int i = 0; i < MOST_NAMES && names.hasNext(); i++) {
            members.append(i == 0 ? " " : ", ").append(quoted(names.next()));
        }
        return members.append(names.hasNext() ? ", …" : "")
                .append(object.isEmpty() ? " nothing" : "")
                .toString();
    }

    private static boolean isName(List<String> path) {
        if (path.isEmpty() || path.contains("annotations")) {
            return false;
        }
        boolean label = path.size() > 1 && path.get(path.size() - 2).equals("labels");
        boolean field = NAMES.contains(path.get(path.size() - 1));
        boolean dropped = path.contains("drop") || path.contains("nodeSelector") || path.contains("values");
        return label || field || dropped;
    }

    /** Printable ASCII in quotes, the rest escaped, cut: whoever chose it must not write our log. */
    static String quoted(String text) {
        return "\"" + plain(text) + "\"";
    }

    /** The same without quotes. */
    static String plain(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                out.append((char) c);
            } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        return out.append(text.codePointCount(0, text.length()) > LONGEST ? "…" : "")
                .toString();
    }
}
