package dev.lantern.gate;

import java.util.List;

/**
 * A namespace: its own labels and what they make the cluster enforce.
 *
 * @param name {@code metadata.name}
 * @param uid {@code metadata.uid}
 * @param baseline what has to hold: that it is this tenant's, that it is not being deleted, its pod security level
 */
public record NamespaceFact(String name, String uid, List<BaselinePart> baseline) {
    public NamespaceFact {
        baseline = List.copyOf(baseline);
    }
}
