package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.substrate.InstanceRef;
import java.util.List;
import java.util.Optional;

/**
 * What is held of a pod: where it is, what its end is read from, and what came of comparing it. The pod itself is let go.
 *
 * @param instance whose it is; empty if nobody's of ours
 * @param glimpse where it is and how far
 * @param owner the UID of the Job that owns it; empty if nobody does, so that the cluster neither counts nor ends it
 * @param status what its end is read from
 * @param compared whether it was known what it has to be
 * @param differences from what it has to be; empty if it was not compared
 */
record PodTrace(
        Optional<InstanceRef> instance,
        PodGlimpse glimpse,
        Optional<String> owner,
        Packed status,
        boolean compared,
        List<Difference> differences) {
    PodTrace {
        differences = List.copyOf(differences);
    }

    /** As the one that decides how it ended wants it. */
    JsonObject seen() {
        return status.tree();
    }

    PodTrace with(List<Difference> found) {
        return new PodTrace(instance, glimpse, owner, status, true, found);
    }
}
