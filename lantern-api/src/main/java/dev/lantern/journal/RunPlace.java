package dev.lantern.journal;

import java.time.Instant;

/**
 * A place in the order of all runs: by creation, and by key where that is equal. No two runs share one, and no run's ever
 * changes, which is what makes pages stable.
 *
 * @param created as {@link Create#created}
 * @param key as {@link RunRow#key}
 */
public record RunPlace(Instant created, long key) implements Comparable<RunPlace> {

    /** The older one first. */
    @Override
    public int compareTo(RunPlace other) {
        int byTime = created.compareTo(other.created);
        return byTime != 0 ? byTime : Long.compare(key, other.key);
    }
}
