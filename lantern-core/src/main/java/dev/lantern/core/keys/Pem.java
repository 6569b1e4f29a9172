package dev.lantern.core.keys;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM text (RFC 7468), as tools write it: labels, lines of base64, and nothing else. Thread-safe.
 *
 * @param label what stands behind {@code BEGIN}
 * @param der what is between, to be wiped by the caller
 */
record Pem(String label, byte[] der) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** @throws LanternException if there is anything but whole blocks and empty lines */
    static List<Pem> blocks(byte[] text, String source) {
        List<Pem> blocks = new ArrayList<>();
        byte[] body = new byte[text.length];
        try {
            String label = "";
            int length = 0;
            int number = 0;
            for (int begin = 0; begin < text.length; ) {
                int end = endOfLine(text, begin);
                number++;
                if (end > begin && text[begin] == '-') {
                    String line = new String(text, begin, end - begin, StandardCharsets.ISO_8859_1);
                    if (label.isEmpty() && line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                        label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                        length = 0;
                    } else if (!label.isEmpty() && line.equals(END + label + DASHES)) {
                        blocks.add(new Pem(label, decoded(body, length, label, source)));
                        label = "";
                    } else {
                        throw malformed(source, "line " + number + " is no begin and no end that belongs there");
                    }
                } else if (end > begin && label.isEmpty()) {
                    throw malformed(source, "line " + number + " stands outside of the blocks");
                } else {
                    System.arraycopy(text, begin, body, length, end - begin);
                    length += end - begin;
                }
                begin = behindLine(text, end);
            }
            if (!label.isEmpty()) {
                throw malformed(source, "its last block has no end: it was cut");
            }
            return blocks;
        } catch (LanternException e) {
            blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
            throw e;
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static byte[] decoded(byte[] body, int length, String label, String source) {
        byte[] base64 = Arrays.copyOf(body, length);
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Without the cause: the decoder's message quotes what it could not read.
            throw malformed(source, "the block " + Quoted.name(label) + " is no base64");
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }

    private static int endOfLine(byte[] text, int begin) {
        int end = begin;
        while (end < text.length && text[end] != '\n' && text[end] != '\r') {
            end++;
        }
        return end;
    }

    private static int behindLine(byte[] text, int end) {
        boolean both = end + 1 < text.length && text[end] == '\r' && text[end + 1] == '\n';
        return end + (both ? 2 : 1);
    }

    private static LanternException malformed(String source, String how) {
        return new LanternException("reading keys in PEM from " + source + ": " + how);
    }

    @Override
    public String toString() {
        return "Pem[" + label + "]";
    }
}
