package dev.lantern.journal;

import dev.lantern.journal.Event.Erasable;
import java.util.Objects;

/**
 * Other bytes for the same payloads beside one event: sealed anew, under another key. The event itself never changes.
 *
 * @param key the run, as {@link RunRow#key()} names it
 * @param seq the event's place in its chain
 * @param known what stands there, as it was read
 * @param next what is to stand there
 */
public record Replacement(long key, long seq, Erasable known, Erasable next) {

    /** @throws NullPointerException if either is missing: erasing is another call */
    public Replacement {
        Objects.requireNonNull(known, "known");
        Objects.requireNonNull(next, "next");
    }
}
