package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Lets the pod of a Job go, and only as it was compared: waits until the Job controller has made it, reads it, compares
 * it, says that it is verified, and sends the one patch; compares what came of that. A pod that another host let go is
 * compared and left alone.
 */
final class PodRelease {
    /** How long whoever watches is relied on before this looks for itself. */
    private static final Duration GLANCE = Duration.ofSeconds(1);

    /** Each of them means that somebody changed the pod in these milliseconds. */
    private static final int MOST_TRIES = 5;

    private final Calls calls;
    private final Lookout lookout;
    private final Images images;
    private final PodVerdict verdict;

    PodRelease(Calls calls, Lookout lookout, Images images, PodVerdict verdict) {
        this.calls = calls;
        this.lookout = lookout;
        this.images = images;
        this.verdict = verdict;
    }

    /**
     * Returns once the pod was let go, by whomever.
     *
     * @throws NotStartedException if there is no pod, or it is not what was asked for
     * @throws LanternException if nothing is known
     */
    void letGo(StandingJob job, Placement.InCluster place, Within within) throws NotStartedException {
        ExpectedPod held =
                ExpectedPod.held(job.template(), job.uid(), job.request().priority());
        List<String> nodes = place.nodes().stream()
                .map(NodeId::name)
                .limit(Ungating.MOST_NODES)
                .toList();
        String name = awaited(job, within);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            JsonObject pod = read(name, job, within);
            if (!isHeld(pod)) {
                foundLetGo(pod, held, job, place);
                return;
            }
            requireSame(held.compare(pod), job);
            verdict.verified(job, pod);
            Ungating ungating = new Ungating(text(pod, "resourceVersion"), nodes);
            ExpectedPod letGo = held.letGo(ungating);
            expect(letGo, pod, job, place);
            Optional<JsonObject> answer = patched(name, ungating, job, within);
            if (answer.isPresent()) {
                requireSame(letGo.compare(answer.get()), job);
                return;
            }
        }
        throw new LanternException(
                "pod " + job.request().namespace() + "/" + name + " of " + instance(job) + " was changed " + MOST_TRIES
                        + " times while it was compared; see who changes pods in that namespace");
    }

    /** Empty if it has to be read again, because it changed, or because nothing is known of the patch. */
    private Optional<JsonObject> patched(String name, Ungating ungating, StandingJob job, Within within)
            throws NotStartedException {
        String namespace = job.request().namespace();
        Result result = calls.change(
                Change.patch(
                        Paths.pods(namespace), name, ungating.patch(), Rule.namespace(namespace, "", "pods", "patch")),
                within.left());
        if (result instanceof Done done) {
            return Optional.of(done.tree());
        }
        if (result instanceof Result.Refused refused) {
            throw NotStartedException.removing(job.uid(), StartRefusal.of(refused, namespace));
        }
        return Optional.empty();
    }

    /** By another host, by an earlier try of ours of which nothing came back, or by something in between. */
    private void foundLetGo(JsonObject pod, ExpectedPod held, StandingJob job, Placement.InCluster place)
            throws NotStartedException {
        List<String> nodes = Ungating.nodesOf(pod);
        if (nodes.isEmpty()) {
            requireSame(held.compare(pod), job);
            throw new IllegalStateException("a pod without the gate equals one that has it");
        }
        ExpectedPod letGo = held.letGo(new Ungating(text(pod, "resourceVersion"), nodes));
        boolean bound = ExpectedJob.text(pod, "spec", "nodeName").isPresent();
        requireSame((bound ? letGo.bound() : letGo).compare(pod), job);
        verdict.verified(job, pod);
        if (place.nodes().stream().map(NodeId::name).toList().containsAll(nodes)) {
            expect(letGo, pod, job, place);
        }
    }

    private void expect(ExpectedPod letGo, JsonObject pod, StandingJob job, Placement.InCluster place) {
        lookout.expect(
                instance(job),
                new Expectation(letGo.bound(), images.of(job.request()), place, text(pod, "name"), text(pod, "uid")));
    }

    private JsonObject read(String name, StandingJob job, Within within) throws NotStartedException {
        String namespace = job.request().namespace();
        Result result = calls.read(Paths.pod(namespace, name), name, within.left());
        if (result instanceof Result.Gone) {
            throw NotStartedException.because(
                    "pod " + namespace + "/" + name + " was gone before it was let go", false);
        }
        if (!(result instanceof Done done)) {
            throw new LanternException("starting " + instance(job) + ": " + JobMaking.said(result));
        }
        if (ExpectedJob.text(done.tree(), "metadata", "deletionTimestamp").isPresent()) {
            throw NotStartedException.because(
                    "pod " + namespace + "/" + name + " is being deleted before it was let go", false);
        }
        return done.tree();
    }

    // -- until there is one

    private String awaited(StandingJob job, Within within) throws NotStartedException {
        String what = "Job " + job.request().namespace() + "/"
                + job.request().key().jobName() + " of " + instance(job) + " got no pod";
        while (true) {
            Optional<String> seen = lookout.awaitPod(instance(job), within.atMost(GLANCE));
            within.require(what);
            try {
                if (seen.isPresent() && isOf(job, seen.get(), within)) {
                    return seen.get();
                }
                Optional<String> found = looked(job, within);
                if (found.isPresent()) {
                    return found.get();
                }
                requireItStands(job, within);
                requireNoTrouble(job, within);
            } catch (LanternException e) {
                // If the time was over in the middle of it, that says more than which of the looks it was.
                within.require(what);
                throw e;
            }
        }
    }

    /** Whoever watches may have seen that of an earlier Job of this name. */
    private boolean isOf(StandingJob job, String name, Within within) {
        Result result = calls.read(Paths.pod(job.request().namespace(), name), name, within.left());
        return result instanceof Done done && owner(done.tree()).equals(Optional.of(job.uid()));
    }

    private Optional<String> looked(StandingJob job, Within within) {
        Get pods = Paths.podsOf(
                job.request().namespace(),
                job.request().key().installation(),
                job.request().key().jobName());
        for (JsonObject pod : items(calls.read(pods, "", within.left()), job)) {
            if (owner(pod).equals(Optional.of(job.uid()))) {
                return ExpectedJob.text(pod, "metadata", "name");
            }
        }
        return Optional.empty();
    }

    private void requireItStands(StandingJob job, Within within) throws NotStartedException {
        String name = job.request().key().jobName();
        Result result = calls.read(Paths.job(job.request().namespace(), name), name, within.left());
        boolean stands = result instanceof Done done
                && ExpectedJob.text(done.tree(), "metadata", "uid").equals(Optional.of(job.uid()))
                && ExpectedJob.text(done.tree(), "metadata", "deletionTimestamp")
                        .isEmpty();
        if (!stands && (result instanceof Done || result instanceof Result.Gone)) {
            throw NotStartedException.because(
                    "Job " + job.request().namespace() + "/" + name + " was deleted before it had a pod", false);
        }
    }

    /** The Job says nothing of pods that cannot be made; events do. */
    private void requireNoTrouble(StandingJob job, Within within) throws NotStartedException {
        String namespace = job.request().namespace();
        Get events = Get.of(Paths.events(namespace), Rule.namespace(namespace, "", "events", "list"))
                .with("fieldSelector", "involvedObject.uid=" + job.uid());
        View itself = new View(
                Tree.object()
                        .put("metadata", Tree.object().put("uid", job.uid()))
                        .json(),
                "the Job");
        try {
            Optional<PodEnd> trouble = StartTrouble.ofJob(itself, items(calls.read(events, "", within.left()), job));
            if (trouble.isPresent()) {
                String said = trouble.get().said();
                throw NotStartedException.because(
                        PodViolations.isRefusedByPolicy(said)
                                ? PodViolations.refusedByPolicy(said, namespace)
                                : trouble.get().end());
            }
        } catch (UnreadableException e) {
            throw new LanternException("starting " + instance(job) + ": " + Why.unreadable(e.getMessage()), e);
        }
    }

    private static List<JsonObject> items(Result result, StandingJob job) {
        if (result instanceof Done done && done.tree().get("items") instanceof JsonArray items) {
            return items.asList().stream()
                    .filter(JsonElement::isJsonObject)
                    .map(JsonElement::getAsJsonObject)
                    .toList();
        }
        throw new LanternException("starting " + instance(job) + ": " + JobMaking.said(result));
    }

    // -- what a pod says

    static Optional<String> owner(JsonObject pod) {
        if (pod.get("metadata") instanceof JsonObject metadata
                && metadata.get("ownerReferences") instanceof JsonArray owners
                && owners.size() == 1
                && owners.get(0) instanceof JsonObject owner) {
            return ExpectedJob.text(owner, "uid");
        }
        return Optional.empty();
    }

    private static boolean isHeld(JsonObject pod) {
        if (pod.get("spec") instanceof JsonObject spec && spec.get("schedulingGates") instanceof JsonArray gates) {
            return gates.asList().stream()
                    .anyMatch(gate -> gate instanceof JsonObject object
                            && ExpectedJob.text(object, "name").equals(Optional.of(Marks.GATE)));
        }
        return false;
    }

    private static void requireSame(List<Difference> differences, StandingJob job) throws NotStartedException {
        if (!differences.isEmpty()) {
            throw NotStartedException.removing(
                    job.uid(), PodViolations.of(differences, job.request().namespace()));
        }
    }

    private static String text(JsonObject pod, String member) {
        return ExpectedJob.text(pod, "metadata", member).orElse("");
    }

    private static InstanceRef instance(StandingJob job) {
        return job.request().key().instance();
    }

    /**
     * What the images that are admitted are also known as.
     *
     * @param alsoKnownAs by the image's reference: digests of its other forms
     */
    record Images(Map<String, List<dev.lantern.value.Digest>> alsoKnownAs) {
        Images {
            alsoKnownAs = new TreeMap<>(alsoKnownAs);
        }

        RunningImages of(PodRequest request) {
            Map<String, RunningImages.Admitted> admitted = new TreeMap<>();
            admitted.put(PodSpec.HARNESS, admitted(request.harness()));
            admitted.put(PodSpec.AGENT, admitted(request.spec().image()));
            return new RunningImages(admitted);
        }

        private RunningImages.Admitted admitted(dev.lantern.spec.ImageRef image) {
            return new RunningImages.Admitted(image, alsoKnownAs.getOrDefault(image.toString(), List.of()));
        }
    }
}
