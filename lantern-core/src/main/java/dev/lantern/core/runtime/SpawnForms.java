package dev.lantern.core.runtime;

import dev.lantern.SpawnRequest;
import dev.lantern.spec.AgentSpec;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;

/** What a spawn request comes to: the narrowed spec, the encoded input, and the digest that makes two the same. */
final class SpawnForms {
    private static final byte[] DOMAIN = "lantern/request/v1\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NO_INPUT = "null".getBytes(StandardCharsets.UTF_8);

    private SpawnForms() {}

    /** @throws dev.lantern.value.LanternException if the narrowing widens a limit */
    static AgentSpec narrowed(SpawnRequest request) {
        AgentSpec spec = request.spec();
        return spec.toBuilder()
                .limits(spec.limits().narrowedBy(request.narrowing()))
                .build();
    }

    static Payload input(SpawnRequest request, PayloadCodec codec) {
        if (request.input().isEmpty()) {
            return Payload.of("application/json", NO_INPUT, codec);
        }
        Object value = request.input().get();
        return value instanceof Payload payload ? payload : codec.encode(value);
    }

    static Digest digest(AgentSpec requested, AgentSpec narrowed, Commitment input) {
        byte[] json = Json.object()
                .put("spec", requested.digest().hex())
                .put("narrowed", narrowed.digest().hex())
                .put("input", input.hex())
                .build()
                .bytes();
        return Digest.sha256(DOMAIN, json);
    }

    /** The digest that this request would have had under the salt of the run that stands. */
    static Digest digestUnder(byte[] salt, AgentSpec requested, AgentSpec narrowed, Payload input) {
        return digest(
                requested,
                narrowed,
                Opening.of(input.mediaType(), salt, input.bytes()).commitment());
    }
}
