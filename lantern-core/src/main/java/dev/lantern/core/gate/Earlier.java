package dev.lantern.core.gate;

import dev.lantern.gate.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What the gate has to know of a run's earlier instances.
 *
 * @param strength what the last one had; the next one gets no less
 * @param suspects the nodes that lost one lately: avoided while another one is verified
 */
public record Earlier(Optional<Strength> strength, List<NodeId> suspects) {
    /** There was none. */
    public static final Earlier NONE = new Earlier(Optional.empty(), List.of());

    public Earlier {
        suspects = List.copyOf(suspects);
    }
}
