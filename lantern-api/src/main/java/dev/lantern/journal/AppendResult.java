package dev.lantern.journal;

import java.util.OptionalLong;

/**
 * What became of one {@link Append} of a group. All but {@link Appended} wrote nothing now.
 *
 * <p>Where several apply, the first of this order is the answer: {@link Replayed}, {@link Unknown},
 * {@link NotOwner}, {@link StaleEpoch}, {@link Conflict}. A repeat is told first, so a writer whose answer was
 * lost learns that its events stand, even when the run has moved on, changed hands or closed since.
 */
public sealed interface AppendResult {

    /** Written and durable. */
    record Appended(Head head) implements AppendResult {}

    /**
     * Exactly these events stand there already: an earlier try was written and its answer lost.
     *
     * @param head the end of the repeated events, as {@link Append#after()} names it; the chain may go on behind it
     */
    record Replayed(Head head) implements AppendResult {}

    /** Another host owns the run, or nobody does because it is closed or was released. */
    record NotOwner(OptionalLong owner) implements AppendResult {}

    /** The run has another epoch than the fence says. */
    record StaleEpoch(int current) implements AppendResult {}

    /** The chain has moved on, or has another history. */
    record Conflict(Head current) implements AppendResult {}

    /** There is no such run. */
    record Unknown() implements AppendResult {}
}
