package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import java.time.Duration;

/** How long to wait before a call is repeated: doubling, capped, with half of it left to chance. */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration CAP = Duration.ofSeconds(5);

    private Backoff() {}

    /** @param failures how often the call has failed so far, from 1 */
    static Duration after(int failures, Clockwork clockwork) {
        long full = Math.min(CAP.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 16));
        int chance = ((clockwork.random(1)[0] & 0xff) << 8) | (clockwork.random(1)[0] & 0xff);
        return Duration.ofMillis(full / 2 + full / 2 * chance / 0xffff);
    }
}
