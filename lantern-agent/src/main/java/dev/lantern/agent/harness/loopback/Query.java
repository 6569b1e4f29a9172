package dev.lantern.agent.harness.loopback;

import dev.lantern.value.LanternException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query of a request. A parameter that is unknown or stands twice is refused: it is a mistake in spelling. */
final class Query {
    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /** @param query without the question mark; empty for none */
    static Query parse(String query, String... allowed) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> names = Arrays.asList(allowed);
        int from = 0;
        while (from < query.length()) {
            int end = query.indexOf('&', from);
            String pair = query.substring(from, end < 0 ? query.length() : end);
            from = end < 0 ? query.length() : end + 1;
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!names.contains(name)) {
                throw new LanternException("the query has a parameter that is not known here; "
                        + (names.isEmpty() ? "none is" : "known are " + String.join(", ", names)));
            }
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
            if (values.putIfAbsent(name, value) != null) {
                throw new LanternException("the query has parameter " + name + " twice");
            }
        }
        return new Query(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A natural number, or 0 where there is none. */
    long number(String name) {
        String text = values.getOrDefault(name, "0");
        if (text.isEmpty() || text.length() > 15 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new LanternException("parameter " + name + " must be a natural number");
        }
        return Long.parseLong(text);
    }

    boolean flag(String name) {
        String text = values.getOrDefault(name, "");
        if (!text.equals("true") && !text.equals("false")) {
            throw new LanternException("parameter " + name + " must be true or false");
        }
        return text.equals("true");
    }

    /**
     * Undoes percent-encoding of UTF-8.
     *
     * @param form whether a plus stands for a space, as forms write it
     */
    static String decoded(String text, boolean form) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(octet(text, i));
                i += 3;
            } else {
                bytes.write(form && c == '+' ? ' ' : c);
                i++;
            }
        }
        return utf8(bytes.toByteArray());
    }

    private static int octet(String text, int at) {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new LanternException("a percent sign is not followed by two hexadecimal digits");
        }
        return high * 16 + low;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new LanternException("percent-encoded text is not UTF-8", e);
        }
    }
}
