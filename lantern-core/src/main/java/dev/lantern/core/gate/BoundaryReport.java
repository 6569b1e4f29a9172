package dev.lantern.core.gate;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.spec.Isolation;
import java.util.ArrayList;
import java.util.List;

/** What a search for a boundary came to, as evidence or as a violation that a stranger can act on. */
final class BoundaryReport {
    private final IsolationPolicy policy;
    private final Demands demands;
    private final ClusterFacts facts;
    private final Findings findings;

    BoundaryReport(IsolationPolicy policy, Demands demands, ClusterFacts facts, Findings findings) {
        this.policy = policy;
        this.demands = demands;
        this.facts = facts;
        this.findings = findings;
    }

    void chosen(Boundary boundary, NodeCheck check, List<NodeFact> nodes) {
        Candidate candidate = boundary.candidate();
        candidate
                .runtimeClass()
                .ifPresent(found -> findings.evidence(
                        Checkpoint.FACTS,
                        candidate.text() + ", uid " + found.uid(),
                        facts.runtimeClasses().source(),
                        facts.runtimeClasses().at()));
        if (candidate.kind() == HandlerKind.RUNC && demands.isolation() == Isolation.STANDARD) {
            findings.evidence(
                    Checkpoint.FACTS,
                    "excused by policy: standard without gVisor, on the nodes' own kernel",
                    "isolation policy",
                    facts.nodes().at());
        }
        List<NodeFact> verified = boundary.nodes();
        List<String> names = verified.stream()
                .map(node -> node.id().name() + " (uid " + node.id().uid() + ", boot "
                        + node.id().bootId() + ")")
                .toList();
        aboutNodes(Sentences.count(verified.size(), "node") + " of " + nodes.size() + " verified: "
                + Sentences.some(names, ", "));
        if (verified.size() < nodes.size()) {
            aboutNodes("left out: " + lacks(check, nodes));
        }
    }

    private void aboutNodes(String found) {
        findings.evidence(
                Checkpoint.FACTS, found, facts.nodes().source(), facts.nodes().at());
    }

    void noClass(List<RuntimeClassFact> classes, List<NodeFact> nodes) {
        List<String> found = classes.stream().map(this::tooWeak).toList();
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
                allowed(),
                twoWays());
    }

    private String tooWeak(RuntimeClassFact found) {
        List<String> named = policy.runtimeClasses(demands.isolation());
        String stands =
                policy.kindOf(found.handler()).map(kind -> "is " + kind.text()).orElse("is unknown to the policy");
        boolean left = !named.isEmpty() && !named.contains(found.name());
        return "RuntimeClass " + found.name() + " with handler " + found.handler() + ", which " + stands
                + (left ? " and is not named by the policy for this class" : "");
    }

    void noNode(List<NodeCheck> checks, List<NodeFact> nodes) {
        List<String> lacking = checks.stream()
                .map(check -> check.candidate().text() + ": " + lacks(check, nodes))
                .toList();
        findings.violation(
                "no-node",
                "spec.isolation",
                demands.isolation().text() + "; " + Sentences.count(nodes.size(), "node") + " looked at; "
                        + Sentences.some(lacking, "; ") + " (" + facts.nodes().source() + ")",
                allowed() + ", on at least one node that proves it",
                twoWays());
    }

    private static String lacks(NodeCheck check, List<NodeFact> nodes) {
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

    private String allowed() {
        List<String> named = policy.runtimeClasses(demands.isolation());
        return "for " + demands.isolation().text() + ": " + Sentences.kinds(inCluster())
                + demands.keptText()
                + (named.isEmpty() ? "" : ", by RuntimeClass " + String.join(" or ", named));
    }

    private List<HandlerKind> inCluster() {
        return demands.kinds().stream()
                .filter(kind -> kind != HandlerKind.PROCESS)
                .toList();
    }

    private String twoWays() {
        IsolationPolicy.DedicatedNodes marks = policy.dedicatedNodes();
        return switch (demands.isolation()) {
            case TRUSTED -> "make a node fit for it, or name a RuntimeClass that has one";
            case WASM ->
                "give the nodes a wasm runtime with a RuntimeClass and declare its handler in the policy, or declare a class"
                        + " that containers can have";
            case HOSTILE ->
                "dedicate nodes with Kata Containers to it (label " + marks.label() + "=" + marks.labelValue()
                        + ", taint " + marks.taint()
                        + ", a RuntimeClass with their handler), or run it on a cluster that has such nodes";
            default ->
                "install " + Sentences.kinds(inCluster())
                        + " on nodes, with a RuntimeClass for it, or run it on a cluster"
                        + " that has it; only if you wrote and trust every byte of this agent, declare isolation: trusted";
        };
    }
}
