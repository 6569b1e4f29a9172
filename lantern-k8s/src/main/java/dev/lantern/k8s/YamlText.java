package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a tree as YAML that a person reviews: block style, members in their order, the same bytes every time. Texts that
 * YAML could take for something else stand in double quotes, where it has JSON's escapes.
 */
final class YamlText {
    /** Begins with a letter, has nothing that means something to YAML, and is no word of YAML 1.1. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*");

    private static final Pattern WORD = Pattern.compile("(?i:true|false|yes|no|on|off|null|y|n|\\.inf|\\.nan)");

    private final StringBuilder out = new StringBuilder();

    private YamlText() {}

    /** One document for each object, each behind its comment. */
    static String of(List<Manifest> manifests) {
        YamlText text = new YamlText();
        for (Manifest manifest : manifests) {
            text.out.append("---\n");
            manifest.comment()
                    .lines()
                    .forEach(line -> text.out.append("# ").append(line).append('\n'));
            text.members(manifest.object(), 0);
        }
        return text.out.toString();
    }

    private void members(JsonObject object, int indent) {
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            indent(indent);
            member(member.getKey(), member.getValue(), indent);
        }
    }

    private void member(String name, JsonElement value, int indent) {
        out.append(scalar(name)).append(':');
        if (value instanceof JsonObject object && !object.isEmpty()) {
            out.append('\n');
            members(object, indent + 2);
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            out.append('\n');
            items(array, indent);
        } else {
            out.append(' ').append(leaf(value)).append('\n');
        }
    }

    /** Items stand under the name of their list, as kubectl writes them. */
    private void items(JsonArray array, int indent) {
        for (JsonElement item : array) {
            indent(indent);
            out.append("- ");
            if (item instanceof JsonObject object && !object.isEmpty()) {
                boolean first = true;
                for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                    if (!first) {
                        indent(indent + 2);
                    }
                    member(member.getKey(), member.getValue(), indent + 2);
                    first = false;
                }
            } else {
                out.append(leaf(item)).append('\n');
            }
        }
    }

    private static String leaf(JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isString()) {
            return scalar(primitive.getAsString());
        }
        // Numbers, booleans, null, {} and []: JSON is YAML. So is a list in a list, of which there is none.
        return value.toString();
    }

    private static String scalar(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !WORD.matcher(text).matches();
        return plain ? text : new JsonPrimitive(text).toString();
    }

    private void indent(int columns) {
        out.append(" ".repeat(columns));
    }
}
