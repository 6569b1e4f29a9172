package dev.lantern.core.spec;

/** A piece of the document in a message: short and in printable ASCII, so that it can forge nothing. */
final class Excerpt {
    private static final int LONGEST = 60;

    private Excerpt() {}

    static String quoted(String text) {
        return '"' + of(text) + '"';
    }

    static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (c >= 0x20 && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        return out.append(text.length() > LONGEST ? "…" : "").toString();
    }
}
