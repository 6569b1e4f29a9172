package dev.lantern.core.gate;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.spec.AgentSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the first RuntimeClass that is strong enough and has a verified node; says what every other lacked. */
final class BoundarySearch {
    private final AgentSpec spec;
    private final IsolationPolicy policy;
    private final Demands demands;
    private final ClusterFacts facts;
    private final Findings findings;

    BoundarySearch(AgentSpec spec, IsolationPolicy policy, Demands demands, ClusterFacts facts, Findings findings) {
        this.spec = spec;
        this.policy = policy;
        this.demands = demands;
        this.facts = facts;
        this.findings = findings;
    }

    Optional<Boundary> among(List<RuntimeClassFact> classes, List<NodeFact> nodes) {
        List<Candidate> candidates = candidates(classes);
        if (candidates.isEmpty()) {
            noClass(classes, nodes);
            return Optional.empty();
        }
        List<String> lacking = new ArrayList<>();
        for (Candidate candidate : candidates) {
            NodeCheck check = new NodeCheck(spec, policy, demands, candidate);
            List<NodeFact> verified = verified(nodes, check);
            if (!verified.isEmpty()) {
                admitted(candidate, verified, nodes, check);
                return Optional.of(new Boundary(candidate, verified));
            }
            lacking.add(candidate.text() + ": " + lacks(nodes, check));
        }
        noNode(lacking, nodes);
        return Optional.empty();
    }

    /** Strong enough by the policy's table, the policy's own names first, then by kind as demanded, then by name. */
    private List<Candidate> candidates(List<RuntimeClassFact> classes) {
        List<String> named = policy.runtimeClasses(demands.isolation());
        List<Candidate> candidates = new ArrayList<>();
        if (demands.kinds().contains(HandlerKind.RUNC) && named.isEmpty() && standsForRunc("")) {
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

    private boolean standsForRunc(String handler) {
        return policy.kindOf(handler).filter(kind -> kind == HandlerKind.RUNC).isPresent();
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

    private void admitted(Candidate candidate, List<NodeFact> verified, List<NodeFact> nodes, NodeCheck check) {
        candidate
                .runtimeClass()
                .ifPresent(found -> findings.evidence(
                        Checkpoint.FACTS,
                        candidate.text() + ", uid " + found.uid(),
                        facts.runtimeClasses().source(),
                        facts.runtimeClasses().at()));
        if (candidate.kind() == HandlerKind.RUNC
                && policy.isStandardWithoutBoundary()
                && demands.isolation() == dev.lantern.spec.Isolation.STANDARD) {
            findings.evidence(
                    Checkpoint.FACTS,
                    "excused by policy: standard without gVisor, on the nodes' own kernel",
                    "isolation policy",
                    facts.nodes().at());
        }
        List<String> names = verified.stream()
                .map(node -> node.id().name() + " (uid " + node.id().uid() + ", boot "
                        + node.id().bootId() + ")")
                .toList();
        findings.evidence(
                Checkpoint.FACTS,
                Sentences.count(verified.size(), "node") + " of " + nodes.size() + " verified: "
                        + Sentences.some(names, ", "),
                facts.nodes().source(),
                facts.nodes().at());
        if (verified.size() < nodes.size()) {
            findings.evidence(
                    Checkpoint.FACTS,
                    "left out: " + lacks(nodes, check),
                    facts.nodes().source(),
                    facts.nodes().at());
        }
    }

    private void noClass(List<RuntimeClassFact> classes, List<NodeFact> nodes) {
        List<String> found = new ArrayList<>();
        List<String> named = policy.runtimeClasses(demands.isolation());
        for (RuntimeClassFact each : classes) {
            String stands = policy.kindOf(each.handler())
                    .map(kind -> "is " + kind.text())
                    .orElse("is unknown to the policy");
            boolean left = !named.isEmpty() && !named.contains(each.name());
            found.add("RuntimeClass " + each.name() + " with handler " + each.handler() + ", which " + stands
                    + (left ? " and is not named by the policy for this class" : ""));
        }
        List<String> handlers = nodes.stream().map(NodeCheck::handlers).toList();
        findings.violation(
                "boundary-missing",
                "spec.isolation",
                demands.isolation().text() + "; the cluster has "
                        + (found.isEmpty() ? "no RuntimeClass" : Sentences.some(found, "; ")) + "; "
                        + Sentences.count(nodes.size(), "node") + " looked at"
                        + (nodes.isEmpty() ? "" : ": " + Sentences.some(handlers, "; "))
                        + " (" + facts.runtimeClasses().source() + ", "
                        + facts.nodes().source() + ")",
                allowed(named),
                twoWays());
    }

    private void noNode(List<String> lacking, List<NodeFact> nodes) {
        findings.violation(
                "no-node",
                "spec.isolation",
                demands.isolation().text() + "; " + Sentences.count(nodes.size(), "node") + " looked at; "
                        + Sentences.some(lacking, "; ") + " (" + facts.nodes().source() + ")",
                allowed(policy.runtimeClasses(demands.isolation())) + ", on at least one node that proves it",
                twoWays());
    }

    private String lacks(List<NodeFact> nodes, NodeCheck check) {
        if (nodes.isEmpty()) {
            return "there is no node";
        }
        List<String> lines = new ArrayList<>();
        for (NodeFact node : nodes) {
            List<String> lacks = check.lacks(node);
            if (!lacks.isEmpty()) {
                lines.add(node.id().name() + " " + String.join(" and ", lacks));
            }
        }
        return Sentences.some(lines, "; ");
    }

    private String allowed(List<String> named) {
        return "for " + demands.isolation().text() + ": " + Sentences.kinds(inCluster())
                + (named.isEmpty() ? "" : ", by RuntimeClass " + String.join(" or ", named));
    }

    private List<HandlerKind> inCluster() {
        return demands.kinds().stream()
                .filter(kind -> kind != HandlerKind.PROCESS)
                .toList();
    }

    private String twoWays() {
        return switch (demands.isolation()) {
            case TRUSTED -> "make a node fit for it, or name a RuntimeClass that has one";
            case WASM ->
                "give the nodes a wasm runtime with a RuntimeClass and declare its handler in the policy, or"
                        + " declare a class that containers can have";
            case HOSTILE ->
                "dedicate nodes with Kata Containers to it (label "
                        + policy.dedicatedNodes().label() + "="
                        + policy.dedicatedNodes().labelValue() + ", taint "
                        + policy.dedicatedNodes().taint()
                        + ", a RuntimeClass with their handler), or run it on a cluster that has such nodes";
            default ->
                "install " + Sentences.kinds(inCluster()) + " on nodes, with a RuntimeClass for it, or run it on"
                        + " a cluster that has it; only if you wrote and trust every byte of this agent, declare isolation:"
                        + " trusted";
        };
    }
}
