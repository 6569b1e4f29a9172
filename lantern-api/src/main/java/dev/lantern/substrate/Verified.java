package dev.lantern.substrate;

import dev.lantern.gate.Evidence;
import dev.lantern.gate.NodeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A checkpoint behind the gate that an instance has passed.
 *
 * @param checkpoint which one, such as {@code pod} or {@code node}
 * @param node where it runs, if that is known by then
 * @param pod what it is to the platform, where that has pods, if it is known by then
 * @param evidence what was seen
 */
public record Verified(String checkpoint, Optional<NodeId> node, Optional<PodId> pod, List<Evidence> evidence) {
    /** The object as the platform keeps it is the one that was asked for. */
    public static final String POD = "pod";
    /** The node that it is bound to is one of those that the gate verified, and still as it was. */
    public static final String NODE = "node";

    public Verified {
        Objects.requireNonNull(checkpoint, "checkpoint");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(pod, "pod");
        evidence = List.copyOf(evidence);
    }

    /** The same, of what has no pod or is not known to have one. */
    public Verified(String checkpoint, Optional<NodeId> node, List<Evidence> evidence) {
        this(checkpoint, node, Optional.empty(), evidence);
    }
}
