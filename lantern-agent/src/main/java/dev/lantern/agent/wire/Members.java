package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Reading of members that have one form. */
final class Members {
    private static final HexFormat HEX = HexFormat.of();

    private static final int MAX_KEY = 200;

    private Members() {}

    /** Refuses a form that writing {@code value} again would not give: one meaning, one form. */
    static <T> T requireSame(Json.Obj read, Json.Obj written, T value, String what) {
        if (!read.equals(written)) {
            throw new LanternException(what + " is not written as the protocol writes it");
        }
        return value;
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static byte[] hex(Json.Obj json, String name, int length) {
        String text = json.text(name);
        boolean wellFormed =
                text.length() == 2 * length && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
        if (!wellFormed) {
            throw new LanternException(
                    "member \"" + name + "\" must be " + 2 * length + " lower-case hexadecimal digits");
        }
        return HEX.parseHex(text);
    }

    /** A key that stands in headers of whatever the agent calls: one word of printable ASCII. */
    static String key(Json.Obj json, String name) {
        String text = json.text(name);
        if (text.isEmpty() || text.length() > MAX_KEY || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new LanternException("member \"" + name + "\" must be 1 to " + MAX_KEY
                    + " characters of printable ASCII without spaces");
        }
        return text;
    }

    /** A name that has one form; the message does not show another one. */
    static String word(Json.Obj json, String name, Pattern form) {
        String text = json.text(name);
        if (!form.matcher(text).matches()) {
            throw new LanternException("member \"" + name + "\" must be of the form " + form);
        }
        return text;
    }

    static List<String> texts(Json.Obj json, String name) {
        List<String> texts = new ArrayList<>();
        for (Json item : json.array(name)) {
            if (!(item instanceof Json.Text text)) {
                throw new LanternException("member \"" + name + "\" must list strings");
            }
            texts.add(text.value());
        }
        return texts;
    }

    static int integer(Json.Obj json, String name, int min, int max) {
        long value = json.integer(name);
        if (value < min || value > max) {
            throw new LanternException(
                    "member \"" + name + "\" must be from " + min + " to " + max + ", found " + value);
        }
        return (int) value;
    }

    static long natural(Json.Obj json, String name) {
        long value = json.integer(name);
        if (value < 0) {
            throw new LanternException("member \"" + name + "\" must not be negative, found " + value);
        }
        return value;
    }
}
