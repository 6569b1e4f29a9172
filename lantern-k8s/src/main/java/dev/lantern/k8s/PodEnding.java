package dev.lantern.k8s;

import dev.lantern.k8s.PodEnd.Cause;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how a pod ended. What the agent did comes before what was done to it, if it did it before; an exit by a signal
 * is what was done to it. The Job's own status never decides: it says Complete of a pod whose harness crashed.
 *
 * <p>An agent that exits with 0 has not succeeded before its harness, which ends after it, has delivered what it left. How
 * long that may take, the pod's grace bounds.
 *
 * <p>A pure function. Of what containers wrote, their termination messages, nothing is shown.
 */
final class PodEnding {
    private static final int SIGKILL = 137;
    private static final int SIGTERM = 143;
    /** The harness's: what the agent left as its result is none. */
    private static final int NO_RESULT = 65;

    /** The kubelet refused the pod that the scheduler gave it: for resources, for affinity, for its own devices. */
    private static final List<String> NOT_ADMITTED = List.of(
            "OutOfcpu",
            "OutOfmemory",
            "OutOfephemeral-storage",
            "OutOfpods",
            "NodeAffinity",
            "NodePorts",
            "UnexpectedAdmissionError",
            "PodOSNotSupported",
            "SysctlForbidden");

    private final PodSighting sighting;
    private final View status;
    private final Optional<View> agent;
    private final Optional<View> harness;

    private PodEnding(PodSighting sighting, View pod) throws UnreadableException {
        this.sighting = sighting;
        this.status = pod.child("status");
        this.agent = container("containerStatuses", PodSpec.AGENT);
        this.harness = container("initContainerStatuses", PodSpec.HARNESS);
    }

    /**
     * How it ended, or what keeps it from starting; empty while all is well.
     *
     * @throws UnreadableException if a field is not of the type that the API says
     */
    static Optional<PodEnd> of(PodSighting sighting) throws UnreadableException {
        if (sighting.pod().isEmpty()) {
            return ofJobAlone(sighting);
        }
        View pod = new View(sighting.pod().get(), "the pod");
        Optional<PodEnd> end = new PodEnding(sighting, pod).end(pod);
        return end.isPresent() ? end : StartTrouble.of(pod, sighting.events());
    }

    private static Optional<PodEnd> ofJobAlone(PodSighting sighting) throws UnreadableException {
        if (sighting.job().isEmpty()) {
            return Optional.empty();
        }
        View job = new View(sighting.job().get(), "the Job");
        return isOverdue(job) ? Optional.of(overdue()) : StartTrouble.ofJob(job, sighting.events());
    }

    private Optional<PodEnd> end(View pod) throws UnreadableException {
        Optional<View> disruption = condition(status, "DisruptionTarget");
        Optional<View> terminated = terminated();
        if (terminated.isPresent() && isOwnDoing(terminated.get(), disruption)) {
            return Optional.of(exit(terminated.get(), pod));
        }
        if (restarts() > 0) {
            return Optional.of(PodEnd.lost(
                    Cause.HARNESS_RESTARTED,
                    "the harness was started again, so the agent was without it for a while; it had ended "
                            + harnessBefore()));
        }
        if (terminated.isPresent() && isDelivering(terminated.get(), disruption, pod)) {
            terminated = Optional.empty();
        }
        boolean over = hasEnded() || terminated.isPresent() || !sighting.podStands();
        if (disruption.isPresent() && (over || isLostWith(disruption.get()))) {
            return Optional.of(disrupted(disruption.get(), pod));
        }
        if (status.optionalText("phase").orElse("").equals("Failed")) {
            return Optional.of(failed(pod));
        }
        if (terminated.isPresent()) {
            return Optional.of(exit(terminated.get(), pod));
        }
        if (sighting.nodeLost()) {
            return Optional.of(PodEnd.lost(Cause.NODE_LOST, "nobody hears of node " + node(pod) + " any more"));
        }
        return sighting.podStands() ? Optional.empty() : Optional.of(deleted());
    }

    // -- the agent's own end

    private Optional<View> terminated() throws UnreadableException {
        if (agent.isEmpty() || !agent.get().child("state").has("terminated")) {
            return Optional.empty();
        }
        return Optional.of(agent.get().child("state").child("terminated"));
    }

    /** It ran out of memory, or ended before anybody wanted to end it. */
    private boolean isOwnDoing(View terminated, Optional<View> disruption) throws UnreadableException {
        if (isOutOfMemory(terminated)) {
            return true;
        }
        return restarts() == 0
                && disruption.isPresent()
                && isEndedBefore(terminated, disruption.get())
                && (code(terminated) != 0 || isDelivered());
    }

    private static boolean isEndedBefore(View terminated, View disruption) throws UnreadableException {
        return isBefore(terminated.optionalText("finishedAt"), disruption.optionalText("lastTransitionTime"));
    }

    /** It ended well, and by itself, and its harness may still deliver what it left. */
    private boolean isDelivering(View terminated, Optional<View> disruption, View pod) throws UnreadableException {
        boolean undisturbed = disruption.isEmpty() || isEndedBefore(terminated, disruption.get());
        return code(terminated) == 0
                && undisturbed
                && !isByDeletion(terminated, pod)
                && harnessEnd().isEmpty()
                && !hasEnded()
                && sighting.podStands();
    }

    /** The harness has ended in a way that is no fault of the infrastructure, or the pod has, and nothing is known of it. */
    private boolean isDelivered() throws UnreadableException {
        Optional<View> end = harnessEnd();
        if (end.isPresent()) {
            int code = code(end.get());
            return code == 0 || code == NO_RESULT;
        }
        return !harnessRuns() && (hasEnded() || !sighting.podStands());
    }

    private PodEnd exit(View terminated, View pod) throws UnreadableException {
        int code = code(terminated);
        String reason = terminated.optionalText("reason").orElse("");
        if (isOutOfMemory(terminated)) {
            return PodEnd.exited(
                    Cause.OUT_OF_MEMORY, code, "the agent took more memory than it has and was killed (OOMKilled)");
        }
        if (reason.equals("ContainerStatusUnknown")) {
            return PodEnd.lost(Cause.NODE_LOST, "node " + node(pod) + " lost track of the agent");
        }
        if (reason.equals("StartError") || reason.equals("ContainerCannotRun")) {
            return PodEnd.notStarted(
                    "the agent's program could not be run (" + reason + "); see its command and its image", false);
        }
        if (isByDeletion(terminated, pod)) {
            return deleted();
        }
        return code == 0 ? exitedWell() : PodEnd.exited(Cause.EXIT, code, "the agent exited with code " + code);
    }

    private PodEnd exitedWell() throws UnreadableException {
        Optional<View> end = harnessEnd();
        if (end.isPresent() && code(end.get()) == NO_RESULT) {
            return PodEnd.exited(
                    Cause.EXIT,
                    NO_RESULT,
                    "the agent left a result that cannot be delivered; the harness's log says why");
        }
        if (end.isPresent() && code(end.get()) != 0) {
            return PodEnd.lost(Cause.OTHER, "the harness ended " + harnessNow() + " before everything was delivered");
        }
        if (harnessRuns()) {
            return PodEnd.lost(
                    Cause.OTHER, "the pod is gone, and nobody saw whether its harness had delivered everything");
        }
        return PodEnd.exited(Cause.EXIT, 0, "the agent exited with code 0");
    }

    private static boolean isOutOfMemory(View terminated) throws UnreadableException {
        return terminated.optionalText("reason").orElse("").equals("OOMKilled");
    }

    /** Whether it ended because it was told to, with whatever code; if that is not known, with the code of a signal. */
    private boolean isByDeletion(View terminated, View pod) throws UnreadableException {
        View metadata = pod.child("metadata");
        Optional<String> due = metadata.optionalText("deletionTimestamp");
        if (due.isEmpty()) {
            return !sighting.podStands() && (isKilled(code(terminated)) || isJobOverdue());
        }
        // What the API server tells is when the grace is over.
        Instant told = time(due.get()).minusSeconds(number(metadata, "deletionGracePeriodSeconds"));
        Optional<String> finished = terminated.optionalText("finishedAt");
        return finished.isEmpty() || !time(finished.get()).isBefore(told);
    }

    // -- what was done to it

    private static PodEnd disrupted(View disruption, View pod) throws UnreadableException {
        String reason = disruption.optionalText("reason").orElse("");
        String said = said(reason, disruption.optionalText("message").orElse(""));
        return switch (reason) {
            case "PreemptionByScheduler" -> PodEnd.lost(Cause.PREEMPTED, "the pod made room for another one" + said);
            case "DeletionByTaintManager" -> PodEnd.lost(Cause.NODE_LOST, "node " + node(pod) + " is lost" + said);
            case "DeletionByPodGC" -> PodEnd.lost(Cause.NODE_LOST, "node " + node(pod) + " is no more" + said);
            case "EvictionByEvictionAPI" -> PodEnd.lost(Cause.EVICTED, "the pod was evicted" + said);
            case "TerminationByKubelet" -> PodEnd.lost(Cause.EVICTED, "the node ended the pod" + said);
            default -> PodEnd.lost(Cause.OTHER, "the pod was disrupted" + said);
        };
    }

    /** Its node is lost: nobody will ever say that it has ended. */
    private static boolean isLostWith(View disruption) throws UnreadableException {
        String reason = disruption.optionalText("reason").orElse("");
        return reason.equals("DeletionByTaintManager") || reason.equals("DeletionByPodGC");
    }

    /** The phase is Failed, and nobody from outside has disrupted it. */
    private PodEnd failed(View pod) throws UnreadableException {
        String reason = status.optionalText("reason").orElse("");
        String said = said(reason, status.optionalText("message").orElse(""));
        if (reason.equals("DeadlineExceeded")) {
            return overdue();
        }
        if (reason.equals("Evicted")) {
            // Without a disruption it is the pod's own excess: an emptyDir over its size, a disk over its limit.
            int code = terminated().isPresent() ? code(terminated().get()) : SIGKILL;
            return PodEnd.exited(Cause.EXCESS, code, "the pod took more than it may" + said);
        }
        if (NOT_ADMITTED.contains(reason)) {
            return PodEnd.notStarted("node " + node(pod) + " did not take the pod" + said, false);
        }
        if (reason.equals("NodeLost")) {
            return PodEnd.lost(Cause.NODE_LOST, "nobody hears of node " + node(pod) + " any more");
        }
        if (!reason.isEmpty()) {
            return PodEnd.lost(Cause.OTHER, "the pod failed" + said);
        }
        return terminated().isPresent()
                ? exit(terminated().get(), pod)
                : PodEnd.lost(
                        Cause.OTHER, "the pod failed before its agent ran; the harness had ended " + harnessNow());
    }

    private PodEnd deleted() throws UnreadableException {
        return isJobOverdue() ? overdue() : PodEnd.lost(Cause.DELETED, "the pod was deleted");
    }

    private boolean isJobOverdue() throws UnreadableException {
        return sighting.job().isPresent() && isOverdue(new View(sighting.job().get(), "the Job"));
    }

    /** {@code FailureTarget} comes while its pods are being ended, {@code Failed} when they have. */
    private static boolean isOverdue(View job) throws UnreadableException {
        for (String type : List.of("FailureTarget", "Failed")) {
            Optional<View> failed = condition(job.child("status"), type);
            if (failed.isPresent()
                    && failed.get().optionalText("reason").orElse("").equals("DeadlineExceeded")) {
                return true;
            }
        }
        return false;
    }

    private static PodEnd overdue() {
        return PodEnd.lost(Cause.DEADLINE, "the cluster ended the instance at its deadline (DeadlineExceeded)");
    }

    // -- the harness

    private int restarts() throws UnreadableException {
        return harness.isPresent() ? number(harness.get(), "restartCount") : 0;
    }

    private Optional<View> harnessEnd() throws UnreadableException {
        if (harness.isEmpty() || !harness.get().child("state").has("terminated")) {
            return Optional.empty();
        }
        return Optional.of(harness.get().child("state").child("terminated"));
    }

    /** As far as anybody saw; of a pod that has ended it does not. */
    private boolean harnessRuns() throws UnreadableException {
        return harness.isPresent() && harness.get().child("state").has("running") && !hasEnded();
    }

    private String harnessBefore() throws UnreadableException {
        return harness.isPresent() ? ended(harness.get().child("lastState")) : "unseen";
    }

    private String harnessNow() throws UnreadableException {
        return harness.isPresent() ? ended(harness.get().child("state")) : "unseen";
    }

    private static String ended(View state) throws UnreadableException {
        if (!state.has("terminated")) {
            return "unseen";
        }
        View terminated = state.child("terminated");
        return "with code " + code(terminated)
                + said(terminated.optionalText("reason").orElse(""), "");
    }

    // -- reading

    private Optional<View> container(String list, String name) throws UnreadableException {
        for (View container : status.children(list)) {
            if (container.text("name").equals(name)) {
                return Optional.of(container);
            }
        }
        return Optional.empty();
    }

    /** The condition, if it is true. */
    private static Optional<View> condition(View status, String type) throws UnreadableException {
        for (View condition : status.children("conditions")) {
            if (condition.text("type").equals(type) && condition.text("status").equals("True")) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private boolean hasEnded() throws UnreadableException {
        String phase = status.optionalText("phase").orElse("");
        return phase.equals("Failed") || phase.equals("Succeeded");
    }

    private static boolean isKilled(int code) {
        return code == SIGKILL || code == SIGTERM;
    }

    private static int code(View terminated) throws UnreadableException {
        return number(terminated, "exitCode");
    }

    private static int number(View of, String name) throws UnreadableException {
        // No code is not the code 0: that would be a success.
        if (!of.has(name)) {
            throw new UnreadableException(of.what() + ": " + name + " is missing");
        }
        try {
            return of.object().get(name).getAsInt();
        } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new UnreadableException(of.what() + ": " + name + " is no number");
        }
    }

    private static boolean isBefore(Optional<String> earlier, Optional<String> later) throws UnreadableException {
        return earlier.isPresent() && later.isPresent() && time(earlier.get()).isBefore(time(later.get()));
    }

    private static Instant time(String text) throws UnreadableException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UnreadableException("the pod has a time that is none: " + Shown.quoted(text));
        }
    }

    private static String node(View pod) throws UnreadableException {
        return pod.child("spec").optionalText("nodeName").map(Shown::plain).orElse("unknown");
    }

    /** In parentheses, what the cluster said of it. */
    static String said(String reason, String message) {
        String said = Shown.plain(reason) + (message.isEmpty() ? "" : ": " + Refusals.oneLine(message));
        return said.isEmpty() ? "" : " (" + said + ")";
    }
}
