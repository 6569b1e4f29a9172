package dev.lantern.core.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Looks for bytes in a text as somebody would who has only the text, and shares nothing with what masks it. */
final class Leaks {
    private static final Pattern HEX_RUN = Pattern.compile("[0-9a-fA-F]{2,}");
    private static final Pattern BASE64_RUN = Pattern.compile("[A-Za-z0-9+/_-]{2,}");
    private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|([bfnrt\"\\\\/]))");

    private Leaks() {}

    /** How the bytes can be had from the text; empty if they cannot. */
    static Optional<String> find(String text, byte[] bytes) {
        return find(text, bytes, 2);
    }

    private static Optional<String> find(String text, byte[] bytes, int deeper) {
        String needle = new String(bytes, ISO_8859_1);
        if (new String(text.getBytes(UTF_8), ISO_8859_1).contains(needle)) {
            return Optional.of("as it is");
        }
        if (decoded(text).stream()
                .anyMatch(decoded -> decoded.contains(needle) || json(decoded).contains(needle))) {
            return Optional.of("in hex or base64");
        }
        if (deeper == 0) {
            return Optional.empty();
        }
        for (String other : List.of(json(text), url(text, false), url(text, true), text.replaceAll("[\r\n]", ""))) {
            Optional<String> found = other.equals(text) ? Optional.empty() : find(other, bytes, deeper - 1);
            if (found.isPresent()) {
                return found.map(how -> "escaped, then " + how);
            }
        }
        return Optional.empty();
    }

    private static List<String> decoded(String text) {
        List<String> all = new ArrayList<>();
        all.add(urlBytes(text, false).toString(ISO_8859_1));
        for (String run :
                HEX_RUN.matcher(text).results().map(MatchResult::group).toList()) {
            for (int skip = 0; skip < 2; skip++) {
                String digits = run.substring(skip, run.length() - (run.length() - skip) % 2);
                all.add(new String(HexFormat.of().parseHex(digits.toLowerCase(java.util.Locale.ROOT)), ISO_8859_1));
            }
        }
        for (String run :
                BASE64_RUN.matcher(text).results().map(MatchResult::group).toList()) {
            String standard = run.replace('-', '+').replace('_', '/');
            for (int skip = 0; skip < 4 && skip < run.length(); skip++) {
                int length = run.length() - skip;
                String whole = standard.substring(skip, skip + length - (length % 4 == 1 ? 1 : 0));
                all.add(new String(Base64.getDecoder().decode(whole), ISO_8859_1));
            }
        }
        return all;
    }

    private static String json(String text) {
        return JSON_ESCAPE.matcher(text).replaceAll(escape -> {
            String unit = escape.group(1);
            String plain = unit != null
                    ? String.valueOf((char) Integer.parseInt(unit, 16))
                    : String.valueOf("\b\f\n\r\t\"\\/".charAt("bfnrt\"\\/".indexOf(escape.group(2))));
            return java.util.regex.Matcher.quoteReplacement(plain);
        });
    }

    private static String url(String text, boolean plus) {
        return urlBytes(text, plus).toString(UTF_8);
    }

    private static ByteArrayOutputStream urlBytes(String text, boolean plus) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%'
                    && i + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2])) {
                out.write(HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                out.write(bytes[i] == '+' && plus ? ' ' : bytes[i]);
            }
        }
        return out;
    }
}
