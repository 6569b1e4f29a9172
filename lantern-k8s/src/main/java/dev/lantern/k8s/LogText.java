package dev.lantern.k8s;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts the text of a log, in which every line begins with its time, into lines, in bounded memory whatever arrives. One
 * thread at a time.
 *
 * <p>A line ends with LF or CR LF. What is not UTF-8 is replaced by U+FFFD. Of a longer line than {@value #MAX_LINE} bytes
 * the beginning is told, marked with how much was left out.
 */
final class LogText {
    /** The longest line that is told in full, in bytes. */
    static final int MAX_LINE = 64 * 1024;

    /** The longest time, {@code 2026-01-01T00:00:00.000000000+00:00}, and the blank behind it. */
    private static final int LONGEST_TIME = 36;

    private final Consumer<Line> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long left;

    LogText(Consumer<Line> lines) {
        this.lines = lines;
    }

    /**
     * One line.
     *
     * @param time when it was written; empty if it does not say
     * @param text without time and line end
     */
    record Line(Optional<Instant> time, String text) {}

    void take(byte[] bytes, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i);
                lines.accept(cut());
                line.reset();
                left = 0;
                from = i + 1;
            }
        }
        keep(bytes, from, length);
    }

    /** What stands behind the last line end; it may be half a line. */
    Optional<Line> rest() {
        return line.size() == 0 ? Optional.empty() : Optional.of(cut());
    }

    private void keep(byte[] bytes, int from, int to) {
        int room = Math.min(to - from, LONGEST_TIME + MAX_LINE - line.size());
        line.write(bytes, from, room);
        left += to - from - room;
    }

    private Line cut() {
        byte[] bytes = line.toByteArray();
        int blank = 0;
        while (blank < Math.min(LONGEST_TIME, bytes.length) && bytes[blank] != ' ') {
            blank++;
        }
        Optional<Instant> time = time(new String(bytes, 0, blank, StandardCharsets.UTF_8));
        int from = time.isEmpty() ? 0 : Math.min(blank + 1, bytes.length);
        return new Line(time, text(Arrays.copyOfRange(bytes, from, bytes.length)));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private String text(byte[] bytes) {
        if (left == 0 && bytes.length <= MAX_LINE) {
            boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
            return new String(bytes, 0, bytes.length - (carriageReturn ? 1 : 0), StandardCharsets.UTF_8);
        }
        int end = wholeCharacters(bytes, Math.min(bytes.length, MAX_LINE));
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + " [… " + (left + bytes.length - end)
                + " more bytes of this line left out]";
    }

    /** The same or a little less: a cut character would look like damage done by the agent. */
    private static int wholeCharacters(byte[] bytes, int end) {
        int back = 1;
        while (back < 4 && (bytes[end - back] & 0xc0) == 0x80) {
            back++;
        }
        int first = bytes[end - back] & 0xff;
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        return length > back ? end - back : end;
    }
}
