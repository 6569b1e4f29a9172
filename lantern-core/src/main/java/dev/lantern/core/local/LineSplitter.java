package dev.lantern.core.local;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines, in bounded memory whatever arrives. One thread at a time.
 *
 * <p>A line ends with LF or CR LF. What is not UTF-8 is replaced by U+FFFD. Of a longer line than
 * {@value #MAX_LINE} bytes the beginning is told, marked with how much was left out, as soon as its end is there.
 */
final class LineSplitter {
    /** The longest line that is told in full, in bytes. */
    static final int MAX_LINE = 64 * 1024;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long left;

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    void take(byte[] bytes, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i);
                tell();
                from = i + 1;
            }
        }
        keep(bytes, from, length);
    }

    /** Tells what stands behind the last line end. */
    void end() {
        if (line.size() > 0 || left > 0) {
            tell();
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        int room = Math.min(to - from, MAX_LINE - line.size());
        line.write(bytes, from, room);
        left += to - from - room;
    }

    private void tell() {
        byte[] bytes = line.toByteArray();
        line.reset();
        lines.accept(left > 0 ? cut(bytes) : whole(bytes));
        left = 0;
    }

    private static String whole(byte[] bytes) {
        boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return new String(bytes, 0, bytes.length - (carriageReturn ? 1 : 0), StandardCharsets.UTF_8);
    }

    /** Not inside of a character: a cut one would look like damage done by the agent. */
    private String cut(byte[] bytes) {
        int end = bytes.length;
        int back = 0;
        while (back < 3 && isContinuation(bytes[end - 1 - back])) {
            back++;
        }
        if (lengthFrom(bytes[end - 1 - back]) > back + 1) {
            end -= back + 1;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + " [… " + (left + bytes.length - end)
                + " more bytes of this line left out]";
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }

    /** How long a character is that begins with this byte; 1 for what begins none. */
    private static int lengthFrom(byte b) {
        int first = b & 0xff;
        if (first >= 0xf0) {
            return 4;
        } else if (first >= 0xe0) {
            return 3;
        }
        return first >= 0xc0 ? 2 : 1;
    }
}
