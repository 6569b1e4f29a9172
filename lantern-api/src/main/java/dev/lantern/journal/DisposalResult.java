package dev.lantern.journal;

import java.util.OptionalLong;

/** What became of one {@link Disposal} of a group. All but {@link Done} changed nothing. */
public sealed interface DisposalResult {

    /** It is gone, durably: now, or by an earlier disposal of as much or more. */
    record Done() implements DisposalResult {}

    /**
     * The run is open; only closed runs are disposed of.
     *
     * @param owner who has it; empty while it is released
     */
    record Open(OptionalLong owner) implements DisposalResult {}

    /** The chain ends elsewhere than the caller believes. */
    record Conflict(Head current) implements DisposalResult {}

    /** There is no such run. */
    record Unknown() implements DisposalResult {}
}
