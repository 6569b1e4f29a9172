package dev.lantern.k8s;

import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Taint;
import dev.lantern.gate.Toleration;
import dev.lantern.gate.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds the node that a pod was bound to, as it is now, against the one that the gate admitted. Pure functions. */
final class BoundNode {
    private static final String PATH = "spec.isolation";
    private static final int SHOWN = 5;

    private BoundNode() {}

    /**
     * What is otherwise. That it is not ready is no violation: nothing starts there, and if it stays so it is lost.
     *
     * @param place where the gate admitted it
     * @param tolerations of the pod
     * @param now the node
     */
    static List<Violation> violations(Placement.InCluster place, List<Toleration> tolerations, NodeFact now) {
        List<Violation> violations = new ArrayList<>();
        Optional<NodeId> admitted = place.nodes().stream()
                .filter(node -> node.name().equals(now.id().name()))
                .findFirst();
        if (admitted.isEmpty()) {
            return List.of(new Violation(
                    "node-not-admitted",
                    PATH,
                    "bound to node " + now.id().name(),
                    "one of " + place.nodes().stream().map(NodeId::name).collect(Collectors.joining(", ")),
                    "see who binds pods beside the scheduler"));
        }
        life(admitted.get(), now.id(), violations);
        place.runtimeClass().ifPresent(runtimeClass -> handler(runtimeClass, now, violations));
        unfit(tolerations, now, violations);
        return violations;
    }

    /** Whether the only thing to be said against it is that it is not ready at present. */
    static boolean isReady(NodeFact node) {
        return node.unfit().stream().noneMatch(reason -> reason.startsWith(Fitness.NOT_READY));
    }

    /** Somebody else is on a node that is kept for one agent. */
    static Violation shared(String node, List<Neighbour> others) {
        return new Violation(
                "node-shared",
                PATH,
                "node " + node + " has "
                        + others.stream().limit(SHOWN).map(Neighbour::name).collect(Collectors.joining(", "))
                        + (others.size() > SHOWN ? " and " + (others.size() - SHOWN) + " more" : ""),
                "this agent and what belongs to the node: static pods, and daemon sets of the operator's namespaces",
                "see who tolerates the taint of dedicated nodes; name the namespaces in which only the operator makes pods");
    }

    private static void life(NodeId admitted, NodeId now, List<Violation> violations) {
        if (!admitted.uid().equals(now.uid())) {
            violations.add(new Violation(
                    "node-changed",
                    PATH,
                    "node " + now.name() + " has UID " + now.uid(),
                    "the node with UID " + admitted.uid(),
                    "it was deleted and has registered again since the gate looked; nothing to do if you did that"));
        } else if (!admitted.bootId().equals(now.bootId())) {
            violations.add(new Violation(
                    "node-restarted",
                    PATH,
                    "node " + now.name() + " has boot id " + now.bootId(),
                    "boot id " + admitted.bootId(),
                    "it was started again since the gate looked; nothing to do if you did that"));
        }
    }

    private static void handler(RuntimeClassFact runtimeClass, NodeFact now, List<Violation> violations) {
        boolean listed = now.handlers().orElse(List.of()).stream()
                .anyMatch(handler -> handler.name().equals(runtimeClass.handler()));
        if (!listed) {
            violations.add(new Violation(
                    "handler-missing",
                    PATH,
                    "node " + now.id().name() + " lists "
                            + now.handlers()
                                    .map(handlers -> handlers.stream()
                                            .map(handler -> handler.name().isEmpty() ? "its default" : handler.name())
                                            .collect(Collectors.joining(", ")))
                                    .orElse("no handlers"),
                    "handler " + runtimeClass.handler() + " of RuntimeClass " + runtimeClass.name(),
                    "see what has become of the node's container runtime since the gate looked"));
        }
    }

    private static void unfit(List<Toleration> tolerations, NodeFact now, List<Violation> violations) {
        List<String> reasons = new ArrayList<>();
        now.unfit().stream()
                .filter(reason -> !reason.startsWith(Fitness.NOT_READY))
                .forEach(reasons::add);
        for (Taint taint : now.taints()) {
            // The control plane's own say again what the conditions said.
            boolean condition = taint.key().startsWith("node.kubernetes.io/");
            if (!condition && taint.repels() && tolerations.stream().noneMatch(each -> each.tolerates(taint))) {
                reasons.add("tainted with " + taint + ", which the pod does not tolerate");
            }
        }
        if (!reasons.isEmpty()) {
            violations.add(new Violation(
                    "node-unfit",
                    PATH,
                    "node " + now.id().name() + " is " + String.join("; ", reasons),
                    "a node that takes this pod",
                    "it became so since the gate looked; another node is tried"));
        }
    }
}
