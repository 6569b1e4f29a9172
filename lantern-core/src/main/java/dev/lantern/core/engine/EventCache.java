package dev.lantern.core.engine;

import dev.lantern.journal.Event;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that were read lately, so that a resuming agent's begins need no read each. Bounded by bytes; the least
 * recently used go first. Thread-safe.
 */
final class EventCache {
    private static final int ENTRY_COST = 300;

    private final long capacity;
    private final LinkedHashMap<Place, Event> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    EventCache(long capacity) {
        this.capacity = capacity;
    }

    synchronized Optional<Event> get(long key, long seq) {
        return Optional.ofNullable(entries.get(new Place(key, seq)));
    }

    synchronized void put(long key, Event event) {
        Event before = entries.put(new Place(key, event.seq()), event);
        bytes += cost(event) - (before == null ? 0 : cost(before));
        Iterator<Map.Entry<Place, Event>> oldest = entries.entrySet().iterator();
        while (bytes > capacity && oldest.hasNext()) {
            bytes -= cost(oldest.next().getValue());
            oldest.remove();
        }
    }

    private static long cost(Event event) {
        long erasable = event.erasable()
                .map(beside -> (long) beside.salts().length + beside.body().length)
                .orElse(0L);
        return ENTRY_COST + event.bytes().length + erasable;
    }

    private record Place(long key, long seq) {}
}
