package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.internal.Json;
import java.util.Base64;
import java.util.Optional;

/** An opening in a call or a reply: {@code {"body":<base64>,"mediaType":…,"salt":<hex>}}. */
final class OpeningJson {
    private OpeningJson() {}

    static Json.Obj of(Opening opening) {
        return Json.object()
                .put("mediaType", opening.mediaType())
                .put("salt", Members.hex(opening.salt()))
                .put("body", Base64.getEncoder().encodeToString(opening.bytes()))
                .build();
    }

    static Opening of(Json.Obj json) {
        json.requireOnly("mediaType", "salt", "body");
        return Opening.of(
                json.text("mediaType"), Members.hex(json, "salt", Opening.SALT_LENGTH), decoded(json.text("body")));
    }

    static Optional<Opening> find(Json.Obj json, String name) {
        return json.find(name).isPresent() ? Optional.of(of(json.object(name))) : Optional.empty();
    }

    /** Padding and unused bits as RFC 4648 has them, so that one body has one text. */
    private static byte[] decoded(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new LanternException("member \"body\" of an opening is not base64", e);
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new LanternException("member \"body\" of an opening is not base64 in its one form (RFC 4648)");
        }
        return bytes;
    }
}
