package dev.lantern.testkit.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * The last writes, from which watches go on and old lists are put together again. What it takes in memory is bounded:
 * the oldest writes are forgotten, and whoever stood there is told 410.
 */
final class History {
    private static final int MAX_CHANGES = 100_000;
    private static final long MAX_BYTES = 48L << 20;

    private final List<Change> changes = new ArrayList<>();
    private long bytes;
    private long compacted;
    private long watchable;

    History(long version) {
        this.compacted = version;
        this.watchable = version;
    }

    void add(Change change) {
        changes.add(change);
        bytes += change.bytes();
        if (changes.size() > MAX_CHANGES || bytes > MAX_BYTES) {
            // A quarter at a time, so that the list is not moved for every write.
            forget(changes.get(changes.size() / 4).version());
        }
    }

    /** Forgets everything up to a version: watches and lists from there are 410. */
    void forget(long upTo) {
        int keep = firstAfter(upTo);
        List<Change> gone = changes.subList(0, keep);
        for (Change change : gone) {
            bytes -= change.bytes();
        }
        gone.clear();
        compacted = Math.max(compacted, upTo);
        watchable = Math.max(watchable, upTo);
    }

    /** Watches from before that version are 410, and old lists can still be continued: as after a restart. */
    void expireWatches(long upTo) {
        watchable = Math.max(watchable, upTo);
    }

    boolean watchableFrom(long version) {
        return version >= watchable;
    }

    boolean readableAt(long version) {
        return version >= compacted;
    }

    /** The place of the first change after a version, for {@link #at}. Places move when something is forgotten. */
    int firstAfter(long version) {
        int low = 0;
        int high = changes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (changes.get(middle).version() <= version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int size() {
        return changes.size();
    }

    Change at(int place) {
        return changes.get(place);
    }

    /** Takes back what was written after a version. */
    void undo(NavigableMap<Key, Stored> state, long version) {
        for (int i = changes.size() - 1; i >= 0 && changes.get(i).version() > version; i--) {
            Change change = changes.get(i);
            if (change.before() != null) {
                state.put(change.before().key(), change.before());
            } else if (change.after() != null) {
                state.remove(change.after().key());
            }
        }
    }
}
