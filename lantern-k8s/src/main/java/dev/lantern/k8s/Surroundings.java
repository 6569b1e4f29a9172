package dev.lantern.k8s;

import dev.lantern.gate.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What instances stand on and what stands around them. Used under the lock of the {@link Observatory} only. */
final class Surroundings {
    final Eyes eyes = new Eyes();
    final Sayings sayings = new Sayings();
    final Fences fences;
    final Neighbours neighbours = new Neighbours();
    private final Map<String, NodeTrace> nodes = new TreeMap<>();
    private final Map<String, String> classes = new TreeMap<>();

    Surroundings(Function<String, NamespaceBaseline> baselines) {
        this.fences = new Fences(baselines);
    }

    void node(NodeTrace now) {
        nodes.put(now.id().name(), now);
    }

    void noNode(NodeTrace gone) {
        NodeTrace here = nodes.get(gone.id().name());
        if (here != null && here.id().uid().equals(gone.id().uid())) {
            nodes.remove(gone.id().name());
        }
    }

    Optional<NodeTrace> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    void runtimeClass(JobTrace.ClassId now) {
        classes.put(now.name(), now.uid());
    }

    void noRuntimeClass(JobTrace.ClassId gone) {
        classes.remove(gone.name(), gone.uid());
    }

    /** What of all that is no longer what it was when this pod was admitted. */
    List<Violation> violations(Watched watched, PodTrace pod) {
        List<Violation> violations = new ArrayList<>();
        String namespace = watched.place.namespace();
        violations.addAll(fences.violations(namespace, eyes.see(Eyes.Kind.POLICIES, namespace)));
        pinned(watched).ifPresent(pinned -> violations.addAll(runtimeClassOf(pinned)));
        pod.glimpse().node().flatMap(this::node).ifPresent(node -> violations.addAll(nodeOf(watched, node)));
        if (isDedicated(watched)) {
            pod.glimpse().node().ifPresent(node -> violations.addAll(neighbours(pod, node)));
        }
        return violations;
    }

    static boolean isDedicated(Watched watched) {
        return watched.expectation()
                .map(expectation -> expectation.place().dedicated())
                .orElse(watched.job().map(JobTrace::dedicated).orElse(false));
    }

    private static Optional<JobTrace.ClassId> pinned(Watched watched) {
        return watched.expectation().isPresent()
                ? watched.expectation()
                        .get()
                        .place()
                        .runtimeClass()
                        .map(pinned -> new JobTrace.ClassId(pinned.name(), pinned.uid()))
                : watched.job().flatMap(JobTrace::runtimeClass);
    }

    private List<Violation> runtimeClassOf(JobTrace.ClassId pinned) {
        String uid = classes.get(pinned.name());
        if (pinned.uid().equals(uid) || uid == null && !eyes.see(Eyes.Kind.CLASSES, "")) {
            return List.of();
        }
        return List.of(new Violation(
                "runtime-class-changed",
                "spec.isolation",
                "RuntimeClass " + pinned.name() + (uid == null ? " is no more" : " has UID " + uid),
                "the class with UID " + pinned.uid() + ", for as long as its agents run",
                "see who deleted it, and what its handler is now; new agents are decided on anew"));
    }

    private static List<Violation> nodeOf(Watched watched, NodeTrace node) {
        String admitted = watched.expectation()
                .flatMap(expectation -> expectation.place().nodes().stream()
                        .filter(each -> each.name().equals(node.id().name()))
                        .findFirst())
                .orElseGet(() -> watched.node(node.id()))
                .uid();
        if (admitted.equals(node.id().uid())) {
            return List.of();
        }
        return List.of(new Violation(
                "node-changed",
                "spec.isolation",
                "node " + node.id().name() + " has UID " + node.id().uid(),
                "the node with UID " + admitted,
                "it was deleted and has registered again, perhaps with other labels; see who did that"));
    }

    private List<Violation> neighbours(PodTrace pod, String node) {
        List<Neighbour> others = neighbours.on(node, pod.glimpse().uid());
        return others.isEmpty() ? List.of() : List.of(BoundNode.shared(node, others));
    }
}
