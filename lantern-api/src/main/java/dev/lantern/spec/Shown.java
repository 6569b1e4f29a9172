package dev.lantern.spec;

/** How a message shows what it found: short, quoted, on one line, and with nothing that could forge a second line. */
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    static String quoted(String text) {
        return quoted(text, LONGEST);
    }

    static String quoted(String text, int longest) {
        StringBuilder out = new StringBuilder("\"");
        int shown = 0;
        for (int i = 0; i < text.length() && shown < longest; shown++) {
            int c = text.codePointAt(i);
            append(out, c);
            i += Character.charCount(c);
        }
        out.append('"');
        if (text.codePointCount(0, text.length()) > longest) {
            out.append("… (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int c) {
        if (c == '"' || c == '\\') {
            out.append('\\').append((char) c);
        } else if (isPlain(c)) {
            out.appendCodePoint(c);
        } else {
            out.append("\\u{").append(Integer.toHexString(c)).append('}');
        }
    }

    /** Letters and marks of any script are shown; what steers a terminal or reorders a line is spelled out. */
    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
