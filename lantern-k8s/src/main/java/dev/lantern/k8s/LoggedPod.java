package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * What of a pod decides how its agent's log is read.
 *
 * @param name the pod's
 * @param started whether the agent's container runs or has run: before, there is no log to ask for
 * @param ended whether it will write no more
 */
record LoggedPod(String name, boolean started, boolean ended) {

    /** Of a pod, as the API server has it. */
    static LoggedPod of(JsonObject pod) {
        String name = ExpectedJob.text(pod, "metadata", "name").orElse("");
        String phase = ExpectedJob.text(pod, "status", "phase").orElse("");
        JsonObject state = stateOfAgent(pod);
        boolean over = phase.equals("Succeeded") || phase.equals("Failed");
        return new LoggedPod(name, state.has("running") || state.has("terminated"), over || state.has("terminated"));
    }

    private static JsonObject stateOfAgent(JsonObject pod) {
        if (pod.get("status") instanceof JsonObject status
                && status.get("containerStatuses") instanceof JsonArray containers) {
            for (JsonElement container : containers) {
                if (container instanceof JsonObject found
                        && ExpectedJob.text(found, "name").orElse("").equals(PodSpec.AGENT)
                        && found.get("state") instanceof JsonObject state) {
                    return state;
                }
            }
        }
        return new JsonObject();
    }
}
