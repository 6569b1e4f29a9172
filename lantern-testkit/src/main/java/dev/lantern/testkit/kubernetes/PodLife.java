package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a kubelet does to a pod's status: each method is one thing that happens to its containers. */
final class PodLife {
    private static final String MAIN = "containerStatuses";
    private static final String INIT = "initContainerStatuses";
    private static final int SIGTERM = 143;
    private static final int SIGKILL = 137;

    private final World world;
    private final Writes writes;
    private final Nodes nodes;
    /** Sidecars that go on when the main containers have ended: the pod's UID and the name. */
    private final Set<String> draining = new TreeSet<>();

    PodLife(World world, Writes writes, Nodes nodes) {
        this.world = world;
        this.writes = writes;
        this.nodes = nodes;
    }

    /** The sandbox is there; every container waits. */
    void admit(Key key) {
        change(key, this::admit);
    }

    private void admit(ObjectNode pod, PodStatus status) {
        if (status.status().has("startTime")) {
            return;
        }
        String node = Trees.text(pod, "spec", "nodeName");
        String address = world.names().podAddress();
        ObjectNode body = status.status();
        body.put("hostIP", nodes.address(node));
        body.putArray("hostIPs").addObject().put("ip", nodes.address(node));
        body.put("podIP", address);
        body.putArray("podIPs").addObject().put("ip", address);
        body.put("startTime", world.timestamp());
        boolean init = !pod.path("spec").path("initContainers").isEmpty();
        begin(pod, status, "initContainers", INIT, "PodInitializing");
        begin(pod, status, "containers", MAIN, init ? "PodInitializing" : "ContainerCreating");
        status.condition("PodReadyToStartContainers", "True", "", "");
        status.condition("PodScheduled", "True", "", "");
    }

    /** The kubelet reports what it has: after an outage somebody else has written that nothing is ready. */
    void refresh(Key key) {
        change(key, (pod, status) -> {});
    }

    /** The sandbox cannot be made: the pod was bound and waits, and everything is tried again. */
    void stuck(Key key) {
        change(key, (pod, status) -> {
            if (!status.status().has("startTime")) {
                status.status().put("hostIP", nodes.address(Trees.text(pod, "spec", "nodeName")));
                begin(pod, status, "initContainers", INIT, "PodInitializing");
                begin(pod, status, "containers", MAIN, "ContainerCreating");
                status.condition("PodReadyToStartContainers", "False", "", "");
            }
        });
    }

    /** Starts what can start: init containers one after the other, sidecars until their startup probe, the rest. */
    void start(Key key) {
        change(key, (pod, status) -> {
            admit(pod, status);
            start(pod, status);
        });
    }

    private void start(ObjectNode pod, PodStatus status) {
        if (status.hasEnded()) {
            return;
        }
        for (ObjectNode spec :
                Trees.objects(pod.path("spec").path("initContainers")).toList()) {
            ObjectNode container = container(status, spec);
            if (!PodStatus.isTerminated(container) && !PodStatus.isRunning(container)) {
                run(status, container, spec);
            }
            if (!isSidecar(spec)) {
                if (PodStatus.isRunning(container)) {
                    status.terminated(container, 0, "Completed", "");
                    container.put("ready", true);
                }
            } else if (!container.path("started").asBoolean()) {
                return;
            }
        }
        for (ObjectNode spec :
                Trees.objects(pod.path("spec").path("containers")).toList()) {
            ObjectNode container = container(status, spec);
            if (!PodStatus.isTerminated(container) && !PodStatus.isRunning(container)) {
                run(status, container, spec);
            }
        }
        status.phase("Running", "", "");
    }

    private void run(PodStatus status, ObjectNode container, ObjectNode spec) {
        String image = spec.path("image").asText();
        String id = container.path("imageID").asText();
        status.running(
                container,
                id.isEmpty()
                        ? (image.contains("@")
                                ? image
                                : "sha256:" + world.names().hex(64))
                        : id,
                "containerd://" + world.names().hex(64));
        boolean started = !spec.has("startupProbe");
        container.put("started", started);
        container.put("ready", started);
    }

    /** A startup probe succeeds; what waited for it starts. */
    void pass(Key key, String name) {
        change(key, (pod, status) -> {
            ObjectNode container = named(key, status, name);
            if (!PodStatus.isRunning(container)) {
                throw new IllegalStateException(key + ": " + name + " does not run, so no probe of it can succeed");
            }
            container.put("started", true);
            container.put("ready", true);
            start(pod, status);
        });
    }

    void waiting(Key key, String name, String reason, String message) {
        change(key, (pod, status) -> {
            admit(pod, status);
            status.waiting(named(key, status, name), reason, message);
        });
    }

    /** A container ends; with the last of the main ones the pod does, unless they are restarted. */
    void end(Key key, String name, int exitCode, String reason, String message) {
        change(key, (pod, status) -> {
            ObjectNode container = named(key, status, name);
            status.terminated(container, exitCode, reason, message);
            ObjectNode spec = PodDefaults.containers(pod.path("spec"))
                    .filter(candidate -> candidate.path("name").asText().equals(name))
                    .findFirst()
                    .orElse(Trees.object());
            String policy = pod.path("spec").path("restartPolicy").asText();
            boolean again = isSidecar(spec)
                    ? !haveMainsEnded(status)
                    : policy.equals("Always") || (policy.equals("OnFailure") && exitCode != 0);
            if (again) {
                restart(status, container, spec);
            } else {
                conclude(pod, status);
            }
        });
    }

    /** It ends when it is told to, and not with the main containers. */
    void drain(Key key, String name) {
        change(key, (pod, status) -> {
            named(key, status, name);
            draining.add(draining(pod, name));
        });
    }

    private static String draining(ObjectNode pod, String name) {
        return Trees.text(pod, "metadata", "uid") + "/" + name;
    }

    private static boolean haveMainsEnded(PodStatus status) {
        return status.statuses(MAIN).stream().allMatch(PodStatus::isTerminated);
    }

    private void restart(PodStatus status, ObjectNode container, ObjectNode spec) {
        container.set("lastState", container.path("state").deepCopy());
        container.put("restartCount", container.path("restartCount").asLong() + 1);
        run(status, container, spec);
    }

    private void conclude(ObjectNode pod, PodStatus status) {
        if (!haveMainsEnded(status)) {
            return;
        }
        boolean drains = false;
        for (ObjectNode sidecar : status.statuses(INIT)) {
            if (PodStatus.isRunning(sidecar)) {
                if (draining.contains(draining(pod, sidecar.path("name").asText()))) {
                    drains = true;
                } else {
                    status.terminated(sidecar, 0, "Completed", "");
                }
            }
        }
        if (drains) {
            return;
        }
        List<ObjectNode> mains = status.statuses(MAIN);
        boolean allWell = mains.stream()
                .allMatch(main ->
                        Trees.at(main, "state", "terminated", "exitCode").asInt() == 0);
        status.phase(allWell ? "Succeeded" : "Failed", "", "");
    }

    /** The pod is over for a reason of its own; what runs is killed. */
    void fail(Key key, String reason, String message) {
        change(key, (pod, status) -> {
            killed(status, SIGKILL);
            status.phase("Failed", reason, message);
        });
    }

    void disrupt(Key key, String reason, String message) {
        change(key, (pod, status) -> status.disrupted(reason, message));
    }

    /** Ended by SIGTERM, or by SIGKILL when it did not listen. */
    void terminate(Key key, boolean listened) {
        change(key, (pod, status) -> {
            if (status.hasEnded()) {
                return;
            }
            killed(status, listened ? SIGTERM : SIGKILL);
            status.phase("Failed", "", "");
        });
    }

    private static void killed(PodStatus status, int exitCode) {
        Stream.of(INIT, MAIN)
                .flatMap(list -> status.statuses(list).stream())
                .filter(PodStatus::isRunning)
                .forEach(container -> status.terminated(container, exitCode, "Error", ""));
    }

    void imageId(Key key, String name, String imageId) {
        change(key, (pod, status) -> {
            admit(pod, status);
            named(key, status, name).put("imageID", imageId);
        });
    }

    /** An ephemeral container that somebody has added runs. */
    void debug(Key key) {
        change(key, (pod, status) -> {
            for (ObjectNode spec :
                    Trees.objects(pod.path("spec").path("ephemeralContainers")).toList()) {
                if (status.container(spec.path("name").asText()).isEmpty()) {
                    ObjectNode container = waitingStatus(spec, "ContainerCreating");
                    Trees.list(status.status(), "ephemeralContainerStatuses").add(container);
                    run(status, container, spec);
                }
            }
        });
    }

    private void change(Key key, BiConsumer<ObjectNode, PodStatus> change) {
        Stored stored =
                world.store().find(key).orElseThrow(() -> new IllegalStateException(key + " is not there any more"));
        ObjectNode pod = stored.tree();
        PodStatus status = new PodStatus(pod, world.timestamp());
        change.accept(pod, status);
        conditions(pod, status);
        writes.direct(key, pod);
    }

    private static void conditions(ObjectNode pod, PodStatus status) {
        if (!status.status().has("startTime")) {
            return;
        }
        List<ObjectNode> incomplete = Trees.objects(pod.path("spec").path("initContainers"))
                .filter(spec -> {
                    ObjectNode container = container(status, spec);
                    return isSidecar(spec)
                            ? !container.path("started").asBoolean() && !PodStatus.isTerminated(container)
                            : !PodStatus.isTerminated(container);
                })
                .toList();
        if (incomplete.isEmpty()) {
            status.condition("Initialized", "True", "", "");
        } else {
            status.condition(
                    "Initialized",
                    "False",
                    "ContainersNotInitialized",
                    "containers with incomplete status: " + names(incomplete));
        }
        if (status.hasEnded()) {
            String reason = status.phase().equals("Succeeded") ? "PodCompleted" : "PodFailed";
            status.condition("PodReadyToStartContainers", "False", "", "");
            status.condition("Ready", "False", reason, "");
            status.condition("ContainersReady", "False", reason, "");
            return;
        }
        List<ObjectNode> unready = Stream.concat(
                        Trees.objects(pod.path("spec").path("initContainers")).filter(PodLife::isSidecar),
                        Trees.objects(pod.path("spec").path("containers")))
                .filter(spec -> !container(status, spec).path("ready").asBoolean())
                .toList();
        for (String type : List.of("Ready", "ContainersReady")) {
            if (unready.isEmpty()) {
                status.condition(type, "True", "", "");
            } else {
                status.condition(
                        type, "False", "ContainersNotReady", "containers with unready status: " + names(unready));
            }
        }
    }

    private static String names(List<ObjectNode> specs) {
        return specs.stream().map(spec -> spec.path("name").asText()).collect(Collectors.joining(" ", "[", "]"));
    }

    private static void begin(ObjectNode pod, PodStatus status, String specs, String statuses, String reason) {
        JsonNode containers = pod.path("spec").path(specs);
        if (containers.isEmpty() || status.status().has(statuses)) {
            return;
        }
        ArrayNode list = Trees.list(status.status(), statuses);
        Trees.objects(containers).forEach(spec -> list.add(waitingStatus(spec, reason)));
    }

    private static ObjectNode waitingStatus(ObjectNode spec, String reason) {
        ObjectNode container = Trees.object().put("name", spec.path("name").asText());
        container.putObject("state").putObject("waiting").put("reason", reason);
        container.putObject("lastState");
        return container
                .put("ready", false)
                .put("restartCount", 0)
                .put("image", spec.path("image").asText())
                .put("imageID", "")
                .put("started", false);
    }

    private static ObjectNode container(PodStatus status, ObjectNode spec) {
        return status.container(spec.path("name").asText()).orElseGet(Trees::object);
    }

    private static ObjectNode named(Key key, PodStatus status, String name) {
        Optional<ObjectNode> container = status.container(name);
        return container.orElseThrow(
                () -> new IllegalArgumentException(key + " has no container " + name + " that a kubelet knows of"));
    }

    static boolean isSidecar(ObjectNode spec) {
        return spec.path("restartPolicy").asText().equals("Always");
    }
}
