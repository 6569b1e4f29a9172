package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Binds pods to nodes: of those that a pod may go to, the one with the fewest pods, by name among equals. It does not
 * look at what runtime handlers a node has, no more than the real one.
 */
final class Scheduler implements Controller {
    private static final String NAME = "default-scheduler";

    private final World world;
    private final Writes writes;
    private final Events events;

    Scheduler(World world, Writes writes, Events events) {
        this.world = world;
        this.writes = writes;
        this.events = events;
    }

    @Override
    public void step() {
        List<Stored> waiting = world.store().all(Types.PODS).stream()
                .filter(pod -> pod.field("spec.nodeName").isEmpty()
                        && pod.field("status.phase").equals("Pending")
                        && !pod.isDeleting())
                .toList();
        if (waiting.isEmpty()) {
            return;
        }
        Map<String, ObjectNode> nodes = new TreeMap<>();
        world.store().all(Types.NODES).forEach(node -> nodes.put(node.key().name(), node.tree()));
        Map<String, Integer> crowd = new LinkedHashMap<>();
        for (Stored pod : world.store().all(Types.PODS)) {
            crowd.merge(pod.field("spec.nodeName"), 1, Integer::sum);
        }
        for (Stored pod : waiting) {
            schedule(pod, nodes, crowd);
        }
    }

    private void schedule(Stored stored, Map<String, ObjectNode> nodes, Map<String, Integer> crowd) {
        ObjectNode pod = stored.tree();
        if (PodRules.isGated(pod)) {
            return;
        }
        Map<String, Integer> obstacles = new TreeMap<>();
        String best = "";
        for (Map.Entry<String, ObjectNode> node : nodes.entrySet()) {
            Optional<String> obstacle = Placement.obstacle(pod, node.getValue())
                    .or(() -> isKeptAway(stored, pod, node.getKey())
                            ? Optional.of("node(s) didn't match pod anti-affinity rules")
                            : Optional.empty());
            if (obstacle.isPresent()) {
                obstacles.merge(obstacle.get(), 1, Integer::sum);
            } else if (best.isEmpty() || crowd.getOrDefault(node.getKey(), 0) < crowd.getOrDefault(best, 0)) {
                best = node.getKey();
            }
        }
        if (best.isEmpty()) {
            unschedulable(stored, pod, nodes.size(), obstacles);
        } else {
            crowd.merge(best, 1, Integer::sum);
            bind(stored, pod, best);
        }
    }

    private void bind(Stored stored, ObjectNode pod, String node) {
        Trees.child(pod, "spec").put("nodeName", node);
        new PodStatus(pod, world.timestamp()).condition("PodScheduled", "True", "", "");
        writes.direct(stored.key(), pod);
        events.normal(
                stored,
                NAME,
                "Scheduled",
                "Successfully assigned " + stored.key().namespace() + "/"
                        + stored.key().name() + " to " + node);
    }

    private void unschedulable(Stored stored, ObjectNode pod, int nodes, Map<String, Integer> obstacles) {
        String why = obstacles.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        String message = nodes == 0
                ? "no nodes available to schedule pods"
                : "0/" + nodes + " nodes are available: " + why + ". preemption: 0/" + nodes + " nodes are available: "
                        + nodes + " Preemption is not helpful for scheduling.";
        new PodStatus(pod, world.timestamp()).condition("PodScheduled", "False", "Unschedulable", message);
        if (writes.direct(stored.key(), pod).isPresent()) {
            events.warning(stored, NAME, "FailedScheduling", message);
        }
    }

    /** In both directions: it keeps others away, or others keep it away. */
    private boolean isKeptAway(Stored stored, ObjectNode pod, String node) {
        boolean unsocial = stored.fields().containsKey(Fields.UNSOCIAL);
        for (Stored other : world.store().all(Types.PODS)) {
            boolean there = other.field("spec.nodeName").equals(node)
                    && !other.field("status.phase").equals("Succeeded")
                    && !other.field("status.phase").equals("Failed");
            if (there && unsocial && Placement.keepsAway(pod, other, world.store())) {
                return true;
            }
            if (there
                    && other.fields().containsKey(Fields.UNSOCIAL)
                    && Placement.keepsAway(other.tree(), stored, world.store())) {
                return true;
            }
        }
        return false;
    }
}
