package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a pod from starting, named as soon as the cluster says it. Much of it would otherwise be waited for until the
 * deadline: a pod that cannot start is {@code Pending}, and so is one that will in a moment. A pure function.
 */
final class StartTrouble {
    /** What a container waits for that never comes. Nothing in the cluster will change it. */
    private static final List<String> FOR_GOOD = List.of("CreateContainerConfigError", "InvalidImageName");

    /** On this node; another one may have the image. */
    private static final List<String> HERE = List.of("ErrImageNeverPull", "ImageInspectError");

    /** The kubelet tries again. */
    private static final List<String> TRIED_AGAIN = List.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "RegistryUnavailable",
            "SignatureValidationFailed",
            "CreateContainerError",
            "RunContainerError");

    /** Said in events only, and tried again. */
    private static final List<String> SAID_OF_PODS =
            List.of("FailedCreatePodSandBox", "FailedMount", "FailedAttachVolume");

    private StartTrouble() {}

    /** Empty once a container of it runs, or while there is nothing to say. */
    static Optional<PodEnd> of(View pod, List<JsonObject> events) throws UnreadableException {
        View status = pod.child("status");
        if (!status.optionalText("phase").orElse("").equals("Pending")) {
            return Optional.empty();
        }
        List<View> containers = new ArrayList<>(status.children("initContainerStatuses"));
        containers.addAll(status.children("containerStatuses"));
        for (View container : containers) {
            Optional<PodEnd> waiting = waiting(container);
            if (waiting.isPresent()) {
                return waiting;
            }
        }
        Optional<PodEnd> unscheduled = unscheduled(status);
        return unscheduled.isPresent() || isRunning(containers)
                ? unscheduled
                : said(pod, SAID_OF_PODS, "the pod cannot start on its node", events);
    }

    /** The pod was never made: quota, admission or a class that is no more. Nothing but events says so. */
    static Optional<PodEnd> ofJob(View job, List<JsonObject> events) throws UnreadableException {
        return said(job, List.of("FailedCreate"), "the pod cannot be created", events);
    }

    private static Optional<PodEnd> waiting(View container) throws UnreadableException {
        View waiting = container.child("state").child("waiting");
        String reason = waiting.optionalText("reason").orElse("");
        String what = "the " + Shown.plain(container.text("name")) + " cannot start"
                + PodEnding.said(reason, waiting.optionalText("message").orElse(""));
        if (FOR_GOOD.contains(reason) || HERE.contains(reason)) {
            return Optional.of(PodEnd.notStarted(what, FOR_GOOD.contains(reason)));
        }
        return TRIED_AGAIN.contains(reason) ? Optional.of(PodEnd.notYet(what)) : Optional.empty();
    }

    private static Optional<PodEnd> unscheduled(View status) throws UnreadableException {
        for (View condition : status.children("conditions")) {
            if (condition.text("type").equals("PodScheduled")
                    && condition.text("status").equals("False")
                    && condition.optionalText("reason").orElse("").equals("Unschedulable")) {
                return Optional.of(PodEnd.notYet("no node takes the pod"
                        + PodEnding.said(
                                "Unschedulable",
                                condition.optionalText("message").orElse(""))));
            }
        }
        return Optional.empty();
    }

    private static boolean isRunning(List<View> containers) throws UnreadableException {
        for (View container : containers) {
            if (container.child("state").has("running")) {
                return true;
            }
        }
        return false;
    }

    private static Optional<PodEnd> said(View object, List<String> reasons, String what, List<JsonObject> events)
            throws UnreadableException {
        String uid = object.child("metadata").text("uid");
        Optional<PodEnd> latest = Optional.empty();
        for (JsonObject found : events) {
            View event = new View(found, "an event");
            String reason = event.optionalText("reason").orElse("");
            if (reasons.contains(reason)
                    && event.child("involvedObject")
                            .optionalText("uid")
                            .orElse("")
                            .equals(uid)) {
                latest = Optional.of(PodEnd.notYet(what
                        + PodEnding.said(reason, event.optionalText("message").orElse(""))));
            }
        }
        return latest;
    }
}
