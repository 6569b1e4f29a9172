package dev.lantern.core.engine;

import dev.lantern.core.format.StoredOpening;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Payloads that were read or written lately, so that a resuming agent's begins need no read each. Bounded by
 * bytes; the least recently used go first. Thread-safe.
 */
final class OpeningCache {
    private static final int ENTRY_COST = 200;

    private final long capacity;
    private final LinkedHashMap<Place, List<StoredOpening>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    OpeningCache(long capacity) {
        this.capacity = capacity;
    }

    synchronized Optional<List<StoredOpening>> get(long key, long seq) {
        return Optional.ofNullable(entries.get(new Place(key, seq)));
    }

    synchronized void put(long key, long seq, List<StoredOpening> openings) {
        List<StoredOpening> before = entries.put(new Place(key, seq), openings);
        bytes += cost(openings) - (before == null ? 0 : cost(before));
        var oldest = entries.entrySet().iterator();
        while (bytes > capacity && oldest.hasNext()) {
            Map.Entry<Place, List<StoredOpening>> entry = oldest.next();
            bytes -= cost(entry.getValue());
            oldest.remove();
        }
    }

    private static long cost(List<StoredOpening> openings) {
        long sum = ENTRY_COST;
        for (StoredOpening opening : openings) {
            sum += ENTRY_COST
                    + (opening instanceof StoredOpening.Inline inline
                            ? inline.opening().size()
                            : 0);
        }
        return sum;
    }

    private record Place(long key, long seq) {}
}
