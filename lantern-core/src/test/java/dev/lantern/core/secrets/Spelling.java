package dev.lantern.core.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The ways in which programs write bytes. */
final class Spelling {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Spelling() {}

    /** By name. Those that need text get UTF-8. */
    static Map<String, Function<byte[], String>> all() {
        Map<String, Function<byte[], String>> all = new LinkedHashMap<>();
        all.put("as it is", Spelling::text);
        all.put("JSON", value -> json(text(value)));
        all.put("JSON with \\/", value -> json(text(value)).replace("/", "\\/"));
        all.put("JSON in \\u00e9", value -> units(text(value), "\\u%04x"));
        all.put("JSON in \\u00E9", value -> units(text(value), "\\u%04X"));
        all.put(
                "JSON without <>&",
                value -> json(text(value))
                        .replace("<", "\\u003c")
                        .replace(">", "\\u003e")
                        .replace("&", "\\u0026"));
        all.put("JSON in JSON", value -> json(json(text(value))));
        all.put("form", value -> URLEncoder.encode(text(value), UTF_8));
        all.put("path", value -> URLEncoder.encode(text(value), UTF_8).replace("+", "%20"));
        all.put("form in small hex", value -> small(URLEncoder.encode(text(value), UTF_8)));
        all.put(
                "path that keeps /",
                value -> URLEncoder.encode(text(value), UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/"));
        all.put("URL, every byte", value -> bytes(value, "%%%02x"));
        all.put("URL, every byte in capitals", value -> bytes(value, "%%%02X"));
        all.put("URL in URL", value -> URLEncoder.encode(URLEncoder.encode(text(value), UTF_8), UTF_8));
        all.put("hex", value -> HexFormat.of().formatHex(value));
        all.put("HEX", value -> HexFormat.of().withUpperCase().formatHex(value));
        all.put("hex in JSON in \\u0061", value -> units(HexFormat.of().formatHex(value), "\\u%04x"));
        for (int before = 0; before < 3; before++) {
            for (int after = 0; after < 3; after++) {
                byte[] head = "abc".substring(0, before).getBytes(UTF_8);
                byte[] tail = "xyz".substring(0, after).getBytes(UTF_8);
                String where = " with " + before + " before and " + after + " after";
                all.put("base64" + where, v -> Base64.getEncoder().encodeToString(joined(head, v, tail)));
                all.put(
                        "base64, no padding" + where,
                        v -> Base64.getEncoder().withoutPadding().encodeToString(joined(head, v, tail)));
                all.put("base64url" + where, v -> Base64.getUrlEncoder().encodeToString(joined(head, v, tail)));
                all.put(
                        "base64url, no padding" + where,
                        v -> Base64.getUrlEncoder().withoutPadding().encodeToString(joined(head, v, tail)));
                all.put(
                        "base64 in JSON with \\/" + where,
                        v -> Base64.getEncoder()
                                .encodeToString(joined(head, v, tail))
                                .replace("/", "\\/"));
                all.put(
                        "base64 in a form" + where,
                        v -> URLEncoder.encode(Base64.getEncoder().encodeToString(joined(head, v, tail)), UTF_8));
            }
        }
        all.put(
                "base64 of JSON",
                value -> Base64.getEncoder().encodeToString(("{\"a\":\"" + json(text(value)) + "\"}").getBytes(UTF_8)));
        all.put(
                "base64 in lines in JSON",
                value -> json(Base64.getMimeEncoder(16, "\n".getBytes(UTF_8)).encodeToString(value)));
        all.put(
                "base64 in MIME lines in JSON",
                value -> json(Base64.getMimeEncoder(24, "\r\n".getBytes(UTF_8)).encodeToString(value)));
        return all;
    }

    /** Whether it writes any bytes, and not text alone. */
    static boolean takesAnyBytes(String name) {
        return name.startsWith("hex")
                || name.startsWith("HEX")
                || name.startsWith("URL, every byte")
                || name.startsWith("base64") && !name.equals("base64 of JSON");
    }

    private static String text(byte[] value) {
        return new String(value, UTF_8);
    }

    private static String json(String text) {
        try {
            String quoted = JSON.writeValueAsString(text);
            return quoted.substring(1, quoted.length() - 1);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String units(String text, String form) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append(String.format(Locale.ROOT, form, c)));
        return out.toString();
    }

    private static String bytes(byte[] value, String form) {
        StringBuilder out = new StringBuilder();
        for (byte b : value) {
            out.append(String.format(Locale.ROOT, form, b & 0xff));
        }
        return out.toString();
    }

    private static String small(String url) {
        StringBuilder out = new StringBuilder(url);
        for (int i = 0; i + 2 < out.length(); i++) {
            if (out.charAt(i) == '%') {
                out.replace(i, i + 3, out.substring(i, i + 3).toLowerCase(Locale.ROOT));
            }
        }
        return out.toString();
    }

    private static byte[] joined(byte[] head, byte[] value, byte[] tail) {
        return (new String(head, ISO_8859_1) + new String(value, ISO_8859_1) + new String(tail, ISO_8859_1))
                .getBytes(ISO_8859_1);
    }
}
