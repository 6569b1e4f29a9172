package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A pod's log, its eviction, its binding to a node. */
final class PodSubresources {
    private final World world;
    private final Writes writes;
    private final Deletes deletes;
    private final PodLogs logs;
    private final Nodes nodes;

    PodSubresources(World world, Writes writes, Deletes deletes, PodLogs logs, Nodes nodes) {
        this.world = world;
        this.writes = writes;
        this.deletes = deletes;
        this.logs = logs;
        this.nodes = nodes;
    }

    Reply log(Stored pod, Query query) {
        ObjectNode tree = pod.tree();
        String container = container(pod, tree, query.text("container"));
        String node = pod.field("spec.nodeName");
        if (node.isEmpty()) {
            return new Reply.Whole(204, "text/plain", java.util.Map.of(), new byte[0]);
        }
        if (!nodes.isAlive(node)) {
            throw Statuses.internal("Get \"https://" + nodes.address(node) + ":10250/containerLogs/"
                    + pod.key().namespace() + "/" + pod.key().name() + "/" + container + "\": dial tcp "
                    + nodes.address(node) + ":10250: i/o timeout");
        }
        PodStatus status = new PodStatus(tree, world.timestamp());
        JsonNode state =
                status.container(container).map(found -> found.path("state")).orElse(Trees.object());
        if (!state.has("running") && !state.has("terminated")) {
            String reason = state.path("waiting").path("reason").asText("ContainerCreating");
            throw Statuses.badRequest("container \"" + container + "\" in pod \""
                    + pod.key().name() + "\" is waiting to start: " + reason);
        }
        LogFeed.Options options = LogFeed.Options.of(query, world.now());
        return new Reply.Stream(
                200,
                "text/plain",
                new LogFeed(logs.output(pod.uid(), container), options, () -> isRunning(pod, container)));
    }

    private boolean isRunning(Stored pod, String container) {
        return world.store()
                .find(pod.key())
                .filter(now -> now.uid().equals(pod.uid()))
                .flatMap(now -> new PodStatus(now.tree(), world.timestamp()).container(container))
                .filter(PodStatus::isRunning)
                .isPresent();
    }

    private static String container(Stored pod, ObjectNode tree, String asked) {
        JsonNode spec = tree.path("spec");
        List<String> names = Stream.concat(
                        PodDefaults.containers(spec), Trees.objects(spec.path("ephemeralContainers")))
                .map(container -> container.path("name").asText())
                .toList();
        if (!asked.isEmpty()) {
            if (!names.contains(asked)) {
                throw Statuses.badRequest("container " + asked + " is not valid for pod "
                        + pod.key().name());
            }
            return asked;
        }
        if (names.size() != 1) {
            throw Statuses.badRequest("a container name must be specified for pod "
                    + pod.key().name() + ", choose one of: ["
                    + String.join(" ", names) + "]");
        }
        return names.get(0);
    }

    Reply evict(Stored pod, JsonNode eviction, boolean dryRun) {
        ObjectNode tree = pod.tree();
        PodStatus status = new PodStatus(tree, world.timestamp());
        if (!status.hasEnded()) {
            budget(pod);
        }
        JsonNode options = eviction.path("deleteOptions");
        OptionalLong grace = options.has("gracePeriodSeconds")
                ? OptionalLong.of(options.path("gracePeriodSeconds").asLong())
                : OptionalLong.empty();
        if (!dryRun) {
            status.disrupted("EvictionByEvictionAPI", "Eviction API: evicting");
            Stored marked = writes.direct(pod.key(), tree).orElse(pod);
            deletes.delete(
                    marked,
                    new Deletes.Options(Trees.text(options, "preconditions", "uid"), "", "Background", grace, false));
        }
        ObjectNode success = Trees.object().put("kind", "Status").put("apiVersion", "v1");
        success.putObject("metadata");
        return Reply.json(201, success.put("status", "Success").put("code", 201));
    }

    private void budget(Stored pod) {
        for (Stored budget : world.store().all(Types.BUDGETS, pod.key().namespace())) {
            ObjectNode tree = budget.tree();
            boolean covers = Selector.ofSpec(Trees.at(tree, "spec", "selector")).matches(pod.labels());
            if (covers && Trees.at(tree, "status", "disruptionsAllowed").asLong() == 0) {
                throw Statuses.disruptionBudget(
                        Types.PODS,
                        pod.key().name(),
                        "The disruption budget " + budget.key().name() + " needs "
                                + Trees.at(tree, "status", "desiredHealthy").asLong(1) + " healthy pods and has "
                                + Trees.at(tree, "status", "currentHealthy").asLong(1) + " currently");
            }
        }
    }

    Reply bind(Stored pod, JsonNode binding) {
        ObjectNode tree = pod.tree();
        if (!pod.field("spec.nodeName").isEmpty()) {
            throw Statuses.conflict(
                    Types.PODS,
                    pod.key().name(),
                    "pod " + pod.key().name() + " is already assigned to node \"" + pod.field("spec.nodeName") + "\"");
        }
        if (PodRules.isGated(tree)) {
            throw Statuses.conflict(
                    Types.PODS, pod.key().name(), "pod " + pod.key().name() + " has non-empty .spec.schedulingGates");
        }
        Trees.child(tree, "spec").put("nodeName", Trees.text(binding, "target", "name"));
        new PodStatus(tree, world.timestamp()).condition("PodScheduled", "True", "", "");
        writes.direct(pod.key(), tree);
        ObjectNode success = Trees.object().put("kind", "Status").put("apiVersion", "v1");
        success.putObject("metadata");
        return Reply.json(201, success.put("status", "Success").put("code", 201));
    }
}
