package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machines behind the node objects: whether their kubelets work, and which runtime handlers they really have. What
 * a node object says is what its kubelet reported, which need not be the same.
 */
final class Nodes implements Controller {
    /** How long the real node controller waits for a kubelet. */
    private static final Duration GRACE = Duration.ofSeconds(40);

    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    private final World world;
    private final Writes writes;
    private final Map<String, Machine> machines = new LinkedHashMap<>();

    Nodes(World world, Writes writes) {
        this.world = world;
        this.writes = writes;
    }

    private static final class Machine {
        private final String address;
        private List<String> handlers;
        private @Nullable Instant lostAt;

        Machine(String address, List<String> handlers) {
            this.address = address;
            this.handlers = handlers;
        }
    }

    void add(String name) {
        Machine machine = new Machine("10.0.0." + (machines.size() + 2), List.of("", "runc"));
        machines.put(name, machine);
        ObjectNode node = node(name, machine);
        Stored stored = writes.create(Types.NODES, "", node, Writes.Author.controller("kubelet"));
        ObjectNode reported = stored.tree();
        report(reported, machine.handlers);
        writes.direct(stored.key(), reported);
    }

    boolean isAlive(String name) {
        Machine machine = machines.get(name);
        return machine != null && machine.lostAt == null && world.store().has(Key.of(Types.NODES, name));
    }

    boolean has(String name, String handler) {
        Machine machine = machines.get(name);
        return machine != null && machine.handlers.contains(handler);
    }

    String address(String name) {
        Machine machine = machines.get(name);
        return machine == null ? "10.0.0.1" : machine.address;
    }

    void lose(String name) {
        machine(name).lostAt = world.now();
    }

    void recover(String name) {
        machine(name).lostAt = null;
    }

    /** What the machine has, and what its kubelet reports. */
    void handlers(String name, List<String> handlers) {
        machine(name).handlers = handlers;
        change(name, node -> report(node, handlers));
    }

    void change(String name, java.util.function.Consumer<ObjectNode> change) {
        Key key = Key.of(Types.NODES, name);
        Stored stored =
                world.store().find(key).orElseThrow(() -> new IllegalArgumentException("there is no node " + name));
        ObjectNode node = stored.tree();
        change.accept(node);
        writes.direct(key, node);
    }

    @Override
    public void step() {
        for (Map.Entry<String, Machine> entry : machines.entrySet()) {
            Optional<Stored> stored = world.store().find(Key.of(Types.NODES, entry.getKey()));
            Instant lostAt = entry.getValue().lostAt;
            if (stored.isEmpty()) {
                continue;
            }
            if (lostAt != null && !world.now().isBefore(lostAt.plus(GRACE))) {
                unknown(stored.get());
            } else if (lostAt == null) {
                ready(stored.get());
            }
        }
    }

    private void unknown(Stored stored) {
        ObjectNode node = stored.tree();
        Trees.objects(Trees.at(node, "status", "conditions"))
                .filter(condition -> !condition.path("status").asText().equals("Unknown"))
                .forEach(condition ->
                        condition(condition, "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."));
        taint(node, "NoSchedule");
        taint(node, "NoExecute");
        if (writes.direct(stored.key(), node).isPresent()) {
            unreadyPodsOf(stored.key().name());
        }
    }

    private void ready(Stored stored) {
        ObjectNode node = stored.tree();
        Trees.objects(Trees.at(node, "status", "conditions"))
                .filter(condition -> condition.path("status").asText().equals("Unknown"))
                .forEach(condition -> {
                    boolean ready = condition.path("type").asText().equals("Ready");
                    condition(
                            condition,
                            ready ? "True" : "False",
                            ready ? "KubeletReady" : "KubeletHasSufficient",
                            ready ? "kubelet is posting ready status" : "kubelet has sufficient resources available");
                });
        Trees.removeFrom(
                Trees.child(node, "spec"),
                "taints",
                taint -> taint.path("key").asText().equals(UNREACHABLE)
                        || taint.path("key").asText().equals(NOT_READY));
        writes.direct(stored.key(), node);
    }

    private void condition(ObjectNode condition, String status, String reason, String message) {
        condition.put("status", status);
        condition.put("reason", reason);
        condition.put("message", message);
        condition.put("lastTransitionTime", world.timestamp());
    }

    private void taint(ObjectNode node, String effect) {
        ArrayNode taints = Trees.list(Trees.child(node, "spec"), "taints");
        boolean there = Trees.objects(taints)
                .anyMatch(taint -> taint.path("key").asText().equals(UNREACHABLE)
                        && taint.path("effect").asText().equals(effect));
        if (!there) {
            taints.addObject().put("key", UNREACHABLE).put("effect", effect).put("timeAdded", world.timestamp());
        }
    }

    /** They are still called running: nobody knows better. */
    private void unreadyPodsOf(String name) {
        for (Stored pod : world.store().all(Types.PODS)) {
            if (pod.field("spec.nodeName").equals(name)) {
                ObjectNode tree = pod.tree();
                PodStatus status = new PodStatus(tree, world.timestamp());
                if (status.isTrue("Ready")) {
                    status.condition("Ready", "False", "", "");
                    writes.direct(pod.key(), tree);
                }
            }
        }
    }

    private Machine machine(String name) {
        Machine machine = machines.get(name);
        if (machine == null) {
            throw new IllegalArgumentException("there is no machine " + name + ", only " + machines.keySet());
        }
        return machine;
    }

    private static void report(ObjectNode node, List<String> handlers) {
        ArrayNode reported = Trees.child(node, "status").putArray("runtimeHandlers");
        for (String handler : handlers) {
            ObjectNode entry = reported.addObject().put("name", handler);
            entry.putObject("features").put("recursiveReadOnlyMounts", true).put("userNamespaces", true);
        }
    }

    private ObjectNode node(String name, Machine machine) {
        ObjectNode node = Trees.object();
        ObjectNode metadata = node.putObject("metadata").put("name", name);
        metadata.putObject("labels")
                .put("kubernetes.io/arch", "amd64")
                .put("kubernetes.io/hostname", name)
                .put("kubernetes.io/os", "linux");
        node.putObject("spec");
        ObjectNode status = node.putObject("status");
        for (String amounts : new String[] {"capacity", "allocatable"}) {
            status.putObject(amounts)
                    .put("cpu", "8")
                    .put("ephemeral-storage", "100Gi")
                    .put("memory", "32Gi")
                    .put("pods", "110");
        }
        ArrayNode conditions = status.putArray("conditions");
        for (String pressure : new String[] {"MemoryPressure", "DiskPressure", "PIDPressure"}) {
            conditions.add(nodeCondition(pressure, "False", "KubeletHasSufficient"));
        }
        conditions.add(nodeCondition("Ready", "True", "KubeletReady"));
        status.putArray("addresses")
                .add(Trees.object().put("type", "InternalIP").put("address", machine.address))
                .add(Trees.object().put("type", "Hostname").put("address", name));
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
        status.putObject("nodeInfo")
                .put("machineID", world.names().hex(32))
                .put("systemUUID", world.names().uid())
                .put("bootID", world.names().uid())
                .put("kernelVersion", "6.12.0-fake")
                .put("osImage", "Debian GNU/Linux 13 (trixie)")
                .put("containerRuntimeVersion", "containerd://2.1.4")
                .put("kubeletVersion", "v1.36.0")
                .put("kubeProxyVersion", "")
                .put("operatingSystem", "linux")
                .put("architecture", "amd64");
        status.putObject("features").put("supplementalGroupsPolicy", true);
        return node;
    }

    private ObjectNode nodeCondition(String type, String status, String reason) {
        return Trees.object()
                .put("type", type)
                .put("status", status)
                .put("lastHeartbeatTime", world.timestamp())
                .put("lastTransitionTime", world.timestamp())
                .put("reason", reason)
                .put("message", "kubelet says so");
    }
}
