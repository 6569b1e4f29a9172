package dev.lantern.spec;

/** The rule for text that is passed on as it is: arguments and environment values. */
final class FreeText {
    static final String ALLOWED = "Unicode text without control characters other than tab and line feed";

    private FreeText() {}

    /**
     * Lets {@code text} pass unless it holds what a process, a log or a canonical form cannot carry. The message
     * names the character and its place, not the text, which may be confidential.
     */
    static String checked(SpecPath path, String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (!allowed(c)) {
                throw new InvalidSpecException(
                        path.toString(),
                        java.util.List.of(SpecProblem.of(
                                path,
                                "the character U+" + String.format("%04X", c) + " at index " + i,
                                ALLOWED,
                                "remove it")));
            }
            i += Character.charCount(c);
        }
        return text;
    }

    private static boolean allowed(int c) {
        boolean control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f);
        boolean lineSeparator = c == 0x2028 || c == 0x2029;
        boolean byteOrderOrNone = c == 0xfeff || c == 0xfffe || c == 0xffff;
        boolean loneSurrogate = c >= 0xd800 && c <= 0xdfff;
        return !(control || lineSeparator || byteOrderOrNone || loneSurrogate);
    }
}
