package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
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
        Neighbours neighbours = new Neighbours();
        world.store().all(Types.PODS).forEach(neighbours::add);
        for (Stored pod : waiting) {
            schedule(pod, nodes, neighbours);
        }
    }

    /** Who is where. Read once for each step: with many pods, looking at all of them for each would take its time. */
    private static final class Neighbours {
        private final Map<String, List<Stored>> byNode = new LinkedHashMap<>();
        private final Map<String, List<Stored>> unsocialByNode = new LinkedHashMap<>();

        void add(Stored pod) {
            String node = pod.field("spec.nodeName");
            String phase = pod.field("status.phase");
            if (node.isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
                return;
            }
            byNode.computeIfAbsent(node, any -> new ArrayList<>()).add(pod);
            if (isUnsocial(pod)) {
                unsocialByNode.computeIfAbsent(node, any -> new ArrayList<>()).add(pod);
            }
        }

        List<Stored> on(String node) {
            return byNode.getOrDefault(node, List.of());
        }

        List<Stored> unsocialOn(String node) {
            return unsocialByNode.getOrDefault(node, List.of());
        }
    }

    private void schedule(Stored stored, Map<String, ObjectNode> nodes, Neighbours neighbours) {
        ObjectNode pod = stored.tree();
        if (PodRules.isGated(pod)) {
            return;
        }
        Map<String, Integer> obstacles = new TreeMap<>();
        String best = "";
        for (Map.Entry<String, ObjectNode> node : nodes.entrySet()) {
            Optional<String> obstacle = Placement.obstacle(pod, node.getValue())
                    .or(() -> isKeptAway(stored, pod, node.getKey(), neighbours)
                            ? Optional.of("node(s) didn't match pod anti-affinity rules")
                            : Optional.empty());
            if (obstacle.isPresent()) {
                obstacles.merge(obstacle.get(), 1, Integer::sum);
            } else if (best.isEmpty()
                    || neighbours.on(node.getKey()).size() < neighbours.on(best).size()) {
                best = node.getKey();
            }
        }
        if (best.isEmpty()) {
            unschedulable(stored, pod, nodes.size(), obstacles);
        } else {
            bind(stored, pod, best);
            world.store().find(stored.key()).ifPresent(neighbours::add);
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
    private boolean isKeptAway(Stored stored, ObjectNode pod, String node, Neighbours neighbours) {
        boolean keeps = isUnsocial(stored)
                && neighbours.on(node).stream().anyMatch(other -> Placement.keepsAway(pod, other, world.store()));
        return keeps
                || neighbours.unsocialOn(node).stream()
                        .anyMatch(other -> Placement.keepsAway(other.tree(), stored, world.store()));
    }

    private static boolean isUnsocial(Stored pod) {
        return pod.fields().containsKey(Fields.UNSOCIAL);
    }
}
