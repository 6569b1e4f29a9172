package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.wire.WellFormedJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The media type of a body. {@code curl --data} announces every body as a form, which no payload here is; so a
 * body that comes as a form, or without a type, is JSON if it parses as JSON, else text, else bytes.
 */
final class BodyType {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String BYTES = "application/octet-stream";

    private static final String CURL_DEFAULT = "application/x-www-form-urlencoded";

    private BodyType() {}

    static String of(Optional<String> announced, byte[] body) {
        if (announced.isPresent()
                && !announced.get().isEmpty()
                && !announced.get().equalsIgnoreCase(CURL_DEFAULT)) {
            return announced.get();
        }
        if (!isUtf8(body)) {
            return BYTES;
        }
        return WellFormedJson.fault(body).isEmpty() ? JSON : TEXT;
    }

    private static boolean isUtf8(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
