package dev.lantern.retention;

import java.time.Instant;

/**
 * One entry of a run's audit trail.
 *
 * @param act what was done
 * @param at when, by the journal's clock
 * @param reason why, as the caller said
 */
public record RetentionEntry(Act act, Instant at, String reason) {

    /** What may be done to a run that is over. */
    public enum Act {
        /** Its payloads were erased. */
        ERASED,
        /** It was deleted, and a copy of its chain is in an archive. */
        ARCHIVED,
        /** It was deleted without a copy. */
        DELETED
    }
}
