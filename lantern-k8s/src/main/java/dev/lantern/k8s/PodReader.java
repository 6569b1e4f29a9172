package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lantern.substrate.InstanceRef;
import java.util.List;
import java.util.Optional;

/** Reads a pod: compares it while the whole of it is at hand, and keeps little. Thread-safe. */
final class PodReader implements PageReader.ItemReader<PodTrace> {
    /** What the cluster says in words is shown cut to less than this. */
    private static final int LONGEST = 400;

    private static final List<String> OF_METADATA =
            List.of("name", "namespace", "uid", "deletionTimestamp", "deletionGracePeriodSeconds");
    private static final List<String> OF_STATUS = List.of("phase", "reason", "message");
    private static final List<String> OF_CONDITION =
            List.of("type", "status", "reason", "message", "lastTransitionTime");
    private static final List<String> OF_CONTAINER = List.of("name", "restartCount");
    private static final List<String> OF_WAITING = List.of("reason", "message");
    /** Not its message: the container wrote it. */
    private static final List<String> OF_TERMINATED = List.of("exitCode", "reason", "finishedAt");

    private static final Packed NOTHING = Packed.of(new JsonObject());

    private final Whereabouts whereabouts;
    private final Standards standards;

    PodReader(Whereabouts whereabouts, Standards standards) {
        this.whereabouts = whereabouts;
        this.standards = standards;
    }

    /** What pods have to be. */
    @FunctionalInterface
    interface Standards {
        /**
         * What this pod has to be.
         *
         * @param owner the UID of the Job that owns it
         * @return empty if that is not known by now, and if it is another pod that is expected
         * @throws UnreadableException if nothing follows from its Job
         */
        Optional<Standard> of(InstanceRef instance, Optional<String> owner, JsonObject pod) throws UnreadableException;
    }

    @Override
    public PodTrace read(View pod) throws UnreadableException {
        Optional<InstanceRef> instance = whereabouts.instanceOf(pod.object()).filter(ref -> isNamedAfter(ref, pod));
        PodGlimpse glimpse = glimpse(pod);
        if (instance.isEmpty()) {
            return new PodTrace(instance, glimpse, Optional.empty(), NOTHING, false, List.of());
        }
        PodTrace trace = new PodTrace(instance, glimpse, owner(pod, "uid"), Packed.of(pruned(pod)), false, List.of());
        return glimpse.held() || glimpse.node().isEmpty() ? trace : compared(trace, instance.get(), pod);
    }

    /** A Job's pod bears its name; a pod of the same marks that another controller made is nobody's of ours. */
    private boolean isNamedAfter(InstanceRef instance, View pod) {
        String job = whereabouts.of(instance).job();
        boolean named = ExpectedJob.text(pod.object(), "metadata", "name")
                .filter(name -> name.startsWith(job + "-"))
                .isPresent();
        return named && owner(pod, "name").map(job::equals).orElse(true);
    }

    private static Optional<String> owner(View pod, String field) {
        return pod.object().get("metadata") instanceof JsonObject metadata
                        && metadata.get("ownerReferences") instanceof JsonArray owners
                        && !owners.isEmpty()
                        && owners.get(0) instanceof JsonObject owner
                ? ExpectedJob.text(owner, field)
                : Optional.empty();
    }

    private PodTrace compared(PodTrace trace, InstanceRef instance, View pod) {
        try {
            Optional<Standard> standard = standards.of(instance, trace.owner(), pod.object());
            return standard.isEmpty() ? trace : trace.with(standard.get().compare(pod.object()));
        } catch (UnreadableException e) {
            return trace.with(List.of(
                    new Difference("", "what follows from its Job", String.valueOf(e.getMessage()), Drift.PLACEMENT)));
        }
    }

    static PodGlimpse glimpse(View pod) throws UnreadableException {
        View metadata = pod.child("metadata");
        View spec = pod.child("spec");
        View status = pod.child("status");
        boolean held = false;
        for (View gate : spec.children("schedulingGates")) {
            held |= gate.text("name").equals(Marks.GATE);
        }
        return new PodGlimpse(
                metadata.optionalText("namespace").orElse(""),
                metadata.text("name"),
                metadata.text("uid"),
                metadata.text("resourceVersion"),
                held,
                spec.optionalText("nodeName").filter(name -> !name.isEmpty()),
                metadata.has("deletionTimestamp"),
                status.optionalText("phase").orElse("").intern(),
                hasBegun(status),
                agent(status));
    }

    private static boolean hasBegun(View status) throws UnreadableException {
        boolean begun = false;
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (View container : status.children(list)) {
                View state = container.child("state");
                begun |= state.has("running") || state.has("terminated");
            }
        }
        return begun;
    }

    private static PodGlimpse.Agent agent(View status) throws UnreadableException {
        String phase = status.optionalText("phase").orElse("");
        if (phase.equals("Failed") || phase.equals("Succeeded")) {
            return PodGlimpse.Agent.ENDED;
        }
        for (View container : status.children("containerStatuses")) {
            if (container.text("name").equals(PodSpec.AGENT)) {
                View state = container.child("state");
                return state.has("terminated")
                        ? PodGlimpse.Agent.ENDED
                        : state.has("running") ? PodGlimpse.Agent.RUNNING : PodGlimpse.Agent.WAITING;
            }
        }
        return PodGlimpse.Agent.WAITING;
    }

    // -- what its end is read from

    private static JsonObject pruned(View pod) throws UnreadableException {
        View status = pod.child("status");
        JsonObject kept = copy(status, OF_STATUS);
        kept.add("conditions", conditions(status));
        kept.add("initContainerStatuses", containers(status, "initContainerStatuses"));
        kept.add("containerStatuses", containers(status, "containerStatuses"));
        return Tree.object()
                .put("metadata", copy(pod.child("metadata"), OF_METADATA))
                .put("spec", copy(pod.child("spec"), List.of("nodeName")))
                .put("status", kept)
                .json();
    }

    private static JsonArray conditions(View status) throws UnreadableException {
        JsonArray conditions = new JsonArray();
        for (View condition : status.children("conditions")) {
            conditions.add(copy(condition, OF_CONDITION));
        }
        return conditions;
    }

    private static JsonArray containers(View status, String list) throws UnreadableException {
        JsonArray containers = new JsonArray();
        for (View container : status.children(list)) {
            JsonObject kept = copy(container, OF_CONTAINER);
            kept.add("state", state(container.child("state")));
            kept.add("lastState", state(container.child("lastState")));
            containers.add(kept);
        }
        return containers;
    }

    private static JsonObject state(View state) throws UnreadableException {
        JsonObject kept = new JsonObject();
        if (state.has("waiting")) {
            kept.add("waiting", copy(state.child("waiting"), OF_WAITING));
        }
        if (state.has("running")) {
            kept.add("running", new JsonObject());
        }
        if (state.has("terminated")) {
            kept.add("terminated", copy(state.child("terminated"), OF_TERMINATED));
        }
        return kept;
    }

    private static JsonObject copy(View from, List<String> names) {
        JsonObject kept = new JsonObject();
        for (String name : names) {
            JsonElement value = from.object().get(name);
            if (value != null) {
                kept.add(name, cut(value));
            }
        }
        return kept;
    }

    private static JsonElement cut(JsonElement value) {
        return value instanceof JsonPrimitive text
                        && text.isString()
                        && text.getAsString().length() > LONGEST
                ? new JsonPrimitive(text.getAsString().substring(0, LONGEST))
                : value;
    }
}
