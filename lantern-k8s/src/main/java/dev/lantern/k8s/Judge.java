package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says of one instance, from what was seen of it and around it, whether it has come to its end. What is a fact says so at
 * once, also while nothing can be seen; what may pass, and what follows from something that is not there, only after
 * its patience, and only while everything there is can be seen. Used under the lock of the {@link Observatory} only.
 */
final class Judge {
    private final WatchTimes times;
    private final Surroundings around;

    Judge(WatchTimes times, Surroundings around) {
        this.times = times;
        this.around = around;
    }

    /**
     * What is to be said of it.
     *
     * @param end how it ended; empty while it has not
     * @param again in how many nanoseconds to look again, if nothing happens before
     */
    record Ruling(Optional<InstanceEnd> end, long again) {}

    Ruling of(Watched watched, long now) {
        try {
            return new Look(watched, now).ruling();
        } catch (UnreadableException e) {
            InstanceEnd end = new InstanceEnd.Lost("what the API server tells of it cannot be read: " + e.getMessage()
                    + "; so nobody can tell its end");
            return new Ruling(Optional.of(end), times.again().toNanos());
        }
    }

    /** One look at one instance. */
    private final class Look {
        private final Watched watched;
        private final long now;
        private final Optional<PodTrace> pod;
        private final boolean sees;
        private long again = Long.MAX_VALUE;
        private @Nullable PodSighting facts;

        Look(Watched watched, long now) {
            this.watched = watched;
            this.now = now;
            this.pod = watched.pod();
            String namespace = watched.place.namespace();
            this.sees = around.eyes.see(Eyes.Kind.PODS, namespace) && around.eyes.see(Eyes.Kind.JOBS, namespace);
        }

        Ruling ruling() throws UnreadableException {
            Optional<InstanceEnd> end = watched.settled();
            if (end.isEmpty()) {
                end = compared();
            }
            if (end.isEmpty()) {
                end = ended();
            }
            if (end.isEmpty()) {
                end = drifted();
            }
            if (end.isEmpty()) {
                end = lost();
            }
            if (end.isEmpty()) {
                end = stuck();
            }
            if (end.isPresent()) {
                again = Math.min(again, times.again().toNanos());
            }
            return new Ruling(end, again);
        }

        // -- facts

        /** A pod that was not what it had to be is no success, however it ended. */
        private Optional<InstanceEnd> compared() {
            pod.ifPresent(trace -> watched.violated(
                    InstanceEnd.Violated.DRIFT,
                    trace.differences().stream()
                            .map(difference -> violation(difference, watched.place.namespace()))
                            .toList()));
            return watched.violation();
        }

        private Optional<InstanceEnd> ended() throws UnreadableException {
            Optional<PodEnd> end = PodEnding.of(sighting(false, List.of())).filter(found -> !found.mayPass());
            end.ifPresent(found -> watched.settle(found.end()));
            return end.map(PodEnd::end);
        }

        private Optional<InstanceEnd> drifted() {
            if (watched.podStands() && isBound()) {
                watched.violated(InstanceEnd.Violated.DRIFT, around.violations(watched, pod.orElseThrow()));
            }
            return watched.violation();
        }

        // -- what is not there any more

        private Optional<InstanceEnd> lost() throws UnreadableException {
            if (watched.podStands()) {
                Optional<InstanceEnd> end = nodeLost();
                return end.isPresent() ? end : ownerless();
            }
            if (watched.job().isEmpty()
                    && watched.jobWasSeen()
                    && pod.isEmpty()
                    && watched.expectation().isEmpty()) {
                return sees
                        ? Optional.of(new InstanceEnd.Lost("its Job was deleted before it had a pod"))
                        : Optional.empty();
            }
            boolean unseen = pod.isEmpty() && watched.expectation().isPresent() && sees;
            return outlasts(watched.unseen, unseen, times.missing())
                    ? Optional.of(new InstanceEnd.Lost("its pod is no more, and nobody saw how it ended"))
                    : Optional.empty();
        }

        private Optional<InstanceEnd> nodeLost() throws UnreadableException {
            boolean nodesSeen = around.eyes.see(Eyes.Kind.NODES, "");
            Optional<String> name = pod.orElseThrow().glimpse().node();
            Optional<NodeTrace> node = name.flatMap(around::node);
            boolean isAbsent = name.isPresent() && node.isEmpty() && nodesSeen;
            boolean isUnready = node.isPresent() && !node.get().ready() && nodesSeen;
            boolean gone = outlasts(watched.absent, isAbsent, watched.knowsNode() ? Duration.ZERO : times.missing());
            boolean silent = outlasts(watched.unready, isUnready, times.nodeSilent());
            if (gone || silent) {
                return PodEnding.of(sighting(true, List.of())).map(PodEnd::end);
            }
            return node.flatMap(this::restarted);
        }

        /** Its containers ended with the kernel, whatever is still said of them. */
        private Optional<InstanceEnd> restarted(NodeTrace node) {
            NodeId then = watched.node(node.id());
            boolean restarted = then.uid().equals(node.id().uid())
                    && !then.bootId().equals(node.id().bootId());
            return restarted
                    ? Optional.of(new InstanceEnd.Lost("node " + node.id().name() + " was started again under it"))
                    : Optional.empty();
        }

        private Optional<InstanceEnd> ownerless() {
            PodTrace trace = pod.orElseThrow();
            boolean ownerless = sees
                    && !trace.glimpse().deleting()
                    && (trace.owner().isEmpty() || watched.job().isEmpty());
            return outlasts(watched.ownerless, ownerless, times.missing())
                    ? Optional.of(
                            new InstanceEnd.Lost("its Job was deleted and its pod was not: the cluster neither counts"
                                    + " it nor ends it in time"))
                    : Optional.empty();
        }

        // -- what does not come

        private Optional<InstanceEnd> stuck() throws UnreadableException {
            Optional<InstanceEnd> end = pod.isEmpty() ? unmade() : troubled();
            if (end.isEmpty()) {
                end = unstarted();
            }
            return end.isEmpty() ? unverified() : end;
        }

        private Optional<InstanceEnd> unmade() throws UnreadableException {
            if (watched.job().isEmpty()) {
                return Optional.empty();
            }
            Optional<String> over = hasEnded(watched.job().get().seen());
            if (!outlasts(watched.unmade, sees, over.isPresent() ? times.missing() : times.passing())) {
                return Optional.empty();
            }
            if (over.isPresent()) {
                return Optional.of(new InstanceEnd.Lost("its pod is no more, and its Job says " + over.get()));
            }
            Optional<PodEnd> said = PodEnding.of(sighting(false, around.sayings.of(here())));
            return Optional.of(said.map(PodEnd::end)
                    .orElse(new InstanceEnd.StartFailed("no pod was made of its Job, and nobody says why", false)));
        }

        private static Optional<String> hasEnded(JsonObject job) throws UnreadableException {
            for (View condition : new View(job, "the Job").child("status").children("conditions")) {
                String type = condition.text("type");
                if ((type.equals("Failed") || type.equals("Complete"))
                        && condition.text("status").equals("True")) {
                    return Optional.of(type
                            + PodEnding.said(condition.optionalText("reason").orElse(""), ""));
                }
            }
            return Optional.empty();
        }

        /** The cluster tries again, but not for ever. Events count when they were said again after that time. */
        private Optional<InstanceEnd> troubled() throws UnreadableException {
            Optional<PodEnd> trouble = PodEnding.of(sighting(false, List.of()));
            if (outlasts(watched.trouble, trouble.isPresent() && sees, times.passing())) {
                return trouble.map(PodEnd::end);
            }
            List<JsonObject> insisted =
                    around.sayings.insisted(here(), times.passing().toNanos());
            return insisted.isEmpty() || !sees
                    ? Optional.empty()
                    : PodEnding.of(sighting(false, insisted)).map(PodEnd::end);
        }

        private Optional<InstanceEnd> unstarted() throws UnreadableException {
            boolean waits = pod.isPresent()
                    && !pod.get().glimpse().held()
                    && !pod.get().glimpse().begun()
                    && sees;
            if (!outlasts(watched.unstarted, waits, times.start())) {
                return Optional.empty();
            }
            String said = PodEnding.of(sighting(false, around.sayings.of(here())))
                    .map(end -> "; last: " + end.said())
                    .orElse("");
            String what = pod.flatMap(trace -> trace.glimpse().node())
                    .map(node -> "node " + node + " started no container of it")
                    .orElse("the scheduler did not place it");
            return Optional.of(new InstanceEnd.StartFailed(
                    what + " within " + times.start().toSeconds() + " s" + said, false));
        }

        /** A node that could not be looked at again is not verified, and what is not verified does not go on. */
        private Optional<InstanceEnd> unverified() {
            boolean waits = watched.podStands()
                    && isBound()
                    && watched.expectation().isPresent()
                    && watched.verified().isEmpty()
                    && sees;
            return outlasts(watched.unverified, waits, times.start())
                    ? Optional.of(new InstanceEnd.StartFailed(
                            "its node could not be looked at again within "
                                    + times.start().toSeconds() + " s"
                                    + (watched.untold().isEmpty() ? "" : ": " + watched.untold()),
                            false))
                    : Optional.empty();
        }

        // -- all of it

        private boolean isBound() {
            return pod.isPresent()
                    && !pod.get().glimpse().held()
                    && pod.get().glimpse().node().isPresent();
        }

        private String here() {
            return watched.place.namespace() + "/" + watched.place.job();
        }

        private PodSighting sighting(boolean nodeLost, List<JsonObject> events) {
            if (facts == null) {
                facts = new PodSighting(
                        watched.job().map(JobTrace::seen),
                        pod.map(PodTrace::seen),
                        watched.podStands(),
                        false,
                        List.of());
            }
            return new PodSighting(facts.job(), facts.pod(), facts.podStands(), nodeLost, events);
        }

        private boolean outlasts(Lasting state, boolean holds, Duration patience) {
            if (state.now(holds, now).outlasts(patience, now)) {
                return true;
            }
            if (holds) {
                again = Math.min(again, state.left(patience, now));
            }
            return false;
        }
    }

    static Violation violation(Difference difference, String namespace) {
        return new Violation(
                "pod-" + difference.drift().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                difference.pointer(),
                difference.found(),
                difference.expected(),
                "it is " + difference.drift().meaning() + ": see who may change pods in namespace " + namespace
                        + "; the shipped admission policies refuse it");
    }
}
