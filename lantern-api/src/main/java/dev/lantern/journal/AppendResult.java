package dev.lantern.journal;

import java.util.OptionalLong;

/** What became of one {@link Append} of a group. All but the first two wrote nothing. */
public sealed interface AppendResult {

    /** Written and durable. */
    record Appended(Head head) implements AppendResult {}

    /** Exactly these events stand there already: an earlier try was written and its answer lost. */
    record Replayed(Head head) implements AppendResult {}

    /** Another host owns the run, or nobody does because it is closed. */
    record NotOwner(OptionalLong owner) implements AppendResult {}

    /** The run has another epoch than the fence says. */
    record StaleEpoch(int current) implements AppendResult {}

    /** The chain has moved on, or has another history. */
    record Conflict(Head current) implements AppendResult {}

    /** There is no such run. */
    record Unknown() implements AppendResult {}
}
