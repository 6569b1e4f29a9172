package dev.lantern.core.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import java.io.IOException;
import java.lang.reflect.Type;

/**
 * JSON through Jackson: records, beans, collections. Equal values give equal bytes, which idempotent spawns rest
 * on: members are sorted and map entries ordered by key. Thread-safe.
 */
public final class JacksonCodec implements PayloadCodec {
    private static final String JSON = "application/json";

    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public Payload encode(Object value) {
        try {
            return Payload.of(JSON, mapper.writeValueAsBytes(value), this);
        } catch (JsonProcessingException e) {
            throw new LanternException(
                    "a value of " + value.getClass().getName() + " has no JSON form: " + e.getOriginalMessage(), null);
        }
    }

    @Override
    public Object decode(Payload payload, Type type) {
        if (type == byte[].class) {
            return payload.bytes();
        }
        if (type == String.class && payload.mediaType().startsWith("text/")) {
            return new String(payload.bytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        if (!payload.mediaType().startsWith(JSON)) {
            throw new LanternException("a payload of " + payload.mediaType() + " was to be read as "
                    + type.getTypeName() + "; this codec reads application/json. Read bytes() instead");
        }
        try {
            return mapper.readValue(payload.bytes(), mapper.constructType(type));
        } catch (IOException e) {
            // Jackson's own message quotes the payload, which must not leave here.
            throw new LanternException(
                    "a payload of " + payload.mediaType() + " with " + payload.bytes().length + " bytes does not fit "
                            + type.getTypeName() + " (" + e.getClass().getSimpleName() + ")",
                    null);
        }
    }
}
