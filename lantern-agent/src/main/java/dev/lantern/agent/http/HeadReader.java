package dev.lantern.agent.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads header fields, strictly: no folding, no space before the colon, no control characters. */
final class HeadReader {
    private final ByteSource in;
    private final HttpLimits limits;
    private int left;

    HeadReader(ByteSource in, HttpLimits limits) {
        this.in = in;
        this.limits = limits;
        this.left = limits.maxHeadBytes();
    }

    /** The request line or status line. */
    String firstLine() throws IOException {
        return line(414);
    }

    Headers headers() throws IOException {
        List<Headers.Field> fields = new ArrayList<>();
        String line = line(431);
        while (!line.isEmpty()) {
            if (fields.size() == limits.maxHeaders()) {
                throw new HttpException(431, "the message has more than " + limits.maxHeaders() + " header fields");
            }
            fields.add(field(line));
            line = line(431);
        }
        return Headers.of(fields);
    }

    private String line(int tooLong) throws IOException {
        String line = in.line(left, tooLong);
        left = Math.max(0, left - line.length() - 2);
        return line;
    }

    private static Headers.Field field(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        if (!Syntax.isToken(name)) {
            throw new HttpException(400, "a header field is not a name, a colon and a value");
        }
        String value = line.substring(colon + 1);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f) {
                throw new HttpException(400, "a header field's value holds a control character");
            }
        }
        return new Headers.Field(name.toLowerCase(Locale.ROOT), trimmed(value));
    }

    private static String trimmed(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
