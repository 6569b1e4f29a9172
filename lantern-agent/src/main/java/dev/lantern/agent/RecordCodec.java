package dev.lantern.agent;

import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * JSON for records and plain values, without a mapping library. Thread-safe.
 *
 * <p>It knows: records of everything it knows, {@code String}, {@code boolean}, the primitive numbers and their
 * boxes, {@code BigInteger}, {@code BigDecimal}, enums by name, {@code Instant}, {@code Duration},
 * {@code LocalDate} and {@code UUID} as ISO text, {@code Optional} (absent when empty), {@code List},
 * {@code Set} and {@code Collection}, {@code Map} with {@code String} keys; {@code byte[]} as a payload of its
 * own is {@code application/octet-stream}. Decoding to {@code Object} gives maps, lists, strings, booleans,
 * {@code Long} and {@code BigDecimal}. It does not know beans, inheritance, generic records, arrays other than
 * {@code byte[]}, or annotations: for those bring a {@link PayloadCodec} of your own.
 *
 * <p>Reading a record: members that it has no component for are left aside, so that a resumed run may read what
 * an older program wrote; a missing component is empty, null, or refused where it is primitive. Messages name
 * types and components, never values.
 */
public final class RecordCodec implements PayloadCodec {
    private static final String JSON = "application/json";

    private static final String BYTES = "application/octet-stream";

    /** A codec without settings. */
    public RecordCodec() {}

    @Override
    public Payload encode(Object value) {
        if (value instanceof byte[] bytes) {
            return Payload.of(BYTES, bytes, this);
        }
        return Payload.of(JSON, JsonText.write(RecordValues.plain(value)), this);
    }

    /** @throws LanternException also for a media type that is neither JSON nor, for a string, text */
    @Override
    public Object decode(Payload payload, Type type) {
        if (type == byte[].class) {
            return payload.bytes();
        }
        if (type == String.class && mediaType(payload).startsWith("text/")) {
            return new String(payload.bytes(), StandardCharsets.UTF_8);
        }
        if (!isJson(payload)) {
            throw new LanternException("cannot read " + payload.mediaType() + " as " + type.getTypeName()
                    + ": only JSON can be; take it as byte[] or bring a codec");
        }
        Object value = RecordValues.typed(JsonText.read(payload.bytes()), type, type.getTypeName());
        if (value == null) {
            throw new LanternException("the payload is JSON null, which is no " + type.getTypeName());
        }
        return value;
    }

    private static boolean isJson(Payload payload) {
        String mediaType = mediaType(payload);
        return mediaType.equals(JSON) || mediaType.endsWith("+json");
    }

    private static String mediaType(Payload payload) {
        String full = payload.mediaType();
        int semicolon = full.indexOf(';');
        return (semicolon < 0 ? full : full.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }
}
