package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an instance in the cluster, at one time.
 *
 * @param job its Job, as it was seen last; empty if it is no more
 * @param pod its pod, as it was seen last; empty if none was ever seen
 * @param podStands whether the pod is still there
 * @param nodeLost whether its node is gone, or silent for longer than it is waited for
 * @param events about the Job and the pod, the latest last; others are passed over
 */
record PodSighting(
        Optional<JsonObject> job,
        Optional<JsonObject> pod,
        boolean podStands,
        boolean nodeLost,
        List<JsonObject> events) {
    PodSighting {
        events = List.copyOf(events);
    }
}
