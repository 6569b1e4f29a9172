package dev.lantern.core.gate;

import dev.lantern.gate.Fact;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import java.util.List;

/**
 * Avoids the nodes that lost earlier instances of a run, as long as another node was verified.
 *
 * <p>Suspicion is weaker than any demand: it never admits a node, never refuses a run, and never changes which boundary is
 * taken. A node stays suspect whatever kernel it has started since; a machine that was registered anew is another node.
 */
final class SuspectNodes {
    private static final String SOURCE = "earlier instances of this run";

    private final List<String> uids;
    private final Findings findings;

    SuspectNodes(List<NodeId> suspects, Findings findings) {
        this.uids = suspects.stream().map(NodeId::uid).toList();
        this.findings = findings;
    }

    /**
     * Where the instance may land, in the order of {@code verified}.
     *
     * @param verified at least one
     * @param fact where they are from
     */
    List<NodeFact> avoidedAmong(List<NodeFact> verified, Fact<?> fact) {
        List<NodeFact> suspect = verified.stream().filter(this::isSuspect).toList();
        if (suspect.isEmpty()) {
            return verified;
        }
        List<NodeFact> others =
                verified.stream().filter(node -> !isSuspect(node)).toList();
        String names =
                Sentences.some(suspect.stream().map(node -> node.id().name()).toList(), ", ");
        String found = others.isEmpty()
                ? "not avoided: " + names + " lost an instance lately, and no other node was verified"
                : "avoided: " + names + " lost an instance lately";
        findings.evidence(Checkpoint.FACTS, found, SOURCE, fact.at());
        return others.isEmpty() ? verified : others;
    }

    private boolean isSuspect(NodeFact node) {
        return uids.contains(node.id().uid());
    }
}
