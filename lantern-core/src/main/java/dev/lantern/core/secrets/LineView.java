package dev.lantern.core.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes that a line stands for under one reading of it, and where in the line each of them comes from. One thread.
 *
 * <p>Reading an encoding backwards takes every spelling of it at once: {@code %2f} and {@code %2F}, {@code \/} and {@code /},
 * escaped where nothing has to be. An escape or a character that the end of the line cuts stands for nothing.
 */
final class LineView {
    private final byte[] bytes;
    /** Of each byte, where the characters that it was made of begin and end. */
    private final int[] from;

    private final int[] to;
    private int length;

    private LineView(int room) {
        bytes = new byte[room];
        from = new int[room];
        to = new int[room];
    }

    /** The line up to {@code end}, as UTF-8. */
    static LineView of(String line, int end) {
        LineView view = new LineView(3 * end);
        for (int i = 0; i < end; ) {
            int c = line.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean isHalf = next > end || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (!isHalf || next < end) {
                view.put(c, i, next);
            }
            i = next;
        }
        return view;
    }

    int length() {
        return length;
    }

    byte at(int index) {
        return bytes[index];
    }

    /** Where in the line the byte comes from. */
    int from(int index) {
        return from[index];
    }

    /** Where in the line the byte's characters end. */
    int to(int index) {
        return to[index];
    }

    boolean has(char ascii) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == ascii) {
                return true;
            }
        }
        return false;
    }

    /** What is left when the escapes of a JSON string are taken back. */
    LineView json() {
        LineView view = new LineView(length);
        for (int i = 0; i < length; ) {
            i = bytes[i] == '\\' ? view.unescaped(this, i) : view.copied(this, i);
        }
        return view;
    }

    private int unescaped(LineView source, int i) {
        if (i + 1 == source.length) {
            return i + 1;
        }
        int plain = "bfnrt\"\\/".indexOf(source.bytes[i + 1]);
        if (plain >= 0) {
            put((byte) "\b\f\n\r\t\"\\/".charAt(plain), source.from[i], source.to[i + 1]);
            return i + 2;
        }
        if (source.bytes[i + 1] != 'u') {
            return copied(source, i);
        }
        int unit = source.hex(i + 2, 4);
        if (unit < 0) {
            return source.isCut(i + 2, 4) ? source.length : copied(source, i);
        }
        if (Character.isHighSurrogate((char) unit) && source.isCutInEscape(i + 6)) {
            return source.length;
        }
        boolean pair = Character.isHighSurrogate((char) unit)
                && source.is(i + 6, '\\')
                && source.is(i + 7, 'u')
                && Character.isLowSurrogate((char) Math.max(0, source.hex(i + 8, 4)));
        int end = pair ? i + 12 : i + 6;
        put(
                pair ? Character.toCodePoint((char) unit, (char) source.hex(i + 8, 4)) : unit,
                source.from[i],
                source.to[end - 1]);
        return end;
    }

    /** What is left when the escapes of a URL are taken back; {@code plus} too, as forms write a blank. */
    LineView url(boolean plus) {
        LineView view = new LineView(length);
        for (int i = 0; i < length; ) {
            int value = bytes[i] == '%' ? hex(i + 1, 2) : -1;
            if (value >= 0) {
                view.put((byte) value, from[i], to[i + 2]);
                i += 3;
            } else if (bytes[i] == '%' && isCut(i + 1, 2)) {
                i = length;
            } else if (bytes[i] == '+' && plus) {
                view.put((byte) ' ', from[i], to[i]);
                i++;
            } else {
                i = view.copied(this, i);
            }
        }
        return view;
    }

    /** Without line ends, as base64 is read. */
    LineView joined() {
        LineView view = new LineView(length);
        for (int i = 0; i < length; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                view.copied(this, i);
            }
        }
        return view;
    }

    /** What was read is wiped: it may hold what is to be masked. */
    void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    private int copied(LineView source, int i) {
        put(source.bytes[i], source.from[i], source.to[i]);
        return i + 1;
    }

    private void put(int codePoint, int begin, int end) {
        if (codePoint < 0x80) {
            put((byte) codePoint, begin, end);
            return;
        }
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            put(b, begin, end);
        }
    }

    private void put(byte b, int begin, int end) {
        bytes[length] = b;
        from[length] = begin;
        to[length] = end;
        length++;
    }

    private boolean is(int index, char ascii) {
        return index < length && bytes[index] == ascii;
    }

    /** The number that these hexadecimal digits are; -1 if they are none. */
    private int hex(int index, int digits) {
        if (index + digits > length) {
            return -1;
        }
        int value = 0;
        for (int i = index; i < index + digits; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Whether what is left of the line is the beginning of another escaped half of a character, or nothing. */
    private boolean isCutInEscape(int index) {
        return index == length || is(index, '\\') && (index + 1 == length || is(index + 1, 'u') && isCut(index + 2, 4));
    }

    /** Whether the line ends before these digits do. */
    private boolean isCut(int index, int digits) {
        if (index + digits <= length) {
            return false;
        }
        for (int i = index; i < length; i++) {
            if (bytes[i] < 0 || Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
