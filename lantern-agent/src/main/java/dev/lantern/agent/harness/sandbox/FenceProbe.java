package dev.lantern.agent.harness.sandbox;

import dev.lantern.agent.wire.FenceReport;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether the fence holds, from rounds in each of which the gateway and a forbidden address were tried at once.
 *
 * <p>A policy that nobody enforces lets the forbidden address answer; one that is enforced late does so for the first tenths
 * of a second; one that is enforced on a pod without any way out lets nothing answer, and a forbidden address that does not
 * answer then proves nothing. So both have to be as they should, several times and over a while. One thread.
 */
public final class FenceProbe {
    /** So many rounds in a row have to hold. */
    static final int ROUNDS = 3;

    /** For so long they have to. */
    static final Duration SETTLED = Duration.ofSeconds(1);

    /** A fence that does not hold by then is none. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String forbidden;
    private final long begun;
    private int held;
    private long heldSince;
    private String said = "";

    /**
     * Begins.
     *
     * @param forbidden the address that must not answer, {@code host:port}
     * @param now on a clock that only runs forward, in nanoseconds
     */
    public FenceProbe(String forbidden, long now) {
        this.forbidden = forbidden;
        this.begun = now;
    }

    /**
     * Takes the outcome of a round.
     *
     * @param began when the round began
     * @param now when it was over
     * @return what came of it all; empty if another round is needed
     */
    public Optional<FenceReport> round(boolean gatewayAnswered, boolean forbiddenAnswered, long began, long now) {
        if (gatewayAnswered && !forbiddenAnswered) {
            heldSince = held == 0 ? began : heldSince;
            held++;
        } else {
            held = 0;
            said = forbiddenAnswered
                    ? "the forbidden address " + forbidden + " answered: no policy holds here, or none yet"
                    : "the gateway did not answer, so that nothing else answers proves nothing";
        }
        Duration stretch = Duration.ofNanos(held == 0 ? 0 : now - heldSince);
        if (held >= ROUNDS && stretch.compareTo(SETTLED) >= 0) {
            return Optional.of(new FenceReport(true, forbidden, held, stretch, said));
        }
        return now - begun >= PATIENCE.toNanos()
                ? Optional.of(new FenceReport(false, forbidden, held, stretch, said))
                : Optional.empty();
    }
}
