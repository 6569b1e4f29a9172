package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stops instances: deletes the Job, and sees whether it and its pod are gone. The cluster does the waiting, with the grace
 * that the pod was made with; this returns soon and is called again. A log is read to its end first where the pod has
 * ended, because it goes with the pod, and meanwhile where it has not.
 *
 * <p>Deletes nothing but this instance's own Job, in the background. Thread-safe.
 */
final class Teardown {
    /** How long a call waits for what it asked for. */
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private static final List<String> ENDED = List.of("Succeeded", "Failed");

    private final Calls calls;
    private final Whereabouts whereabouts;
    private final Lookout lookout;
    private final Drain logs;

    Teardown(Calls calls, Whereabouts whereabouts, Lookout lookout, Drain logs) {
        this.calls = calls;
        this.whereabouts = whereabouts;
        this.lookout = lookout;
        this.logs = logs;
    }

    /** As {@link dev.lantern.substrate.Substrate#stop}; the grace is what the pod was told when it was made. */
    boolean stop(InstanceRef instance, Duration time) {
        Within within = Within.of(time);
        Whereabouts.Place place = whereabouts.of(instance);
        lookout.forget(instance);
        // Who reads logs takes a pod that is not seen for one that is gone.
        boolean readable = lookout.sees(instance);
        if (readable) {
            logs.drain(instance);
        }
        Remains remains = look(instance, place, within);
        if (remains.nothing()) {
            return isRead(instance, readable);
        }
        if (remains.podsEnded() && !isRead(instance, readable)) {
            return false;
        }
        delete(place, remains, within);
        return lookout.awaitGone(instance, within.atMost(GLANCE))
                && look(instance, place, within).nothing()
                && isRead(instance, readable);
    }

    /** Lines are no reason to let an instance stand for ever: while nothing is seen, it is stopped without them. */
    private boolean isRead(InstanceRef instance, boolean readable) {
        return !readable || logs.drained(instance);
    }

    private void delete(Whereabouts.Place place, Remains remains, Within within) {
        if (remains.job().isEmpty() || isGoing(remains.job().get())) {
            return;
        }
        String uid = ExpectedJob.text(remains.job().get(), "metadata", "uid").orElse("");
        Result result = calls.change(Paths.deleteJob(place.namespace(), place.job(), uid), within.left());
        if (result instanceof Result.Refused || result instanceof Result.Unknown) {
            throw new LanternException(
                    "Job " + place.namespace() + "/" + place.job() + " is not deleted: " + JobMaking.said(result));
        }
    }

    // -- what stands, read from the API server and not from memory

    private Remains look(InstanceRef instance, Whereabouts.Place place, Within within) {
        Optional<JsonObject> job = job(instance, place, within);
        List<JsonObject> pods = pods(instance, place, within);
        for (JsonObject pod : pods) {
            if (job.isEmpty() && isOrphan(pod)) {
                throw new LanternException("pod " + place.namespace() + "/" + text(pod, "name") + " of " + instance
                        + " runs without its Job, which somebody deleted and left its pod: this host may not delete pods;"
                        + " delete it by hand, or wait until its own activeDeadlineSeconds end it");
            }
        }
        return new Remains(job, pods);
    }

    private Optional<JsonObject> job(InstanceRef instance, Whereabouts.Place place, Within within) {
        Result result = calls.read(Paths.job(place.namespace(), place.job()), place.job(), within.left());
        if (result instanceof Result.Gone) {
            return Optional.empty();
        }
        if (result instanceof Done done) {
            // A stranger's under our name is not touched, and does not keep the run from ending.
            return Optional.of(done.tree())
                    .filter(job -> whereabouts.instanceOf(job).equals(Optional.of(instance)));
        }
        throw new LanternException("stopping " + instance + ": " + JobMaking.said(result));
    }

    private List<JsonObject> pods(InstanceRef instance, Whereabouts.Place place, Within within) {
        Get get = Paths.podsOf(place.namespace(), whereabouts.installation(), place.job());
        Result result = calls.read(get, "", within.left());
        if (result instanceof Done done
                && done.tree().get("items") instanceof JsonArray items
                && ExpectedJob.text(done.tree(), "metadata", "continue")
                        .orElse("")
                        .isEmpty()) {
            List<JsonObject> pods = new ArrayList<>();
            for (JsonElement item : items) {
                if (item instanceof JsonObject pod && !isEndedOrphan(pod)) {
                    pods.add(pod);
                }
            }
            return pods;
        }
        throw new LanternException("stopping " + instance + ": " + JobMaking.said(result));
    }

    /** The pods of a deleted Job keep naming it until they are deleted too; who orphans them takes the name off. */
    private static boolean isOrphan(JsonObject pod) {
        return PodRelease.owner(pod).isEmpty() && !isGoing(pod) && !hasEnded(pod);
    }

    /** Nothing of it runs, and it is the cluster's to collect. */
    private static boolean isEndedOrphan(JsonObject pod) {
        return PodRelease.owner(pod).isEmpty() && hasEnded(pod);
    }

    private static boolean hasEnded(JsonObject pod) {
        return ENDED.contains(ExpectedJob.text(pod, "status", "phase").orElse(""));
    }

    private static boolean isGoing(JsonObject object) {
        return !text(object, "deletionTimestamp").isEmpty();
    }

    private static String text(JsonObject object, String member) {
        return ExpectedJob.text(object, "metadata", member).orElse("");
    }

    /**
     * What stands of an instance.
     *
     * @param job its Job
     * @param pods its pods; more than one only if somebody else made them
     */
    private record Remains(Optional<JsonObject> job, List<JsonObject> pods) {
        boolean nothing() {
            return job.isEmpty() && pods.isEmpty();
        }

        boolean podsEnded() {
            return !pods.isEmpty() && pods.stream().allMatch(Teardown::hasEnded);
        }
    }
}
