package dev.lantern.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where instances are watched: in the whole cluster, or in these namespaces.
 *
 * @param namespaces which ones; empty for every one, which takes the cluster-wide roles
 */
record WatchScope(List<String> namespaces) {
    WatchScope {
        namespaces = namespaces.stream().distinct().sorted().toList();
    }

    static WatchScope cluster() {
        return new WatchScope(List.of());
    }

    /** One watch for each, of every kind that has a namespace. */
    List<Optional<String>> parts() {
        List<Optional<String>> parts = new ArrayList<>();
        namespaces.forEach(namespace -> parts.add(Optional.of(namespace)));
        return parts.isEmpty() ? List.of(Optional.empty()) : List.copyOf(parts);
    }
}
