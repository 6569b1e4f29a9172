package dev.lantern.value;

import java.lang.reflect.Type;

/**
 * Turns objects into payloads and back. Implemented by whoever wants another form than Lantern's JSON.
 *
 * <p>Implementations are thread-safe, deterministic for equal values where the caller relies on idempotent
 * spawns, and throw {@link LanternException} with a message that holds no payload content. Encryption at rest
 * is another thing with another name: {@link PayloadSeal}.
 */
public interface PayloadCodec {

    /**
     * The payload of a value; it carries this codec.
     *
     * @throws LanternException if {@code value} has no form in this codec
     */
    Payload encode(Object value);

    /**
     * The value of a payload.
     *
     * @throws LanternException if the payload's media type or bytes do not fit {@code type}
     */
    Object decode(Payload payload, Type type);
}
