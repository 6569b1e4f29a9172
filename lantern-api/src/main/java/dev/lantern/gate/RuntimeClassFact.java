package dev.lantern.gate;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A RuntimeClass ({@code node.k8s.io/v1}).
 *
 * @param name {@code metadata.name}
 * @param uid {@code metadata.uid}: a class that was deleted and made again has another
 * @param handler the handler that nodes must have; a name, and a name proves nothing
 * @param scheduling where its pods may go; empty means that the cluster's operator says: every node has the handler
 * @param overhead {@code overhead.podFixed} by resource, as quantities
 */
public record RuntimeClassFact(
        String name, String uid, String handler, Optional<Scheduling> scheduling, SortedMap<String, String> overhead) {
    public RuntimeClassFact {
        overhead = Collections.unmodifiableSortedMap(new TreeMap<>(overhead));
    }

    /**
     * What admission adds to a pod of the class.
     *
     * @param nodeSelector labels that its nodes carry
     * @param tolerations taints that its pods tolerate
     */
    public record Scheduling(SortedMap<String, String> nodeSelector, List<Toleration> tolerations) {
        public Scheduling {
            nodeSelector = Collections.unmodifiableSortedMap(new TreeMap<>(nodeSelector));
            tolerations = List.copyOf(tolerations);
        }
    }
}
