package dev.lantern.core.format;

import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;

/**
 * The key under which a step calls the world: the same on every try, resume and node, and different for any other
 * step of any run of any tenant.
 *
 * <p>{@code SHA-256("lantern/idempotency/v1\n" ‖ tenant ‖ 0x00 ‖ run ‖ 0x00 ‖ canonical JSON of the step)} in
 * lower-case hexadecimal. Neither attempt nor epoch is in it: a key that changes on a retry pays twice.
 */
public final class IdempotencyKey {
    private static final byte[] DOMAIN = "lantern/idempotency/v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEPARATOR = {0x00};

    private IdempotencyKey() {}

    /** 64 lower-case hexadecimal digits. */
    public static String of(RunRef run, StepId step) {
        return Digest.sha256(
                        DOMAIN,
                        run.tenant().getBytes(StandardCharsets.US_ASCII),
                        SEPARATOR,
                        run.run().getBytes(StandardCharsets.US_ASCII),
                        SEPARATOR,
                        step.json().bytes())
                .hex();
    }
}
