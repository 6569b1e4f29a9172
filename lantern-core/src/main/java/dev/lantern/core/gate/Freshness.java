package dev.lantern.core.gate;

import dev.lantern.gate.Fact;
import dev.lantern.gate.IsolationPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Lets through what was seen, completely and recently. Everything else is "cannot tell", and a violation. */
final class Freshness {
    private final IsolationPolicy policy;
    private final Instant now;
    private final Findings findings;
    /** When the oldest of what was let through was seen; never later than now. */
    private Instant oldest;

    Freshness(IsolationPolicy policy, Instant now, Findings findings) {
        this.policy = policy;
        this.now = now;
        this.findings = findings;
        this.oldest = now;
    }

    /** When the first of what was let through becomes too old. */
    Instant goodUntil() {
        return oldest.plus(policy.maxFactAge());
    }

    /** The value, if it can be relied on. */
    <T> Optional<T> of(String what, Fact<T> fact) {
        if (fact instanceof Fact.Untold<T> untold) {
            findings.violation(
                    "cannot-tell",
                    "spec.isolation",
                    what + ": " + untold.why() + " (" + untold.source() + ")",
                    "a complete answer",
                    "make it tell; what cannot be told is refused");
            return Optional.empty();
        }
        return isRecent(what, fact.source(), fact.at()) ? Optional.of(((Fact.Seen<T>) fact).value()) : Optional.empty();
    }

    /** The same for what is not demanded: no violation if it cannot be relied on. */
    <T> Optional<T> recent(Fact<T> fact) {
        Duration age = Duration.between(fact.at(), now);
        boolean counts =
                age.compareTo(policy.maxFactAge()) <= 0 && age.negated().compareTo(policy.maxClockSkew()) <= 0;
        return counts && fact instanceof Fact.Seen<T> seen ? Optional.of(seen.value()) : Optional.empty();
    }

    /** Whether something that was seen at {@code at} still counts; a violation if not. */
    boolean isRecent(String what, String source, Instant at) {
        Duration age = Duration.between(at, now);
        if (age.compareTo(policy.maxFactAge()) > 0) {
            findings.violation(
                    "facts-too-old",
                    "spec.isolation",
                    what + ": seen " + age.toSeconds() + " s ago (" + source + ", " + at + ")",
                    "facts of the last " + policy.maxFactAge().toSeconds() + " s",
                    "look again; if that does not help, see why the substrate does not");
            return false;
        }
        if (age.negated().compareTo(policy.maxClockSkew()) > 0) {
            findings.violation(
                    "facts-from-the-future",
                    "spec.isolation",
                    what + ": seen at " + at + ", which is " + age.negated().toSeconds() + " s from now (" + source
                            + ")",
                    "facts of the past",
                    "set the clock of this host right");
            return false;
        }
        oldest = at.isBefore(oldest) ? at : oldest;
        return true;
    }
}
