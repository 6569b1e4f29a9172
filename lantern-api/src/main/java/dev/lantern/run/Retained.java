package dev.lantern.run;

/** What a journal still holds of a run. It only ever moves down this list. */
public enum Retained {
    /** Everything that was written, as far as the run has come. */
    WHOLE,
    /** The payloads were erased. Every event is there, with the commitments, and the chain verifies. */
    CHAIN,
    /** The run was deleted. Its id, its last epoch, its last status and the end of its chain are left. */
    TOMBSTONE
}
