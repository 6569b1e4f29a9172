package dev.lantern.core.format;

import dev.lantern.journal.Head;

/** What reading a chain from its beginning showed. */
public sealed interface ChainVerdict {

    /**
     * Every event is where it was written and as it was written, as far as the expected head reaches.
     *
     * @param head the end of what was read
     */
    record Intact(Head head) implements ChainVerdict {}

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
        REWRITTEN
    }
}
