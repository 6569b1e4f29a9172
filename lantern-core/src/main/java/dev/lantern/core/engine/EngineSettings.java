package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent.Budget;
import java.time.Duration;

/**
 * The engine's periods and budgets.
 *
 * @param lease how long a host may be silent before its runs can be adopted
 * @param heartbeatEvery how often an instance is to say that it lives
 * @param heartbeatSilence how long an enrolled instance may be silent before it is given up
 * @param enrolWithin how long an instance may take from its durable start to its enrolment
 * @param exitGrace how long an agent may go on after it delivered its output
 * @param stopGrace how long an agent has between being asked to end and being killed
 * @param teardownWithin how long the end of a run waits for teardown before it names what still stands; enough for two
 *     stops that each take all of their grace and of {@code callWithin}
 * @param infrastructureTries how many instances may be lost to the infrastructure in a row of a run
 * @param agentTries how many instances may end by the agent's own error
 * @param firstBackoff the pause before the second retry; the first comes at once, later ones double
 * @param longestBackoff the longest pause
 * @param suspectFor how long a node that lost an instance is avoided by the run's next ones
 * @param refusedWithin how long the gate may refuse the next instance of a run that had started before the run fails
 * @param moveAfter how long an owner must have left its instance unanswered before another host takes the run over on the
 *     instance's word; a run moves like this once in twice that time at most
 * @param callWithin how long one call to a backend may take
 */
public record EngineSettings(
        Duration lease,
        Duration heartbeatEvery,
        Duration heartbeatSilence,
        Duration enrolWithin,
        Duration exitGrace,
        Duration stopGrace,
        Duration teardownWithin,
        int infrastructureTries,
        int agentTries,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration suspectFor,
        Duration refusedWithin,
        Duration moveAfter,
        Duration callWithin) {

    public static EngineSettings defaults() {
        return new EngineSettings(
                // Others look a few times in a lease, a third of it apart at most: so a dead host is noticed in 10 s.
                Duration.ofSeconds(7),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                20,
                3,
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }

    /** These settings with other heartbeats. */
    public EngineSettings heartbeats(Duration every, Duration silence) {
        return new EngineSettings(
                lease,
                every,
                silence,
                enrolWithin,
                exitGrace,
                stopGrace,
                teardownWithin,
                infrastructureTries,
                agentTries,
                firstBackoff,
                longestBackoff,
                suspectFor,
                refusedWithin,
                moveAfter,
                callWithin);
    }

    /** These settings with another lease. */
    public EngineSettings lease(Duration other) {
        return new EngineSettings(
                other,
                heartbeatEvery,
                heartbeatSilence,
                enrolWithin,
                exitGrace,
                stopGrace,
                teardownWithin,
                infrastructureTries,
                agentTries,
                firstBackoff,
                longestBackoff,
                suspectFor,
                refusedWithin,
                moveAfter,
                callWithin);
    }

    int tries(Budget budget) {
        return budget == Budget.AGENT ? agentTries : infrastructureTries;
    }

    /** The pause before the next instance after {@code failures} of them, at least one. */
    Duration backoff(int failures) {
        if (failures <= 1) {
            return Duration.ZERO;
        }
        Duration pause = firstBackoff.multipliedBy(1L << Math.min(failures - 2, 20));
        return pause.compareTo(longestBackoff) > 0 ? longestBackoff : pause;
    }
}
