package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A RuntimeClass as the gate saw it. What its admission plugin would merge into a pod is written into the template
 * beforehand, so nothing of it has to be allowed afterwards, and a class that was changed meanwhile shows.
 *
 * @param name at most 63 characters, because it is also a label's value
 * @param uid what tells the class from one that was deleted and created again under its name
 * @param overhead {@code overhead.podFixed}, as the API server writes it
 * @param nodeSelector {@code scheduling.nodeSelector}
 * @param tolerations {@code scheduling.tolerations}
 */
record PinnedClass(
        String name,
        String uid,
        SortedMap<String, String> overhead,
        SortedMap<String, String> nodeSelector,
        List<Toleration> tolerations) {
    private static final int LONGEST = 63;

    PinnedClass {
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new LanternException("the RuntimeClass's name has " + name.length() + " characters; allowed are 1 to "
                    + LONGEST + ", because the admission policy compares it with a label");
        }
        if (uid.isEmpty()) {
            throw new LanternException("the RuntimeClass " + name + " has no UID to pin it by");
        }
        overhead = Collections.unmodifiableSortedMap(new TreeMap<>(overhead));
        nodeSelector = Collections.unmodifiableSortedMap(new TreeMap<>(nodeSelector));
        tolerations = List.copyOf(tolerations);
    }

    /** A class without overhead and without scheduling. */
    static PinnedClass of(String name, String uid) {
        return new PinnedClass(name, uid, new TreeMap<>(), new TreeMap<>(), List.of());
    }
}
