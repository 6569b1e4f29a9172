package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Refusals that no event tells of yet. The first of a reason is an event at once; those of the next minute are one
 * more, with their count. What is counted here is gone with the host. Confined to the mailbox.
 */
final class RefusalCounts {
    private static final Duration COUNTED_FOR = Duration.ofMinutes(1);

    /** Makes the event of as many refusals. */
    private interface Telling {
        RunEvent event(int count);
    }

    /** @param telling tells of the last one */
    private record Refused(int count, Telling telling) {}

    private final TreeMap<String, Refused> counted = new TreeMap<>();

    /**
     * @param instance who was refused
     * @param detail why, in words
     */
    void count(String reason, int instance, String detail) {
        count(reason, count -> new RunEvent.AnomalyDetected(reason, instance, count, detail));
    }

    /** A secret that the spec does not grant was asked for. */
    void countSecret(String name, int instance) {
        count(
                RunEvent.SecretRefused.NOT_IN_SPEC,
                count -> new RunEvent.SecretRefused(
                        name, Optional.empty(), RunEvent.SecretRefused.NOT_IN_SPEC, instance, count));
    }

    private void count(String reason, Telling telling) {
        int before =
                Optional.ofNullable(counted.get(reason)).map(Refused::count).orElse(0);
        counted.put(reason, new Refused(before + 1, telling));
    }

    /** Makes events of what has been counted for long enough. */
    void tell(Turn turn) {
        for (String reason : counted.keySet().stream().toList()) {
            if (!turn.now().isBefore(dueAt(turn.state(), reason, turn.now()))) {
                tell(turn, reason);
            }
        }
    }

    /** Makes events of everything: the chain is about to be sealed. */
    void tellAll(Turn turn) {
        counted.keySet().stream().toList().forEach(reason -> tell(turn, reason));
    }

    /** When {@link #tell} is next of use; empty while nothing is counted. */
    Optional<Instant> due(RunState state, Instant now) {
        return counted.keySet().stream()
                .map(reason -> dueAt(state, reason, now))
                .min(Instant::compareTo);
    }

    private static Instant dueAt(RunState state, String reason, Instant now) {
        return state.refusedAt(reason).map(at -> at.plus(COUNTED_FOR)).orElse(now);
    }

    private void tell(Turn turn, String reason) {
        Refused refused = counted.remove(reason);
        if (refused != null) {
            turn.record(refused.telling().event(refused.count()));
        }
    }
}
