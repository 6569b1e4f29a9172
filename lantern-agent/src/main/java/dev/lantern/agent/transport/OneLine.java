package dev.lantern.agent.transport;

/** A stranger's words, or an exception's that may quote them, as they may stand in a log. */
final class OneLine {
    private static final int LONGEST = 512;

    private OneLine() {}

    /** Printable ASCII as it is, anything else as {@code ?}, and not too much of it. */
    static String of(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < LONGEST; i++) {
            char c = text.charAt(i);
            line.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return line.toString();
    }
}
