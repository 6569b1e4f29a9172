package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.OptionalLong;

/** Delete: at once, after a grace, or when the last finalizer is gone. */
final class Deletes {
    static final String ORPHAN = "orphan";
    static final String FOREGROUND = "foregroundDeletion";

    private final World world;
    private final Writes writes;

    Deletes(World world, Writes writes) {
        this.world = world;
        this.writes = writes;
    }

    /**
     * @param uid only the object with this UID; empty for any
     * @param version only this version of it; empty for any
     * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}; empty for the default of the type
     * @param grace empty for the default of the object
     */
    record Options(String uid, String version, String propagation, OptionalLong grace, boolean dryRun) {
        static final Options NOW = new Options("", "", "Background", OptionalLong.of(0), false);
        static final Options BACKGROUND = new Options("", "", "Background", OptionalLong.empty(), false);

        static Options of(JsonNode body, Query query) {
            OptionalLong grace = query.number("gracePeriodSeconds");
            if (body.has("gracePeriodSeconds")) {
                grace = OptionalLong.of(body.path("gracePeriodSeconds").asLong());
            }
            String propagation = body.path("propagationPolicy").asText(query.text("propagationPolicy"));
            if (propagation.isEmpty() && body.has("orphanDependents")) {
                propagation = body.path("orphanDependents").asBoolean() ? "Orphan" : "Background";
            }
            boolean dryRun = query.dryRun() || Trees.texts(body.path("dryRun")).anyMatch("All"::equals);
            return new Options(
                    Trees.text(body, "preconditions", "uid"),
                    Trees.text(body, "preconditions", "resourceVersion"),
                    propagation,
                    grace,
                    dryRun);
        }
    }

    /** A {@code Status} for what is gone, the object for what is going. */
    Reply delete(Stored stored, Options options) {
        ResourceType type = stored.key().type();
        conditions(stored, options);
        ObjectNode tree = stored.tree();
        ObjectNode metadata = Trees.child(tree, "metadata");
        finalizers(type, metadata, options.propagation());
        if (type.equals(Types.NAMESPACES)) {
            Trees.child(tree, "status").put("phase", "Terminating");
        }
        long grace = type.equals(Types.PODS) ? grace(tree, options.grace()) : 0;
        boolean held = grace > 0 || !metadata.path("finalizers").isEmpty() || type.equals(Types.NAMESPACES);
        mark(tree, metadata, grace);
        if (options.dryRun()) {
            return answer(stored, tree, held);
        }
        if (held) {
            writes.direct(stored.key(), tree);
            return Reply.json(200, current(stored).typed());
        }
        world.store().remove(stored.key());
        return answer(stored, tree, false);
    }

    private Stored current(Stored stored) {
        return world.store().find(stored.key()).orElse(stored);
    }

    private static Reply answer(Stored stored, ObjectNode tree, boolean held) {
        ResourceType type = stored.key().type();
        boolean shown = held || type.equals(Types.PODS) || type.equals(Types.CLAIMS);
        return Reply.json(
                200, shown ? tree : Statuses.success(type, stored.key().name(), stored.uid()));
    }

    private static void conditions(Stored stored, Options options) {
        ResourceType type = stored.key().type();
        String name = stored.key().name();
        if (!options.uid().isEmpty() && !options.uid().equals(stored.uid())) {
            throw Statuses.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: "
                            + stored.uid());
        }
        if (!options.version().isEmpty() && !options.version().equals(Long.toString(stored.version()))) {
            throw Statuses.conflict(
                    type,
                    name,
                    "Precondition failed: ResourceVersion in precondition: " + options.version()
                            + ", ResourceVersion in object meta: " + stored.version());
        }
    }

    /** Jobs are the odd ones out: without a word from the client their pods are orphaned and run on. */
    private static void finalizers(ResourceType type, ObjectNode metadata, String propagation) {
        String policy = propagation.isEmpty() && type.equals(Types.JOBS) ? "Orphan" : propagation;
        String wanted = switch (policy) {
            case "Orphan" -> ORPHAN;
            case "Foreground" -> FOREGROUND;
            case "", "Background" -> "";
            default ->
                throw Statuses.badRequest("propagationPolicy: Unsupported value: \"" + policy
                        + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
        };
        Trees.removeFrom(
                metadata,
                "finalizers",
                finalizer ->
                        finalizer.asText().equals(ORPHAN) || finalizer.asText().equals(FOREGROUND));
        if (!wanted.isEmpty()) {
            ArrayNode finalizers = Trees.list(metadata, "finalizers");
            finalizers.add(wanted);
        }
    }

    /** How long the kubelet gets to stop it; nobody has to be asked for what never started or has ended. */
    private static long grace(ObjectNode pod, OptionalLong asked) {
        String phase = Trees.text(pod, "status", "phase");
        if (Trees.text(pod, "spec", "nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        return asked.orElse(
                Trees.at(pod, "spec", "terminationGracePeriodSeconds").asLong());
    }

    /** A second deletion can only shorten what is left. */
    private void mark(ObjectNode tree, ObjectNode metadata, long grace) {
        Instant until = world.now().plusSeconds(grace);
        if (metadata.has("deletionTimestamp")
                && !until.isBefore(
                        Instant.parse(metadata.path("deletionTimestamp").asText()))) {
            if (grace == 0 && metadata.has("deletionGracePeriodSeconds")) {
                metadata.put("deletionGracePeriodSeconds", 0);
            }
            return;
        }
        metadata.put("deletionTimestamp", World.timestamp(until));
        if (!tree.path("kind").asText().equals(Types.NAMESPACES.kind())) {
            metadata.put("deletionGracePeriodSeconds", grace);
        }
        if (metadata.has("generation")) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
    }
}
