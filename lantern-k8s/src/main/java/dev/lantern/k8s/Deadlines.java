package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import java.time.Duration;

/**
 * When the cluster ends an instance by itself, with every host dead.
 *
 * @param fromCreation the Job's: counts from its creation, the time before it is let go included
 * @param fromStart the pod's: counts from the kubelet's acceptance, and holds on the node even if it is cut off
 * @param start how long the harness may take until it has enrolled and lets the agent start
 * @param grace what the agent has between SIGTERM and SIGKILL
 */
record Deadlines(Duration fromCreation, Duration fromStart, Duration start, Duration grace) {
    /** The harness drains for this long after the agent has ended. */
    static final Duration DRAIN = Duration.ofSeconds(5);

    Deadlines {
        positive("the deadline from creation", fromCreation);
        positive("the deadline from the start", fromStart);
        positive("the time to start", start);
        if (grace.isNegative()) {
            throw new LanternException("the grace is negative: " + grace);
        }
    }

    /** The same for a pod that has so many seconds from its start. */
    Deadlines fromStart(long seconds) {
        Duration other = Duration.ofSeconds(seconds);
        return new Deadlines(other.plus(start), other, start, grace);
    }

    /** Whole seconds, never fewer than asked for. */
    static long seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    private static void positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new LanternException(what + " must be positive, found " + duration);
        }
    }
}
