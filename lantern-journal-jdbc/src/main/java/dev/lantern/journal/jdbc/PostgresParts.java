package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts a group where its statement would grow too large: the server takes a gigabyte at most, and client and server hold
 * all of it in memory. Groups of ordinary events stay whole.
 */
final class PostgresParts {
    static final long LARGEST_BYTES = 32L * 1024 * 1024;

    private PostgresParts() {}

    static <T> List<List<T>> of(List<T> group, Function<T, List<Event>> events) {
        List<List<T>> parts = new ArrayList<>();
        long size = 0;
        int from = 0;
        for (int i = 0; i < group.size(); i++) {
            long own = events.apply(group.get(i)).stream()
                    .mapToLong(PostgresParts::size)
                    .sum();
            if (i > from && size + own > LARGEST_BYTES) {
                parts.add(group.subList(from, i));
                from = i;
                size = 0;
            }
            size += own;
        }
        if (from < group.size()) {
            parts.add(group.subList(from, group.size()));
        }
        return parts;
    }

    private static long size(Event event) {
        long size = event.bytes().length;
        if (event.erasable().isPresent()) {
            Event.Erasable erasable = event.erasable().get();
            size += erasable.salts().length;
            size += erasable.body().length;
        }
        return size;
    }
}
