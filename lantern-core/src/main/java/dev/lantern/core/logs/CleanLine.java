package dev.lantern.core.logs;

/** What an agent wrote, fit to be shown: no control characters, no forged line ends, no endless lines. */
final class CleanLine {
    /** Longer lines are cut here, in characters. */
    static final int MAX_LENGTH = 64 * 1024;

    private static final String CUT = " … [cut]";

    private CleanLine() {}

    static String of(String text) {
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
