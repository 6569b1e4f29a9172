package dev.lantern.run;

import dev.lantern.value.Digest;

/** What reading a run's chain from its beginning showed. */
public sealed interface ChainVerdict {

    /**
     * Every event is where it was written and as it was written, as far as the expected head reaches. The head's place
     * and hash, kept elsewhere, show later whether the chain was cut or written anew.
     *
     * @param seq the number of the last event that was read
     * @param hash the chain's hash there
     */
    record Intact(long seq, Digest hash) implements ChainVerdict {
        /** The head as {@code formats/verify.py} takes it: number, colon, hash. */
        public String head() {
            return seq + ":" + hash.hex();
        }
    }

    /**
     * Somebody changed the chain.
     *
     * @param seq the first sequence number at which it is not what was written
     * @param flaw what it looks like
     * @param detail for a person; holds no content of an event
     */
    record Broken(long seq, Flaw flaw, String detail) implements ChainVerdict {}

    /** What a change looks like to a reader who has only the chain and, perhaps, its head. */
    enum Flaw {
        /** There is no event at all. */
        EMPTY,
        /** The event, its number or its hash was changed. */
        EDITED,
        /** The event is not there. */
        REMOVED,
        /** The event stands behind later ones. */
        REORDERED,
        /** There is an event too many at this number, or behind the expected end. */
        ADDED,
        /** The chain ends before the expected head. */
        TRUNCATED,
        /** The event is of another run. */
        WRONG_RUN,
        /** What stands here is no event, though the chain holds: whoever wrote it was no Lantern of this version. */
        MALFORMED,
        /** The chain holds in itself and has another hash at the expected head: it was written anew. */
        REWRITTEN,
        /** The chain holds, and a step's result or the output is not what the instance signed. */
        UNSIGNED
    }
}
