package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pods that others than their owner remove: from tainted nodes, from nodes that are gone, from no node at all. */
final class Evictions implements Controller {
    private final World world;
    private final Writes writes;
    private final Deletes deletes;

    Evictions(World world, Writes writes, Deletes deletes) {
        this.world = world;
        this.writes = writes;
        this.deletes = deletes;
    }

    @Override
    public void step() {
        Map<String, List<ObjectNode>> taints = new LinkedHashMap<>();
        for (Stored node : world.store().all(Types.NODES)) {
            taints.put(
                    node.key().name(),
                    Trees.objects(node.tree().path("spec").path("taints"))
                            .filter(taint -> taint.path("effect").asText().equals("NoExecute"))
                            .toList());
        }
        for (Stored pod : world.store().all(Types.PODS)) {
            String node = pod.field("spec.nodeName");
            if (node.isEmpty()) {
                collectUnscheduled(pod);
            } else if (!taints.containsKey(node)) {
                collect(pod);
            } else if (!pod.isDeleting()) {
                taints.getOrDefault(node, List.of()).forEach(taint -> evict(pod, taint));
            }
        }
    }

    private void evict(Stored pod, ObjectNode taint) {
        ObjectNode tree = pod.tree();
        Optional<ObjectNode> toleration = Placement.toleration(tree, taint);
        if (toleration.isPresent()) {
            JsonNode seconds = toleration.get().path("tolerationSeconds");
            Instant added = Instant.parse(taint.path("timeAdded").asText(world.timestamp()));
            if (!seconds.isNumber() || world.now().isBefore(added.plusSeconds(seconds.asLong()))) {
                return;
            }
        }
        mark(pod, tree, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
        world.store()
                .find(pod.key())
                .filter(now -> !now.isDeleting())
                .ifPresent(now -> deletes.delete(now, Deletes.Options.BACKGROUND));
    }

    private void collect(Stored pod) {
        ObjectNode tree = pod.tree();
        if (!new PodStatus(tree, world.timestamp()).hasEnded()) {
            new PodStatus(tree, world.timestamp()).phase("Failed", "", "");
            mark(pod, tree, "DeletionByPodGC", "PodGC: node no longer exists");
        }
        world.store().find(pod.key()).ifPresent(now -> deletes.delete(now, Deletes.Options.NOW));
    }

    /** It was deleted while a finalizer held it, and no kubelet will ever say that it has ended. */
    private void collectUnscheduled(Stored pod) {
        if (pod.isDeleting() && !pod.field("status.phase").equals("Failed")) {
            ObjectNode tree = pod.tree();
            new PodStatus(tree, world.timestamp()).phase("Failed", "", "");
            writes.direct(pod.key(), tree);
        }
    }

    private void mark(Stored pod, ObjectNode tree, String reason, String message) {
        new PodStatus(tree, world.timestamp()).disrupted(reason, message);
        writes.direct(pod.key(), tree);
    }
}
