package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pods of Jobs, counts how they end, and ends the Jobs. Jobs that run one pod after the other are done in
 * full; of parallel ones, as much as follows from that.
 */
final class JobController implements Controller {
    static final String TRACKING = "batch.kubernetes.io/job-tracking";

    private static final String NAME = "job-controller";
    private static final String FAILING = "FailureTarget";
    private static final String FAILED = "Failed";
    private static final String SUCCEEDING = "SuccessCriteriaMet";
    private static final String COMPLETE = "Complete";

    /** Between a refused pod and the next try; the real one waits longer each time. */
    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final World world;
    private final Writes writes;
    private final Deletes deletes;
    private final Events events;
    private final Map<String, Quiet> quiet = new LinkedHashMap<>();
    private final Map<String, Instant> refused = new LinkedHashMap<>();

    JobController(World world, Writes writes, Deletes deletes, Events events) {
        this.world = world;
        this.writes = writes;
        this.deletes = deletes;
        this.events = events;
    }

    /** A Job as it was when there was nothing to do, until a time. */
    private record Quiet(long version, long pods, @Nullable Instant until) {
        boolean covers(Stored job, long podsNow, Instant now) {
            return version == job.version() && pods == podsNow && (until == null || now.isBefore(until));
        }
    }

    @Override
    public void step() {
        for (Stored job : world.store().all(Types.JOBS)) {
            long pods = fingerprint(job);
            Quiet known = quiet.get(job.uid());
            boolean nothingToDo = known != null && known.covers(job, pods, world.now());
            if (!nothingToDo && !step(job)) {
                quiet.put(job.uid(), new Quiet(job.version(), pods, nextDue(job)));
            }
        }
        quiet.keySet().removeIf(uid -> world.store().byUid(uid).isEmpty());
        refused.keySet().removeIf(uid -> world.store().byUid(uid).isEmpty());
        releaseOrphans();
    }

    private long fingerprint(Stored job) {
        long sum = 0;
        for (Stored pod : world.store().dependentsOf(job.uid())) {
            sum = sum * 31 + pod.version();
        }
        return sum;
    }

    private @Nullable Instant nextDue(Stored stored) {
        Instant again = refused.get(stored.uid());
        Instant due = nextDue(stored.tree());
        return again == null || (due != null && due.isBefore(again)) ? due : again;
    }

    private static @Nullable Instant nextDue(ObjectNode job) {
        JsonNode ttl = Trees.at(job, "spec", "ttlSecondsAfterFinished");
        Instant ended = endedAt(job);
        if (ended != null) {
            return ttl.isNumber() ? ended.plusSeconds(ttl.asLong()) : null;
        }
        JsonNode seconds = Trees.at(job, "spec", "activeDeadlineSeconds");
        String started = Trees.text(job, "status", "startTime");
        return seconds.isNumber() && !started.isEmpty() ? Instant.parse(started).plusSeconds(seconds.asLong()) : null;
    }

    private boolean step(Stored stored) {
        long before = world.store().version();
        ObjectNode job = stored.tree();
        if (stored.isDeleting()) {
            podsOf(stored).forEach(pod -> release(pod));
        } else if (endedAt(job) != null) {
            podsOf(stored).forEach(pod -> release(pod));
            expire(stored, job);
        } else {
            run(stored, job);
        }
        return world.store().version() != before;
    }

    private void run(Stored stored, ObjectNode job) {
        ObjectNode status = Trees.child(job, "status");
        if (!status.has("startTime") && !Trees.at(job, "spec", "suspend").asBoolean()) {
            status.put("startTime", world.timestamp());
        }
        count(stored, job, status);
        if (isDecided(status)) {
            windUp(stored, status);
        } else {
            decide(stored, job, status);
        }
        Tally tally = look(stored);
        put(status, "active", tally.active());
        status.put("ready", tally.ready());
        status.put("terminating", tally.terminating());
        Trees.child(status, "uncountedTerminatedPods");
        writes.direct(stored.key(), job);
    }

    private void decide(Stored stored, ObjectNode job, ObjectNode status) {
        JsonNode spec = job.path("spec");
        String failure = failure(job, status);
        if (!failure.isEmpty()) {
            condition(status, FAILING, reasonOf(failure), failure);
            windUp(stored, status);
        } else if (status.path("succeeded").asLong() >= spec.path("completions").asLong(1)) {
            condition(status, SUCCEEDING, "CompletionsReached", "Reached expected number of succeeded pods");
            windUp(stored, status);
        } else if (!spec.path("suspend").asBoolean()) {
            refill(stored, job, look(stored));
        }
    }

    /** How it ends is known; that it has ended is said when its last pod has: on a lost node, when that returns. */
    private void windUp(Stored stored, ObjectNode status) {
        podsOf(stored).stream()
                .filter(pod -> !pod.isDeleting() && !hasEnded(pod))
                .forEach(pod -> deletes.delete(pod, Deletes.Options.BACKGROUND));
        Tally left = look(stored);
        if (left.active() + left.terminating() > 0) {
            return;
        }
        ObjectNode decided = Trees.objects(status.path("conditions"))
                .filter(JobController::isDecision)
                .findFirst()
                .orElseThrow();
        String reason = decided.path("reason").asText();
        String message = decided.path("message").asText();
        if (decided.path("type").asText().equals(FAILING)) {
            condition(status, FAILED, reason, message);
            events.warning(stored, NAME, reason, message);
        } else {
            condition(status, COMPLETE, reason, message);
            status.put("completionTime", world.timestamp());
            events.normal(stored, NAME, "Completed", "Job completed");
        }
    }

    private static boolean isDecided(ObjectNode status) {
        return Trees.objects(status.path("conditions")).anyMatch(JobController::isDecision);
    }

    private static boolean isDecision(ObjectNode condition) {
        String type = condition.path("type").asText();
        return type.equals(FAILING) || type.equals(SUCCEEDING);
    }

    private record Tally(int active, int ready, int terminating) {}

    /** A pod is counted when its finalizer goes, and only then: it cannot be gone before it was counted. */
    private void count(Stored job, ObjectNode tree, ObjectNode status) {
        boolean failedOnly = Trees.text(tree, "spec", "podReplacementPolicy").equals("Failed");
        for (Stored pod : podsOf(job)) {
            boolean countable = hasEnded(pod) || (!failedOnly && pod.isDeleting());
            if (countable && release(pod)) {
                String outcome = pod.field("status.phase").equals("Succeeded") ? "succeeded" : "failed";
                status.put(outcome, status.path(outcome).asLong() + 1);
            }
        }
    }

    private Tally look(Stored job) {
        int active = 0;
        int ready = 0;
        int terminating = 0;
        for (Stored pod : podsOf(job)) {
            if (!hasEnded(pod)) {
                boolean going = pod.isDeleting();
                terminating += going ? 1 : 0;
                active += going ? 0 : 1;
                ready += !going && new PodStatus(pod.tree(), world.timestamp()).isTrue("Ready") ? 1 : 0;
            }
        }
        return new Tally(active, ready, terminating);
    }

    private String failure(ObjectNode job, ObjectNode status) {
        JsonNode spec = job.path("spec");
        if (status.path("failed").asLong() > spec.path("backoffLimit").asLong()) {
            return "Job has reached the specified backoff limit";
        }
        JsonNode seconds = spec.path("activeDeadlineSeconds");
        boolean late = seconds.isNumber()
                && status.has("startTime")
                && !world.now()
                        .isBefore(
                                Instant.parse(status.path("startTime").asText()).plusSeconds(seconds.asLong()));
        return late ? "Job was active longer than specified deadline" : "";
    }

    private static String reasonOf(String failure) {
        return failure.contains("deadline") ? "DeadlineExceeded" : "BackoffLimitExceeded";
    }

    private void condition(ObjectNode status, String type, String reason, String message) {
        Trees.list(status, "conditions")
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastProbeTime", world.timestamp())
                .put("lastTransitionTime", world.timestamp())
                .put("reason", reason)
                .put("message", message);
    }

    private void refill(Stored stored, ObjectNode job, Tally tally) {
        JsonNode spec = job.path("spec");
        boolean waitsForEnds = spec.path("podReplacementPolicy").asText().equals("Failed");
        int standing = tally.active() + (waitsForEnds ? tally.terminating() : 0);
        long left = spec.path("completions").asLong(1)
                - job.path("status").path("succeeded").asLong();
        long wanted = Math.min(spec.path("parallelism").asLong(1), left);
        for (long i = standing; i < wanted; i++) {
            if (!createPod(stored, job)) {
                return;
            }
        }
    }

    /** A refusal is said in an event and nowhere else. */
    private boolean createPod(Stored stored, ObjectNode job) {
        Instant again = refused.get(stored.uid());
        if (again != null && world.now().isBefore(again)) {
            return false;
        }
        refused.remove(stored.uid());
        try {
            Stored pod = writes.create(
                    Types.PODS, stored.key().namespace(), pod(stored, job), Writes.Author.controller(NAME));
            events.normal(
                    stored,
                    NAME,
                    "SuccessfulCreate",
                    "Created pod: " + pod.key().name());
            return true;
        } catch (StatusException e) {
            events.warning(stored, NAME, "FailedCreate", "Error creating: " + e.getMessage());
            refused.put(stored.uid(), world.now().plus(BACK_OFF));
            return false;
        }
    }

    private static ObjectNode pod(Stored stored, ObjectNode job) {
        JsonNode template = Trees.at(job, "spec", "template");
        ObjectNode pod = Trees.object();
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("generateName", stored.key().name() + "-");
        for (String copied : List.of("labels", "annotations")) {
            JsonNode values = Trees.at(template, "metadata", copied);
            if (!values.isEmpty()) {
                metadata.set(copied, values.deepCopy());
            }
        }
        metadata.putArray("finalizers").add(TRACKING);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Types.JOBS.apiVersion())
                .put("kind", Types.JOBS.kind())
                .put("name", stored.key().name())
                .put("uid", stored.uid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }

    private void expire(Stored stored, ObjectNode job) {
        JsonNode ttl = Trees.at(job, "spec", "ttlSecondsAfterFinished");
        Instant ended = endedAt(job);
        if (ttl.isNumber() && ended != null && !world.now().isBefore(ended.plusSeconds(ttl.asLong()))) {
            deletes.delete(
                    stored, new Deletes.Options(stored.uid(), "", "Foreground", java.util.OptionalLong.empty(), false));
        }
    }

    /** Pods whose Job is gone, or that were orphaned, are not held for its sake. */
    private void releaseOrphans() {
        for (Stored pod : world.store().all(Types.PODS)) {
            boolean orphan = pod.owners().stream()
                    .noneMatch(uid -> world.store().byUid(uid).isPresent());
            if (orphan && pod.tracked()) {
                release(pod);
            }
        }
    }

    /** @return whether the finalizer was still there */
    private boolean release(Stored pod) {
        if (!pod.tracked()) {
            return false;
        }
        ObjectNode tree = pod.tree();
        Trees.removeFrom(
                Trees.child(tree, "metadata"),
                "finalizers",
                finalizer -> finalizer.asText().equals(TRACKING));
        writes.direct(pod.key(), tree);
        return true;
    }

    private List<Stored> podsOf(Stored job) {
        return world.store().dependentsOf(job.uid()).stream()
                .filter(stored -> stored.key().type().equals(Types.PODS))
                .toList();
    }

    private static boolean hasEnded(Stored pod) {
        String phase = pod.field("status.phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static void put(ObjectNode status, String name, int number) {
        if (number == 0) {
            status.remove(name);
        } else {
            status.put(name, number);
        }
    }

    private static @Nullable Instant endedAt(ObjectNode job) {
        return Trees.objects(Trees.at(job, "status", "conditions"))
                .filter(condition -> condition.path("status").asText().equals("True"))
                .filter(condition -> condition.path("type").asText().equals(COMPLETE)
                        || condition.path("type").asText().equals(FAILED))
                .map(condition ->
                        Instant.parse(condition.path("lastTransitionTime").asText()))
                .findFirst()
                .orElse(null);
    }
}
