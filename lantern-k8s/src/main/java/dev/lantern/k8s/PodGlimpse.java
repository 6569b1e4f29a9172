package dev.lantern.k8s;

import dev.lantern.substrate.PodId;
import java.util.Optional;

/**
 * An instance's pod, as it was seen last.
 *
 * @param namespace of the pod
 * @param name of the pod
 * @param uid of the pod
 * @param version of the pod
 * @param held whether our gate still holds it
 * @param node where it is bound
 * @param deleting whether it is being deleted
 * @param phase as the cluster says; says nothing of how it ended
 * @param begun whether any container of it has been started
 * @param agent how far the agent's container is
 */
record PodGlimpse(
        String namespace,
        String name,
        String uid,
        String version,
        boolean held,
        Optional<String> node,
        boolean deleting,
        String phase,
        boolean begun,
        Agent agent) {

    PodId id() {
        return new PodId(namespace, name, uid);
    }

    /** How far the agent's container is. */
    enum Agent {
        /** It has not begun: there is no log of it. */
        WAITING,
        RUNNING,
        /** It has ended, and its log with it. */
        ENDED
    }
}
