package dev.lantern.core.spec;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Writes a tree as YAML in one of many styles that all mean the same. */
final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*");
    private static final Pattern NO_TEXT = Pattern.compile("(?i)true|false|null");

    private final Random random;
    private final StringBuilder out = new StringBuilder();

    private YamlText(long seed) {
        this.random = new Random(seed);
    }

    static String of(Object node, long seed) {
        YamlText text = new YamlText(seed);
        if (text.random.nextInt(8) == 0) {
            text.flow(node, text::scalarText);
        } else {
            text.block(node, 0);
        }
        return text.out.append('\n').toString();
    }

    /** The same tree as JSON. */
    static String json(Object node) {
        YamlText text = new YamlText(0);
        text.flow(node, text::doubleQuoted);
        return text.out.toString();
    }

    private void block(Object node, int indent) {
        if (isEmpty(node)) {
            flow(node, this::scalarText);
        } else if (node instanceof Map) {
            blockMapping(Documents.members(node), indent);
        } else {
            blockSequence(Documents.items(node), indent);
        }
    }

    private void blockMapping(Map<String, Object> members, int indent) {
        boolean first = true;
        for (Map.Entry<String, Object> member : members.entrySet()) {
            newLine(first, indent);
            first = false;
            out.append(scalarText(member.getKey())).append(':');
            value(member.getValue(), indent);
        }
    }

    private void blockSequence(List<Object> items, int indent) {
        boolean first = true;
        for (Object item : items) {
            newLine(first, indent);
            first = false;
            out.append("-");
            value(item, indent);
        }
    }

    private void value(Object value, int indent) {
        if (!isEmpty(value) && random.nextInt(5) > 0) {
            out.append(random.nextInt(6) == 0 ? " # a comment" : "").append('\n');
            out.append(" ".repeat(indent + 2));
            block(value, indent + 2);
        } else {
            out.append(' ');
            flow(value, this::scalarText);
        }
    }

    private void newLine(boolean first, int indent) {
        if (!first) {
            out.append('\n').append(" ".repeat(indent));
        }
    }

    private static boolean isEmpty(Object node) {
        return !(node instanceof Map<?, ?> map && !map.isEmpty()) && !(node instanceof List<?> list && !list.isEmpty());
    }

    private void flow(Object node, UnaryOperator<String> style) {
        if (node instanceof Map) {
            String separator = "{";
            for (Map.Entry<String, Object> member : Documents.members(node).entrySet()) {
                out.append(separator).append(doubleQuoted(member.getKey())).append(": ");
                flow(member.getValue(), style);
                separator = ", ";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (node instanceof List) {
            String separator = "[";
            for (Object item : Documents.items(node)) {
                out.append(separator);
                flow(item, style);
                separator = ", ";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (node instanceof String text) {
            out.append(style.apply(text));
        } else if (node instanceof BigDecimal decimal) {
            out.append(decimal.toPlainString());
        } else {
            out.append(node);
        }
    }

    private String scalarText(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !NO_TEXT.matcher(text).matches();
        return plain && random.nextBoolean() ? text : quoted(text);
    }

    private String quoted(String text) {
        boolean simple = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        if (simple && random.nextBoolean()) {
            return "'" + text.replace("'", "''") + "'";
        }
        return doubleQuoted(text);
    }

    private String doubleQuoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0xfeff) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
