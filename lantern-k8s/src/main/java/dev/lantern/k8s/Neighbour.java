package dev.lantern.k8s;

import java.util.List;

/**
 * What is held of any pod of the cluster, to know who shares a node that is kept for one agent.
 *
 * @param uid of the pod
 * @param name {@code namespace/name}
 * @param node where it is bound; empty if nowhere
 * @param resident whether it belongs to the node: a static pod, or of a daemon set in a namespace of the cluster's operator
 */
record Neighbour(String uid, String name, String node, boolean resident) {
    private static final Neighbour RESIDENT = new Neighbour("", "", "", true);

    /** @param operators the namespaces in which only the cluster's operator makes pods */
    static Neighbour read(View pod, List<String> operators) throws UnreadableException {
        View metadata = pod.child("metadata");
        String namespace = metadata.optionalText("namespace").orElse("");
        for (View owner : metadata.children("ownerReferences")) {
            String kind = owner.text("kind");
            if (owner.flag("controller")
                    && (kind.equals("Node") || kind.equals("DaemonSet") && operators.contains(namespace))) {
                return RESIDENT;
            }
        }
        return new Neighbour(
                metadata.text("uid"),
                namespace + "/" + metadata.text("name"),
                pod.child("spec").optionalText("nodeName").orElse(""),
                false);
    }
}
