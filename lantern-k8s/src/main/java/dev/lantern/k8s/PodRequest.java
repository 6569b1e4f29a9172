package dev.lantern.k8s;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.ImageRef;
import dev.lantern.spec.Isolation;
import dev.lantern.value.LanternException;
import java.util.Optional;

/**
 * All that a Job is made of: the same request makes the same bytes, on every host.
 *
 * @param key which instance
 * @param namespace where
 * @param spec what to run, narrowed limits included
 * @param boundary what the gate admitted it to
 * @param harness the harness's image, pinned
 * @param reach what the harness is told of the network
 * @param deadlines when the cluster ends it by itself
 * @param defaults what a spec that says nothing gets
 * @param priority {@link Priority#NONE} unless the namespace's pods have a class
 * @param workspace the claim of a devcontainer's workspace; empty for every other class
 */
record PodRequest(
        InstanceKey key,
        String namespace,
        AgentSpec spec,
        Boundary boundary,
        ImageRef harness,
        Reach reach,
        Deadlines deadlines,
        PodDefaults defaults,
        Priority priority,
        Optional<String> workspace) {

    PodRequest {
        if (!harness.pinned()) {
            throw new LanternException("the harness's image must be pinned by digest, found " + harness);
        }
        if (!spec.image().pinned() && boundary.isolation() != Isolation.TRUSTED) {
            throw new LanternException("isolation " + boundary.isolation().text()
                    + " needs an image that is pinned by digest, found " + spec.image());
        }
        boolean workspaceNeeded = boundary.isolation() == Isolation.DEVCONTAINER;
        if (workspaceNeeded != workspace.isPresent()) {
            throw new LanternException("isolation " + boundary.isolation().text()
                    + (workspaceNeeded ? " needs the claim of its workspace" : " has no workspace"));
        }
        for (String label : spec.labels().keySet()) {
            if (Marks.isReserved(label)) {
                throw new LanternException("spec.labels names " + label
                        + ", which says whose an object is and is set by the runtime; choose another key");
            }
        }
    }

    /** The same with other deadlines. */
    PodRequest until(Deadlines other) {
        return new PodRequest(key, namespace, spec, boundary, harness, reach, other, defaults, priority, workspace);
    }
}
