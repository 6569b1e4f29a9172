package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod's status, read and written on its tree. It decides nothing; {@link Kubelet} and the controllers do. */
final class PodStatus {
    private static final List<String> COUNTED = List.of("cpu", "memory");

    private final ObjectNode pod;
    private final String now;

    PodStatus(ObjectNode pod, String now) {
        this.pod = pod;
        this.now = now;
    }

    /** What the API server writes when a pod is created. */
    static void begin(ObjectNode pod, String now) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending");
        if (PodRules.isGated(pod)) {
            new PodStatus(pod, now)
                    .condition(
                            "PodScheduled",
                            "False",
                            "SchedulingGated",
                            "Scheduling is blocked due to non-empty scheduling gates");
        }
        status.put("qosClass", qosClass(pod.path("spec")));
    }

    ObjectNode status() {
        return Trees.child(pod, "status");
    }

    String phase() {
        return Trees.text(pod, "status", "phase");
    }

    boolean hasEnded() {
        return phase().equals("Succeeded") || phase().equals("Failed");
    }

    /** Sets a condition; its time moves only with its status. */
    void condition(String type, String value, String reason, String message) {
        ArrayNode conditions = Trees.list(status(), "conditions");
        ObjectNode condition = Trees.objects(conditions)
                .filter(there -> there.path("type").asText().equals(type))
                .findFirst()
                .orElseGet(() -> conditions
                        .addObject()
                        .put("type", type)
                        .put("status", "")
                        .putNull("lastProbeTime")
                        .put("lastTransitionTime", now));
        if (!condition.path("status").asText().equals(value)) {
            condition.put("status", value);
            condition.put("lastTransitionTime", now);
        }
        putOrRemove(condition, "reason", reason);
        putOrRemove(condition, "message", message);
    }

    boolean isTrue(String type) {
        return Trees.objects(status().path("conditions"))
                .anyMatch(condition -> condition.path("type").asText().equals(type)
                        && condition.path("status").asText().equals("True"));
    }

    void disrupted(String reason, String message) {
        condition("DisruptionTarget", "True", reason, message);
    }

    void phase(String phase, String reason, String message) {
        status().put("phase", phase);
        putOrRemove(status(), "reason", reason);
        putOrRemove(status(), "message", message);
    }

    /** The status of a container of any kind. */
    Optional<ObjectNode> container(String name) {
        return Stream.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
                .flatMap(list -> Trees.objects(status().path(list)))
                .filter(status -> status.path("name").asText().equals(name))
                .findFirst();
    }

    /** The statuses of the containers of one list of the spec. */
    List<ObjectNode> statuses(String list) {
        return Trees.objects(status().path(list)).toList();
    }

    void waiting(ObjectNode container, String reason, String message) {
        ObjectNode waiting = state(container).putObject("waiting");
        putOrRemove(waiting, "reason", reason);
        putOrRemove(waiting, "message", message);
        container.put("ready", false);
        container.put("started", false);
    }

    void running(ObjectNode container, String imageId, String id) {
        state(container).putObject("running").put("startedAt", now);
        container.put("imageID", imageId);
        container.put("containerID", id);
    }

    void terminated(ObjectNode container, int exitCode, String reason, String message) {
        JsonNode startedAt = Trees.at(container, "state", "running", "startedAt");
        ObjectNode terminated = state(container).putObject("terminated");
        terminated.put("exitCode", exitCode);
        putOrRemove(terminated, "reason", reason);
        putOrRemove(terminated, "message", message);
        if (startedAt.isTextual()) {
            terminated.set("startedAt", startedAt);
        } else {
            terminated.putNull("startedAt");
        }
        terminated.put("finishedAt", now);
        String id = container.path("containerID").asText();
        if (!id.isEmpty()) {
            terminated.put("containerID", id);
        }
        container.put("ready", false);
        container.put("started", false);
    }

    static boolean isRunning(ObjectNode container) {
        return Trees.at(container, "state").has("running");
    }

    static boolean isTerminated(ObjectNode container) {
        return Trees.at(container, "state").has("terminated");
    }

    private static ObjectNode state(ObjectNode container) {
        return container.putObject("state");
    }

    private static void putOrRemove(ObjectNode object, String name, String text) {
        if (text.isEmpty()) {
            object.remove(name);
        } else {
            object.put(name, text);
        }
    }

    private static String qosClass(JsonNode spec) {
        List<ObjectNode> containers = PodDefaults.containers(spec).toList();
        boolean nothing = containers.stream()
                .allMatch(
                        container -> Trees.at(container, "resources", "limits").isEmpty()
                                && Trees.at(container, "resources", "requests").isEmpty());
        if (nothing) {
            return "BestEffort";
        }
        boolean guaranteed = containers.stream()
                .allMatch(container -> COUNTED.stream().allMatch(resource -> {
                    JsonNode limit = Trees.at(container, "resources", "limits", resource);
                    return !limit.isMissingNode()
                            && limit.equals(Trees.at(container, "resources", "requests", resource));
                }));
        return guaranteed ? "Guaranteed" : "Burstable";
    }
}
