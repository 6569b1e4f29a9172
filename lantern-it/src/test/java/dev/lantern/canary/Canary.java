package dev.lantern.canary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * A value, and every way in which programs write it. It is found by any piece of twelve characters of any of them, whole or
 * broken into lines. Immutable.
 */
public final class Canary {
    private static final int PIECE = 12;

    private final String value;
    private final Map<String, String> pieces = new LinkedHashMap<>();

    /** @param value such that none of its pieces stands anywhere by chance */
    public Canary(String value) {
        this.value = value;
        byte[] bytes = value.getBytes(UTF_8);
        spelled("as it is", new String(bytes, ISO_8859_1));
        spelled("UTF-16", new String(value.getBytes(UTF_16BE), ISO_8859_1));
        spelled("UTF-16", new String(value.getBytes(UTF_16LE), ISO_8859_1));
        String json = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        spelled("JSON", utf8(json));
        spelled("JSON", utf8(json.replace("/", "\\/")));
        spelled("JSON", utf8(json.replace("\\", "\\\\").replace("\"", "\\\"")));
        spelled("JSON", characters(c -> c < 0x80 ? json(c) : String.format(Locale.ROOT, "\\u%04x", c)));
        spelled("JSON", characters(c -> String.format(Locale.ROOT, "\\u%04x", c)));
        spelled("JSON", characters(c -> String.format(Locale.ROOT, "\\u%04X", c)));
        String url = URLEncoder.encode(value, UTF_8);
        spelled("URL", url);
        spelled("URL", url.replace("+", "%20"));
        spelled("URL", url.replace("%2F", "/"));
        spelled("URL", URLEncoder.encode(url, UTF_8));
        spelled("URL", bytes(bytes, "%%%02x"));
        spelled("URL", bytes(bytes, "%%%02X"));
        spelled("hex", HexFormat.of().formatHex(bytes));
        spelled("hex", HexFormat.of().withUpperCase().formatHex(bytes));
        spelled("hex", HexFormat.ofDelimiter(" ").formatHex(bytes));
        spelled("hex", HexFormat.ofDelimiter(":").formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            byte[] inside = (" ".repeat(before) + new String(bytes, ISO_8859_1) + "  ").getBytes(ISO_8859_1);
            // What the bytes around it have a part in is not the value's own.
            int from = before == 0 ? 0 : before + 1;
            int to = (before + bytes.length) * 8 / 6;
            spelled("base64", Base64.getEncoder().encodeToString(inside).substring(from, to));
            spelled("base64", Base64.getUrlEncoder().encodeToString(inside).substring(from, to));
        }
    }

    /** As a store keeps it. */
    public byte[] bytes() {
        return value.getBytes(UTF_8);
    }

    /** How it is spelled there; empty if it is not there. */
    public SortedSet<String> in(byte[] place) {
        return in(new String(place, ISO_8859_1));
    }

    /** As {@link #in(byte[])}, of a text. */
    public SortedSet<String> inText(String place) {
        return in(utf8(place));
    }

    /** @param place a character for each byte, so that no byte is lost to an encoding */
    private SortedSet<String> in(String place) {
        SortedSet<String> found = new TreeSet<>();
        look(place, found);
        look(place.replace("\\r", "").replace("\\n", "").replaceAll("[\r\n]", ""), found);
        return found;
    }

    private void look(String place, SortedSet<String> found) {
        for (int at = 0; at + PIECE <= place.length(); at++) {
            String spelling = pieces.get(place.substring(at, at + PIECE));
            if (spelling != null) {
                found.add(spelling);
            }
        }
    }

    private void spelled(String how, String text) {
        for (int at = 0; at + PIECE <= text.length(); at++) {
            pieces.putIfAbsent(text.substring(at, at + PIECE), how);
        }
    }

    private String characters(IntFunction<String> written) {
        return value.chars().mapToObj(written).collect(Collectors.joining());
    }

    private static String json(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default -> String.valueOf((char) c);
        };
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    private static String bytes(byte[] bytes, String form) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            text.append(String.format(Locale.ROOT, form, one & 0xff));
        }
        return text.toString();
    }

    /** Not the value: what is printed is kept. */
    @Override
    public String toString() {
        return "canary of " + bytes().length + " bytes";
    }
}
