package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Toleration;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.Verified;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Checkpoint four, once for each start: pod, node and, where the node is kept for this agent, whoever else is on it are asked
 * for anew, after the pod was bound. Nothing is taken from memory.
 */
final class Recheck {
    private static final String PART = "500";

    private final ApiServer server;
    private final Supplier<Instant> clock;
    private final List<String> operators;

    /** @param operators the namespaces in which only the cluster's operator makes pods */
    Recheck(ApiServer server, Supplier<Instant> clock, List<String> operators) {
        this.server = server;
        this.clock = clock;
        this.operators = List.copyOf(operators);
    }

    /** What came of it. */
    sealed interface Finding {

        /**
         * All of it is what was admitted.
         *
         * @param verified the checkpoint, passed
         */
        record Passed(Verified verified) implements Finding {}

        /**
         * It is not.
         *
         * @param violations at least one
         */
        record Failed(List<Violation> violations) implements Finding {}

        /**
         * It cannot be told at present; ask again.
         *
         * @param why in words that say what to do about it
         */
        record Untold(String why) implements Finding {}
    }

    /** Asks, and returns at once; the finding comes once, in a thread of the client's. */
    void ask(Expectation expected, PodGlimpse bound, Consumer<Finding> finding) {
        new Asking(expected, bound, finding).send();
    }

    /** The answers of one recheck. Thread-safe. */
    private final class Asking {
        private final Expectation expected;
        private final PodGlimpse bound;
        private final String node;
        private final Consumer<Finding> finding;
        private final Instant askedAt = clock.get();
        private Optional<Outcome<JsonObject>> pod = Optional.empty();
        private Optional<Outcome<NodeFact>> fact = Optional.empty();
        private Optional<Outcome<Page<Neighbour>>> neighbours = Optional.empty();

        Asking(Expectation expected, PodGlimpse bound, Consumer<Finding> finding) {
            this.expected = expected;
            this.bound = bound;
            this.node = bound.node().orElseThrow();
            this.finding = finding;
        }

        void send() {
            server.ask(
                    Get.of(
                            "/api/v1/namespaces/" + bound.namespace() + "/pods/" + bound.name(),
                            Rule.namespace(bound.namespace(), "", "pods", "get")),
                    ObjectReader.of("v1", "Pod", bound.name()),
                    askedAt,
                    outcome -> arrived(() -> pod = Optional.of(outcome)));
            server.ask(
                    Get.of("/api/v1/nodes/" + node, Rule.cluster("", "nodes", "get")),
                    (body, room) -> new NodeReader()
                            .read(new View(ObjectReader.of("v1", "Node", node).read(body, room), "Node " + node)),
                    askedAt,
                    outcome -> arrived(() -> fact = Optional.of(outcome)));
            if (expected.place().dedicated()) {
                server.ask(
                        MirroredKinds.neighbours()
                                .with("fieldSelector", MirroredKinds.LIVING + ",spec.nodeName=" + node)
                                .with("limit", PART),
                        new PageReader<>("v1", "Pod", each -> Neighbour.read(each, operators)),
                        askedAt,
                        outcome -> arrived(() -> neighbours = Optional.of(outcome)));
            }
        }

        private void arrived(Runnable keep) {
            boolean complete;
            synchronized (this) {
                keep.run();
                complete = pod.isPresent()
                        && fact.isPresent()
                        && (neighbours.isPresent() || !expected.place().dedicated());
            }
            if (complete) {
                finding.accept(found());
            }
        }

        private synchronized Finding found() {
            List<Violation> violations = new ArrayList<>();
            try {
                JsonObject podNow = told(pod.orElseThrow());
                NodeFact nodeNow = told(fact.orElseThrow());
                pod(podNow, violations);
                violations.addAll(BoundNode.violations(expected.place(), tolerations(podNow), nodeNow));
                if (neighbours.isPresent()) {
                    neighbours(neighbours.get(), violations);
                }
                if (!violations.isEmpty()) {
                    return new Finding.Failed(List.copyOf(violations));
                }
                return BoundNode.isReady(nodeNow)
                        ? new Finding.Passed(verified(nodeNow))
                        : new Finding.Untold("node " + node + " is " + String.join("; ", nodeNow.unfit()));
            } catch (UnreadableException e) {
                return new Finding.Untold(String.valueOf(e.getMessage()));
            }
        }

        private void pod(JsonObject now, List<Violation> violations) throws UnreadableException {
            String uid = new View(now, "the pod").child("metadata").text("uid");
            if (!uid.equals(expected.podUid())) {
                throw new UnreadableException("pod " + bound.name() + " is another one by now");
            }
            for (Difference difference : Standard.of(expected).compare(now)) {
                violations.add(Judge.violation(difference, bound.namespace()));
            }
        }

        private void neighbours(Outcome<Page<Neighbour>> outcome, List<Violation> violations)
                throws UnreadableException {
            if (outcome instanceof Outcome.Refused<Page<Neighbour>> refused && refused.code() == 403) {
                violations.add(new Violation(
                        "cannot-tell",
                        "spec.isolation",
                        "who else is on node " + node + ": " + Why.of(refused, MirroredKinds.neighbours()),
                        "a node of which is known that it is shared with nobody",
                        "apply the cluster-wide roles"));
                return;
            }
            Page<Neighbour> page = told(outcome);
            if (!page.next().isEmpty()) {
                throw new UnreadableException("node " + node + " has more than " + PART + " pods");
            }
            List<Neighbour> others = page.items().stream()
                    .map(Page.Item::value)
                    .filter(other -> !other.resident() && !other.uid().equals(expected.podUid()))
                    .toList();
            if (!others.isEmpty()) {
                violations.add(BoundNode.shared(node, others));
            }
        }

        private Verified verified(NodeFact now) {
            NodeId id = now.id();
            List<Evidence> evidence = new ArrayList<>();
            evidence.add(evidence(
                    "pod " + bound.name() + " is what was let go, bound to node " + id.name(),
                    "GET pod " + bound.namespace() + "/" + bound.name()));
            evidence.add(evidence(
                    "node " + id.name() + " (" + id.uid() + ") still in boot " + id.bootId()
                            + expected.place()
                                    .runtimeClass()
                                    .map(pinned -> ", still lists handler " + pinned.handler())
                                    .orElse(""),
                    "GET /api/v1/nodes/" + node));
            if (expected.place().dedicated()) {
                evidence.add(
                        evidence("node " + id.name() + " is shared with nobody", "GET /api/v1/pods of node " + node));
            }
            return new Verified(Verified.NODE, Optional.of(id), Optional.of(bound.id()), evidence);
        }

        private Evidence evidence(String found, String source) {
            return new Evidence(Verified.NODE, found, source, askedAt);
        }
    }

    private static <R> R told(Outcome<R> outcome) throws UnreadableException {
        if (outcome instanceof Outcome.Told<R> told) {
            return told.body();
        }
        if (outcome instanceof Outcome.Refused<R> refused) {
            throw new UnreadableException(refused.code() + ": " + refused.message());
        }
        throw new UnreadableException(((Outcome.Lost<R>) outcome).why());
    }

    private static List<Toleration> tolerations(JsonObject pod) throws UnreadableException {
        List<Toleration> tolerations = new ArrayList<>();
        for (View each : new View(pod, "the pod").child("spec").children("tolerations")) {
            // One that ends after some seconds does not hold for as long as the pod runs.
            if (!each.has("tolerationSeconds")) {
                tolerations.add(new Toleration(
                        each.optionalText("key").orElse(""),
                        each.optionalText("operator")
                                .filter(text -> !text.isEmpty())
                                .orElse("Equal"),
                        each.optionalText("value").orElse(""),
                        each.optionalText("effect").orElse("")));
            }
        }
        return tolerations;
    }
}
