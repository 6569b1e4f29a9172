package dev.lantern.value.internal;

import java.util.Iterator;
import java.util.Map;

/** Writes the one byte form of a {@link Json} value. */
final class CanonicalWriter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(256);

    private CanonicalWriter() {}

    static String write(Json value) {
        CanonicalWriter writer = new CanonicalWriter();
        writer.value(value);
        return writer.out.toString();
    }

    private void value(Json value) {
        if (value instanceof Json.Text text) {
            string(text.value());
        } else if (value instanceof Json.Int integer) {
            out.append(integer.value());
        } else if (value instanceof Json.Bool bool) {
            out.append(bool.value());
        } else if (value instanceof Json.Array array) {
            array(array);
        } else if (value instanceof Json.Obj object) {
            object(object);
        }
    }

    private void array(Json.Array array) {
        out.append('[');
        Iterator<Json> items = array.items().iterator();
        while (items.hasNext()) {
            value(items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private void object(Json.Obj object) {
        out.append('{');
        Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<String, Json> member = members.next();
            string(member.getKey());
            out.append(':');
            value(member.getValue());
            if (members.hasNext()) {
                out.append(',');
            }
        }
        out.append('}');
    }

    /** Nearly every string needs no escape and is copied whole. */
    private void string(String text) {
        out.append('"');
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                out.append(text, copied, i);
                escape(c);
                copied = i + 1;
            }
        }
        if (copied == 0) {
            out.append(text);
        } else {
            out.append(text, copied, text.length());
        }
        out.append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xf]);
        }
    }
}
