package dev.lantern.gate;

import dev.lantern.spec.Isolation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where an admitted instance is to run.
 *
 * @param isolation the class that it runs under: the spec's own, or a stronger one that the policy demands
 * @param handler the boundary that it gets; never weaker than that class demands
 * @param cluster where in a cluster, if it runs in one
 */
public record Placement(Isolation isolation, HandlerKind handler, Optional<InCluster> cluster) {

    /** A place on this machine. */
    public static Placement onHost(Isolation isolation, HandlerKind handler) {
        return new Placement(isolation, handler, Optional.empty());
    }

    /**
     * A place in a cluster.
     *
     * @param namespace the namespace, with its UID
     * @param runtimeClass the RuntimeClass, pinned by UID; empty means the nodes' default handler
     * @param nodes the nodes that it may land on, best first: each was verified, and no other will do
     * @param dedicated whether no other tenant's pod may stand on its node
     */
    public record InCluster(
            NamespaceId namespace, Optional<RuntimeClassFact> runtimeClass, List<NodeId> nodes, boolean dedicated) {
        public InCluster {
            nodes = List.copyOf(nodes);
            if (nodes.isEmpty()) {
                throw new IllegalArgumentException("a place in a cluster names at least one node");
            }
        }
    }

    /**
     * Names one namespace in one of its lives.
     *
     * @param name {@code metadata.name}
     * @param uid {@code metadata.uid}
     */
    public record NamespaceId(String name, String uid) {
        public NamespaceId {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(uid, "uid");
        }
    }
}
