package dev.lantern.core.gate;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.spec.AgentSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the first RuntimeClass that is strong enough and has a verified node. */
final class BoundarySearch {
    private final AgentSpec spec;
    private final IsolationPolicy policy;
    private final Demands demands;
    private final BoundaryReport report;

    BoundarySearch(AgentSpec spec, IsolationPolicy policy, Demands demands, BoundaryReport report) {
        this.spec = spec;
        this.policy = policy;
        this.demands = demands;
        this.report = report;
    }

    Optional<Boundary> among(List<RuntimeClassFact> classes, List<NodeFact> nodes) {
        List<Candidate> candidates = candidates(classes);
        List<NodeCheck> lacking = new ArrayList<>();
        for (Candidate candidate : candidates) {
            NodeCheck check = new NodeCheck(spec, policy, demands, candidate);
            List<NodeFact> verified = verified(nodes, check);
            if (!verified.isEmpty()) {
                Boundary boundary = new Boundary(candidate, verified);
                report.chosen(boundary, check, nodes);
                return Optional.of(boundary);
            }
            lacking.add(check);
        }
        if (candidates.isEmpty()) {
            report.noClass(classes, nodes);
        } else {
            report.noNode(lacking, nodes);
        }
        return Optional.empty();
    }

    /** Strong enough by the policy's table, the policy's own names first, then by kind as demanded, then by name. */
    private List<Candidate> candidates(List<RuntimeClassFact> classes) {
        List<String> named = policy.runtimeClasses(demands.isolation());
        List<Candidate> candidates = new ArrayList<>();
        if (demands.kinds().contains(HandlerKind.RUNC) && named.isEmpty() && defaultIsRunc()) {
            candidates.add(new Candidate(HandlerKind.RUNC, Optional.empty()));
        }
        for (RuntimeClassFact found : classes) {
            boolean wanted = named.isEmpty() || named.contains(found.name());
            policy.kindOf(found.handler())
                    .filter(kind -> wanted && demands.kinds().contains(kind))
                    .ifPresent(kind -> candidates.add(new Candidate(kind, Optional.of(found))));
        }
        candidates.sort(Comparator.<Candidate>comparingInt(found -> place(named, found))
                .thenComparingInt(found -> demands.kinds().indexOf(found.kind()))
                .thenComparing(found ->
                        found.runtimeClass().map(RuntimeClassFact::name).orElse("")));
        return candidates;
    }

    private boolean defaultIsRunc() {
        return policy.kindOf("").filter(kind -> kind == HandlerKind.RUNC).isPresent();
    }

    private static int place(List<String> named, Candidate candidate) {
        return candidate
                .runtimeClass()
                .map(found -> named.indexOf(found.name()))
                .orElse(-1);
    }

    private List<NodeFact> verified(List<NodeFact> nodes, NodeCheck check) {
        return nodes.stream()
                .filter(node -> check.lacks(node).isEmpty())
                .sorted(Comparator.<NodeFact>comparingInt(this::regionOf)
                        .thenComparing(node -> node.id().name()))
                .toList();
    }

    private int regionOf(NodeFact node) {
        int at = spec.preferredRegions().indexOf(node.labels().getOrDefault(NodeCheck.REGION, ""));
        return at < 0 ? Integer.MAX_VALUE : at;
    }
}
