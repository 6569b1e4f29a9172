package dev.lantern.k8s;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: twice as long each time, up to a limit, and never the same for two hosts that
 * failed together. One thread.
 */
final class BackOff {
    private final long least;
    private final long most;
    private final RandomGenerator random;
    private long next;

    /** From {@code least}, doubling, to {@code most}; each is cut by up to a half. */
    BackOff(Duration least, Duration most, RandomGenerator random) {
        this.least = least.toNanos();
        this.most = most.toNanos();
        this.random = random;
        this.next = this.least;
    }

    Duration next() {
        long now = next;
        next = Math.min(most, now > most / 2 ? most : 2 * now);
        return Duration.ofNanos(now - (long) (random.nextDouble() * now / 2));
    }

    /** It went well: the next wait is a short one again. */
    void reset() {
        next = least;
    }
}
