package dev.lantern.core.secrets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a value looks like in what somebody writes: the bytes to look for, each of at least {@link Masks#MIN_LENGTH}. The
 * value, the value without the blanks around it, each of its lines, and each text in it if it is a JSON document, as
 * dynamic credentials are.
 */
final class MaskedForms {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern UNCLEAN = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029&&[^\\t]]");

    private final List<byte[]> forms = new ArrayList<>();

    private MaskedForms() {}

    /** Belongs to the caller, who wipes it. */
    static MaskedForms of(byte[] value) {
        MaskedForms forms = new MaskedForms();
        forms.add(value, 0, value.length);
        forms.addStripped(value, 0, value.length);
        int begin = 0;
        for (int i = 0; i <= value.length; i++) {
            if (i == value.length || value[i] == '\n') {
                forms.addStripped(value, begin, i);
                begin = i + 1;
            }
        }
        forms.addTexts(value);
        return forms;
    }

    /** How many bytes are left without the blanks around them. */
    static int length(byte[] value) {
        int begin = 0;
        int end = value.length;
        while (begin < end && isBlank(value[begin])) {
            begin++;
        }
        while (end > begin && isBlank(value[end - 1])) {
            end--;
        }
        return end - begin;
    }

    List<byte[]> list() {
        return forms;
    }

    void wipe() {
        forms.forEach(form -> Arrays.fill(form, (byte) 0));
    }

    private void addStripped(byte[] value, int from, int to) {
        int begin = from;
        int end = to;
        while (begin < end && isBlank(value[begin])) {
            begin++;
        }
        while (end > begin && isBlank(value[end - 1])) {
            end--;
        }
        add(value, begin, end);
    }

    private void add(byte[] value, int begin, int end) {
        if (end - begin < Masks.MIN_LENGTH) {
            return;
        }
        byte[] form = Arrays.copyOfRange(value, begin, end);
        if (forms.stream().noneMatch(other -> Arrays.equals(other, form))) {
            forms.add(form);
        }
    }

    private void addTexts(byte[] value) {
        if (value[0] != '{' && value[0] != '[') {
            return;
        }
        List<byte[]> texts = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(value)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(parser.getText().getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // It only looks like a document; what was read of it until here is masked as well.
        }
        for (byte[] text : texts) {
            add(text, 0, text.length);
            Arrays.fill(text, (byte) 0);
        }
    }

    /**
     * What is left of such bytes when a line is made of them: what is no UTF-8 was replaced. Empty if that is the same, or too
     * little to know it by.
     *
     * @param clean whether what is no text was replaced as well, as {@link dev.lantern.logs.CleanText} does
     */
    static byte[] shown(byte[] form, boolean clean) {
        String text = new String(form, StandardCharsets.UTF_8);
        String shown = clean ? UNCLEAN.matcher(text).replaceAll("\uFFFD") : text;
        byte[] bytes = shown.getBytes(StandardCharsets.UTF_8);
        long told = shown.chars().filter(c -> c != '\uFFFD').count();
        return told < Masks.MIN_LENGTH || Arrays.equals(bytes, form) ? new byte[0] : bytes;
    }

    /** The inside of the JSON string that such text is, with no more escapes than it takes; empty if that is the same. */
    static byte[] escaped(byte[] form) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(form.length + 16);
        for (byte b : form) {
            int shortForm = "\b\f\n\r\t\"\\".indexOf(b);
            if (shortForm >= 0) {
                out.write('\\');
                out.write("bfnrt\"\\".charAt(shortForm));
            } else {
                out.write(b);
            }
        }
        return out.size() == form.length ? new byte[0] : out.toByteArray();
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
