package dev.lantern.agent.harness.sandbox;

import dev.lantern.agent.wire.FenceReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether the fence holds, from rounds in each of which the gateway and the forbidden addresses were tried at once.
 *
 * <p>A policy that nobody enforces lets a forbidden address answer; one that is enforced late does so for the first tenths
 * of a second; one that is enforced on a pod without any way out lets nothing answer, and a forbidden address that does not
 * answer then proves nothing. So all have to be as they should, several times and over a while. One thread.
 */
final class FenceProbe {
    /** So many rounds in a row have to hold. */
    static final int ROUNDS = 3;

    /** For so long they have to. */
    static final Duration SETTLED = Duration.ofSeconds(1);

    /** A fence that lets something through for so long, while the gateway answers, is none. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String forbidden;
    private long patientSince;
    private int held;
    private long heldSince;
    private String said = "";

    /**
     * Begins.
     *
     * @param forbidden the addresses that must not answer, for the report
     * @param now on a clock that only runs forward, in nanoseconds
     */
    FenceProbe(String forbidden, long now) {
        this.forbidden = forbidden;
        this.patientSince = now;
    }

    /** What went wrong in the last round that did not hold; empty if every one did. */
    String said() {
        return said;
    }

    /**
     * Takes the outcome of a round.
     *
     * @param answered the forbidden addresses that did
     * @param began when the round began
     * @param now when it was over
     * @return what came of it all; empty if another round is needed
     */
    Optional<FenceReport> round(boolean gatewayAnswered, List<String> answered, long began, long now) {
        if (gatewayAnswered && answered.isEmpty()) {
            heldSince = held == 0 ? began : heldSince;
            held++;
        } else {
            held = 0;
            said = answered.isEmpty()
                    ? "the gateway did not answer, so that nothing else answers proves nothing"
                    : "forbidden and answered: " + String.join(", ", answered) + "; no policy holds here, or none yet";
        }
        // A gateway that is away comes back. Until then nothing is known, and the host's own patience is what ends.
        patientSince = gatewayAnswered ? patientSince : now;
        Duration stretch = Duration.ofNanos(held == 0 ? 0 : now - heldSince);
        if (held >= ROUNDS && stretch.compareTo(SETTLED) >= 0) {
            return Optional.of(new FenceReport(true, forbidden, held, stretch, said));
        }
        return now - patientSince >= PATIENCE.toNanos()
                ? Optional.of(new FenceReport(false, forbidden, held, stretch, said))
                : Optional.empty();
    }
}
