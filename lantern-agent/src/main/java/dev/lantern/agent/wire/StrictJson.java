package dev.lantern.agent.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import dev.lantern.value.internal.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads JSON (RFC 8259, RFC 7493) the strict way: one document has one meaning, or it is refused.
 *
 * <p>Refused are: a name that stands twice in an object (after unescaping), null, fractions and exponents,
 * {@code -0}, integers of 2^53 and more in magnitude, bytes that are not UTF-8, a byte order mark, surrogates
 * that are not a pair, text behind the document, and whatever exceeds the {@link Bounds}. Messages name the
 * place and, where it helps, a member's name; they hold no value of the document. Positions are offsets from 0,
 * in bytes where the bytes are no UTF-8 and in UTF-16 characters everywhere else.
 *
 * <p>Thread-safe: nothing is kept between two calls.
 */
public final class StrictJson {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /**
     * Names are neither interned nor kept in the factory's symbol table: both outlive the call and are fed by
     * strangers. Jackson's own limits stand aside; the bounds below are checked here.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Bounds.MAX_DEPTH + 1)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final Bounds bounds;
    private int values;

    private StrictJson(JsonParser parser, Bounds bounds) {
        this.parser = parser;
        this.bounds = bounds;
    }

    /**
     * How much a reader takes. A value is an object, an array or a scalar; bounding their number bounds the
     * memory that a document of many tiny values would need.
     *
     * @param bytes the longest document, in bytes
     * @param depth how deep arrays and objects may nest; 1 is an object of scalars
     * @param values how many values a document may hold
     */
    public record Bounds(int bytes, int depth, int values) {
        static final int MAX_DEPTH = 256;
        private static final int USUAL_DEPTH = 32;
        private static final int BYTES_PER_VALUE = 8;
        private static final int FEW_VALUES = 1000;

        /** @throws LanternException unless all are positive and {@code depth} is at most 256 */
        public Bounds {
            if (bytes < 1 || values < 1 || depth < 1 || depth > MAX_DEPTH) {
                throw new LanternException("bounds of a JSON document are positive and its depth is at most "
                        + MAX_DEPTH + ", found " + bytes + " bytes, depth " + depth + ", " + values + " values");
            }
        }

        /** So many bytes, depth 32, one value per eight bytes (at least 1000). */
        public static Bounds ofBytes(int bytes) {
            return new Bounds(bytes, USUAL_DEPTH, Math.max(FEW_VALUES, bytes / BYTES_PER_VALUE));
        }
    }

    /**
     * Reads one document.
     *
     * @throws LanternException if it is refused; the message says why and where
     */
    public static Json parse(byte[] utf8, Bounds bounds) {
        char[] text = decode(utf8, bounds);
        requireHexInEscapes(text);
        try (JsonParser parser = FACTORY.createParser(text)) {
            return new StrictJson(parser, bounds).document();
        } catch (JsonProcessingException e) {
            // Jackson's message quotes the document, so neither it nor the exception is passed on.
            throw refused("not well-formed JSON", e.getLocation());
        } catch (IOException e) {
            throw new LanternException("cannot read JSON from memory", e);
        }
    }

    /** As {@link #parse}, for documents that must be an object. */
    public static Json.Obj parseObject(byte[] utf8, Bounds bounds) {
        if (parse(utf8, bounds) instanceof Json.Obj object) {
            return object;
        }
        throw new LanternException("cannot read JSON: the document must be an object");
    }

    /**
     * As {@link #parse}, and refuses a document whose bytes are not the canonical form of what it says.
     *
     * @throws LanternException if it is refused or not canonical
     */
    public static Json parseCanonical(byte[] utf8, Bounds bounds) {
        Json value = parse(utf8, bounds);
        int difference = Arrays.mismatch(value.bytes(), utf8);
        if (difference >= 0) {
            throw new LanternException(
                    "cannot read JSON: not in canonical form (RFC 8785: sorted names, no white space, "
                            + "shortest escapes), first difference at byte " + difference);
        }
        return value;
    }

    private static char[] decode(byte[] utf8, Bounds bounds) {
        if (utf8.length > bounds.bytes()) {
            throw new LanternException(
                    "cannot read JSON: at most " + bounds.bytes() + " bytes are allowed, found " + utf8.length);
        }
        if (utf8.length >= 3 && Arrays.equals(utf8, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
            throw new LanternException("cannot read JSON: a byte order mark at byte 0; write UTF-8 without one");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new LanternException("cannot read JSON: not UTF-8 at byte " + in.position());
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * Jackson looks at the low eight bits of what follows {@code \\u} and takes U+0732 for the digit 2. In a document
     * that is JSON at all, a backslash stands in strings only, so pairs can be told apart without parsing.
     */
    private static void requireHexInEscapes(char[] text) {
        for (int i = 0; i < text.length - 1; i++) {
            if (text[i] == '\\') {
                i++;
                for (int digit = i + 1; text[i] == 'u' && digit <= i + 4; digit++) {
                    if (digit == text.length || !isHex(text[digit])) {
                        throw new LanternException("cannot read JSON: not well-formed JSON, at character " + digit);
                    }
                }
            }
        }
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private Json document() throws IOException {
        if (parser.nextToken() == null) {
            throw new LanternException("cannot read JSON: the document is empty");
        }
        Json value = value(1);
        if (parser.nextToken() != null) {
            throw refusedHere("text behind the document");
        }
        return value;
    }

    private Json value(int depth) throws IOException {
        if (++values > bounds.values()) {
            throw refusedHere("more than " + bounds.values() + " values");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> new Json.Text(text());
            case VALUE_NUMBER_INT -> new Json.Int(integer());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> throw refusedHere("null; leave the member out");
            case VALUE_NUMBER_FLOAT ->
                throw refusedHere("a number with a fraction or an exponent; allowed are integers");
            default -> throw refusedHere("an unexpected token");
        };
    }

    private Json object(int depth) throws IOException {
        requireDepth(depth);
        Json.Builder object = Json.object();
        Set<String> names = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = text();
            if (!names.add(name)) {
                throw refusedHere("member " + Quoted.name(name) + " stands twice in one object");
            }
            parser.nextToken();
            object.put(name, value(depth + 1));
        }
        return object.build();
    }

    private Json array(int depth) throws IOException {
        requireDepth(depth);
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(depth + 1));
        }
        return new Json.Array(items);
    }

    private void requireDepth(int depth) {
        if (depth > bounds.depth()) {
            throw refusedHere("nested deeper than " + bounds.depth());
        }
    }

    private String text() throws IOException {
        String text = parser.getText();
        if (hasLoneSurrogate(text)) {
            throw refusedHere("a string with a surrogate that is not part of a pair");
        }
        return text;
    }

    /** Decided on the characters, before anything of the digits is computed: a number may be as long as the document. */
    private long integer() throws IOException {
        char[] chars = parser.getTextCharacters();
        int start = parser.getTextOffset();
        int length = parser.getTextLength();
        boolean negative = chars[start] == '-';
        int digits = negative ? length - 1 : length;
        if (digits > 16) {
            throw tooLarge();
        }
        long magnitude = 0;
        for (int i = length - digits; i < length; i++) {
            magnitude = 10 * magnitude + (chars[start + i] - '0');
        }
        if (magnitude > Json.MAX_INTEGER) {
            throw tooLarge();
        }
        if (negative && magnitude == 0) {
            throw refusedHere("-0, which readers disagree about; write 0");
        }
        return negative ? -magnitude : magnitude;
    }

    private LanternException tooLarge() {
        return refusedHere("an integer of 2^53 or more in magnitude");
    }

    private LanternException refusedHere(String what) {
        return refused(what, parser.currentTokenLocation());
    }

    private static LanternException refused(String what, JsonLocation where) {
        return new LanternException("cannot read JSON: " + what + ", at character " + where.getCharOffset());
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
