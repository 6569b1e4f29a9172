package dev.lantern.value.internal;

/** Names that strangers chose, made fit for a message: short, one line, nothing but printable ASCII. */
public final class Quoted {
    private static final int SHOWN = 64;

    private Quoted() {}

    /** The name in quotes, other characters as {@code \\u{…}}, cut behind 64 characters. */
    public static String name(String name) {
        StringBuilder out = new StringBuilder("\"");
        name.codePoints().limit(SHOWN).forEach(c -> append(out, c));
        return out.append(name.codePoints().skip(SHOWN).findAny().isPresent() ? "\"…" : "\"")
                .toString();
    }

    private static void append(StringBuilder out, int c) {
        if (c >= 0x20 && c < 0x7f) {
            out.append((char) c);
        } else {
            out.append("\\u{").append(Integer.toHexString(c)).append('}');
        }
    }
}
