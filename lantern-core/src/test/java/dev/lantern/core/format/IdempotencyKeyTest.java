package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class IdempotencyKeyTest {

    @Test
    void the_key_is_the_digest_of_run_and_step() {
        byte[] hashed = "lantern/idempotency/v1\nacme\0r1\0{\"name\":\"charge\",\"occurrence\":2}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(IdempotencyKey.of(new RunRef("acme", "r1"), StepId.occurrence("charge", 2)))
                .isEqualTo(Digest.sha256(hashed).hex())
                .matches("[0-9a-f]{64}");
    }

    @Test
    void no_two_steps_share_a_key() {
        RunRef run = new RunRef("acme", "r1");
        assertThat(Stream.of(
                                IdempotencyKey.of(run, StepId.occurrence("charge", 1)),
                                IdempotencyKey.of(run, StepId.occurrence("charge", 2)),
                                IdempotencyKey.of(run, StepId.keyed("charge", "1")),
                                IdempotencyKey.of(run, StepId.keyed("charge", "2")),
                                IdempotencyKey.of(run, StepId.occurrence("charge2", 1)),
                                IdempotencyKey.of(new RunRef("acme", "r2"), StepId.occurrence("charge", 1)),
                                IdempotencyKey.of(new RunRef("acm", "er1"), StepId.occurrence("charge", 1)),
                                IdempotencyKey.of(new RunRef("r1", "acme"), StepId.occurrence("charge", 1)))
                        .distinct())
                .hasSize(8);
    }
}
