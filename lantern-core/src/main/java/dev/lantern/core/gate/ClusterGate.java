package dev.lantern.core.gate;

import dev.lantern.gate.ApiServerFact;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NamespaceFact;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.spec.AgentSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The gate of clusters, checkpoint two: clock, namespace, fence, RuntimeClasses and nodes, in this order. */
final class ClusterGate {
    private final AgentSpec spec;
    private final IsolationPolicy policy;
    private final Demands demands;
    private final SuspectNodes suspects;
    private final Freshness freshness;
    private final Findings findings;

    ClusterGate(
            AgentSpec spec,
            IsolationPolicy policy,
            Demands demands,
            Earlier earlier,
            Freshness freshness,
            Findings findings) {
        this.spec = spec;
        this.policy = policy;
        this.demands = demands;
        this.suspects = new SuspectNodes(earlier.suspects(), findings);
        this.freshness = freshness;
        this.findings = findings;
    }

    Optional<Placement> place(ClusterFacts facts) {
        clock(facts.apiServer());
        Optional<NamespaceFact> namespace = namespace(facts);
        new FenceCheck(demands, freshness, findings).check(facts);
        Optional<List<RuntimeClassFact>> classes = freshness.of("the RuntimeClasses", facts.runtimeClasses());
        Optional<List<NodeFact>> nodes = freshness.of("the nodes", facts.nodes());
        if (classes.isEmpty() || nodes.isEmpty()) {
            return Optional.empty();
        }
        BoundaryReport report = new BoundaryReport(policy, demands, facts, findings);
        Optional<Boundary> boundary =
                new BoundarySearch(spec, policy, demands, report).among(classes.get(), nodes.get());
        return namespace.flatMap(found -> boundary.map(chosen -> placement(found, chosen, facts.nodes())));
    }

    private Placement placement(NamespaceFact namespace, Boundary boundary, Fact<List<NodeFact>> nodes) {
        return new Placement(
                demands.isolation(),
                boundary.candidate().kind(),
                Optional.of(new Placement.InCluster(
                        new Placement.NamespaceId(namespace.name(), namespace.uid()),
                        boundary.candidate().runtimeClass(),
                        suspects.avoidedAmong(boundary.nodes(), nodes).stream()
                                .map(NodeFact::id)
                                .toList(),
                        demands.dedicated())));
    }

    private void clock(Fact<ApiServerFact> fact) {
        freshness.of("the API server", fact).ifPresent(server -> {
            Duration skew = Duration.between(fact.at(), server.date()).abs();
            // The date has whole seconds, and was written after the question was put.
            if (skew.compareTo(policy.maxClockSkew()) > 0) {
                findings.violation(
                        "clocks-disagree",
                        "spec.isolation",
                        "the API server says " + server.date() + " where this host says " + fact.at(),
                        "clocks at most " + policy.maxClockSkew().toSeconds() + " s apart",
                        "set both clocks by the same time service: certificates, tokens and the age of facts depend on"
                                + " it");
            } else {
                findings.evidence(
                        Checkpoint.FACTS,
                        "API server " + server.version() + ", clocks at most " + (skew.toSeconds() + 1) + " s apart",
                        fact.source(),
                        fact.at());
            }
        });
    }

    private Optional<NamespaceFact> namespace(ClusterFacts facts) {
        Optional<NamespaceFact> namespace =
                freshness.of("the namespace of tenant " + facts.tenant(), facts.namespace());
        namespace.ifPresent(found -> Baseline.ofNamespace("namespace-unfit", findings)
                .check("namespace " + found.name(), found.baseline(), facts.namespace()));
        return namespace;
    }
}
