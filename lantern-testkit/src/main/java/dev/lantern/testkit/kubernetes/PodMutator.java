package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Plays a mutating webhook, or a MutatingAdmissionPolicy: it may make anything of a pod that is created or updated.
 * Called while the fake holds its lock; it must not ask the fake over HTTP.
 */
@FunctionalInterface
public interface PodMutator {

    /** The pod as it goes on; the one given may be changed and returned. */
    ObjectNode mutate(AdmissionRequest request, ObjectNode pod);
}
