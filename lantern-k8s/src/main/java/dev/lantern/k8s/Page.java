package dev.lantern.k8s;

import java.util.List;

/**
 * A part of a list.
 *
 * @param version the version of the whole list: every part of it has the same
 * @param next where the next part begins; empty after the last one
 * @param items the objects of this part
 */
record Page<T>(String version, String next, List<Item<T>> items) {
    Page {
        items = List.copyOf(items);
    }

    /**
     * One object.
     *
     * @param name {@code metadata.name}, behind {@code metadata.namespace/} if it has a namespace
     * @param value what was kept of it
     */
    record Item<T>(String name, T value) {}
}
