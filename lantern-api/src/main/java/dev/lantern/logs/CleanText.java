package dev.lantern.logs;

/** What an agent wrote, fit to be kept and shown: no control characters, no forged line ends, no endless lines. */
public final class CleanText {
    /** Longer lines are cut here, in characters. */
    public static final int MAX_LENGTH = 64 * 1024;

    private static final String CUT = " … [cut]";

    private CleanText() {}

    /**
     * The text with U+FFFD in the place of each control character other than a tab, each line end and each half of a
     * character; cut at {@link #MAX_LENGTH}, and then it says so.
     */
    public static String of(String text) {
        boolean cut = text.length() > MAX_LENGTH;
        int length = cut ? MAX_LENGTH - CUT.length() : text.length();
        if (cut && Character.isHighSurrogate(text.charAt(length - 1))) {
            length--;
        }
        StringBuilder clean = new StringBuilder(length + CUT.length());
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            clean.append(isShown(c) && !isHalf(text, i) ? c : '\uFFFD');
        }
        return cut ? clean.append(CUT).toString() : clean.toString();
    }

    /** Whether a surrogate stands without its other half: no encoding could keep it. */
    private static boolean isHalf(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    /** Tabs are text; the other control characters, and the two that Unicode counts as line ends, are not. */
    private static boolean isShown(char c) {
        return c == '\t' || !(Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
    }
}
