package dev.lantern.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lantern.k8s.NotIdentified.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token in the compact form of RFC 7515, taken apart and not yet believed. Its header may name an algorithm and a key
 * and nothing else: where the key comes from is not the token's to say.
 *
 * @param algorithm as it names it
 * @param key the id of the key it claims to be signed with
 * @param claims what it claims
 * @param signed the bytes that are signed
 * @param signature the signature
 */
record Jws(String algorithm, String key, JsonObject claims, byte[] signed, byte[] signature) {
    static final int LARGEST = 8 << 10;

    private static final Pattern COMPACT = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)");
    private static final List<String> HEADER = List.of("alg", "kid", "typ");
    private static final int LONGEST_KEY_ID = 256;

    static Jws parse(byte[] token) throws NotIdentified {
        if (token.length == 0 || token.length > LARGEST) {
            throw new NotIdentified(Reason.SIZE, "it has " + token.length + " bytes, of 1 to " + LARGEST);
        }
        Matcher parts = COMPACT.matcher(new String(token, StandardCharsets.ISO_8859_1));
        if (!parts.matches()) {
            throw new NotIdentified(Reason.FORM, "it is not three parts of base64url");
        }
        JsonObject header = object("the header", parts.group(1));
        JsonObject claims = object("the body", parts.group(2));
        if (!HEADER.containsAll(header.keySet())) {
            throw new NotIdentified(Reason.HEADER, "its header has members beside alg, kid and typ");
        }
        if (header.has("typ") && !text(header, "typ").equals("JWT")) {
            throw new NotIdentified(Reason.HEADER, "its type is another one than JWT");
        }
        String key = text(header, "kid");
        if (key.isEmpty() || key.length() > LONGEST_KEY_ID) {
            throw new NotIdentified(Reason.HEADER, "it names no key, or one of no length that an id has");
        }
        byte[] signed = (parts.group(1) + "." + parts.group(2)).getBytes(StandardCharsets.US_ASCII);
        return new Jws(text(header, "alg"), key, claims, signed, bytes("the signature", parts.group(3)));
    }

    private static JsonObject object(String what, String part) throws NotIdentified {
        try {
            return StrictJson.object(bytes(what, part));
        } catch (UnreadableException e) {
            throw new NotIdentified(Reason.FORM, what + ": " + e.getMessage());
        }
    }

    /** One text for the same bytes: what a lenient reader would take as well is no token. */
    private static byte[] bytes(String what, String part) throws NotIdentified {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new NotIdentified(Reason.FORM, what + " is no base64url");
        }
        throw new NotIdentified(Reason.FORM, what + " is no canonical base64url");
    }

    private static String text(JsonObject header, String name) throws NotIdentified {
        if (header.get(name) instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw new NotIdentified(Reason.HEADER, "its header has no text " + name);
    }
}
