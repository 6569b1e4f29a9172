package dev.lantern.journal;

/** What became of a {@link Create}. */
public sealed interface CreateResult {

    /** The run is durable under this row, made now or by an earlier try of exactly this call. */
    record Created(RunRow row) implements CreateResult {}

    /** A run of this name stands already and has another history; nothing was written. */
    record Exists(RunRow row) implements CreateResult {}
}
