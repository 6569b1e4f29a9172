package dev.lantern.core.spec;

import dev.lantern.core.spec.ProblemList.Unreadable;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SpecPath;
import dev.lantern.spec.SpecProblem.Position;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** From bytes to text: bounded, strictly UTF-8, without marks and characters that hide or forge what a reader sees. */
final class SpecText {
    private static final String UTF8 = "UTF-8 text without a byte order mark";

    private SpecText() {}

    static String decode(byte[] yaml, ProblemList problems) throws Unreadable {
        if (yaml.length > AgentSpec.MAX_BYTES) {
            throw problems.unreadable(
                    SpecPath.DOCUMENT,
                    problems.position(1, 1),
                    "a document of more than " + AgentSpec.MAX_BYTES + " bytes",
                    "at most " + AgentSpec.MAX_BYTES + " bytes",
                    "");
        }
        if (startsWithByteOrderMark(yaml)) {
            throw problems.unreadable(
                    SpecPath.DOCUMENT,
                    problems.position(1, 1),
                    "a byte order mark",
                    UTF8,
                    "save the file as UTF-8 without BOM");
        }
        String text = utf8(yaml, problems);
        refuseControlCharacters(text, problems);
        return text;
    }

    private static boolean startsWithByteOrderMark(byte[] yaml) {
        return startsWith(yaml, 0xef, 0xbb, 0xbf) || startsWith(yaml, 0xff, 0xfe) || startsWith(yaml, 0xfe, 0xff);
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        boolean same = bytes.length >= mark.length;
        for (int i = 0; same && i < mark.length; i++) {
            same = (bytes[i] & 0xff) == mark[i];
        }
        return same;
    }

    private static String utf8(byte[] yaml, ProblemList problems) throws Unreadable {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(yaml.length);
        ByteBuffer bytes = ByteBuffer.wrap(yaml);
        CoderResult result = decoder.decode(bytes, chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            throw problems.unreadable(
                    SpecPath.DOCUMENT,
                    end(text, problems),
                    String.format("the byte 0x%02x, which is not UTF-8 here", yaml[bytes.position()] & 0xff),
                    UTF8,
                    "save the file as UTF-8");
        }
        return text;
    }

    private static void refuseControlCharacters(String text, ProblemList problems) throws Unreadable {
        boolean refused = false;
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length() && !problems.isFull(); ) {
            int c = text.codePointAt(i);
            if (isRefused(c)) {
                refused = true;
                problems.report(
                        SpecPath.DOCUMENT,
                        problems.position(line, column),
                        String.format("the character U+%04X", c),
                        "printable text, tabs and line ends",
                        "remove it, or in a quoted text write it as an escape if the field allows it");
            }
            boolean lineEnd = c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'));
            line += lineEnd ? 1 : 0;
            column = lineEnd ? 1 : column + 1;
            i += Character.charCount(c);
        }
        if (refused) {
            throw problems.unreadable();
        }
    }

    /** C0, DEL, C1, the Unicode line ends that editors do not show as such, byte order marks and what is no character. */
    private static boolean isRefused(int c) {
        boolean control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c <= 0x9f);
        return control || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff;
    }

    /** The place just behind {@code text}. */
    private static Position end(String text, ProblemList problems) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return problems.position(line, text.codePointCount(start, text.length()) + 1);
    }
}
