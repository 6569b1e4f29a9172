package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import java.nio.charset.StandardCharsets;

/** Makes the openings of what the agent hands over. */
final class Salts {
    private final Clockwork clockwork;

    Salts(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    Opening salted(Payload payload) {
        return Opening.of(payload.mediaType(), clockwork.random(Opening.SALT_LENGTH), payload.bytes());
    }

    /** Equal for equal payloads. It is unsalted, so it stays in this process's memory. */
    static Digest content(Payload payload) {
        return Digest.sha256(payload.mediaType().getBytes(StandardCharsets.UTF_8), new byte[1], payload.bytes());
    }
}
