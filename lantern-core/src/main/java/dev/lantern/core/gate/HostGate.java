package dev.lantern.core.gate;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.util.Optional;
import java.util.stream.Collectors;

/** The gate of substrates that run agents on this very machine. */
final class HostGate {
    private final Demands demands;
    private final Freshness freshness;
    private final Findings findings;

    HostGate(Demands demands, Freshness freshness, Findings findings) {
        this.demands = demands;
        this.freshness = freshness;
        this.findings = findings;
    }

    Optional<Placement> place(AgentSpec spec, HostFacts facts) {
        freshness.isRecent("the boundaries of this machine", facts.source(), facts.observedAt());
        Optional<HostFacts.Handler> handler = strongEnough(facts);
        handler.ifPresentOrElse(found -> evidence(spec, facts, found), () -> noBoundary(facts));
        if (!facts.gaps().isEmpty() && demands.isolation() != Isolation.TRUSTED) {
            findings.violation(
                    "cannot-tell",
                    "spec.isolation",
                    "facts from " + facts.source() + " with gaps: " + String.join("; ", facts.gaps()),
                    "complete facts",
                    "close the gaps; what cannot be told is refused");
        }
        return handler.map(found -> Placement.onHost(demands.isolation(), found.kind()));
    }

    private Optional<HostFacts.Handler> strongEnough(HostFacts facts) {
        return facts.handlers().stream()
                .filter(handler -> demands.kinds().contains(handler.kind()))
                .findFirst();
    }

    private void noBoundary(HostFacts facts) {
        String offered = facts.handlers().isEmpty()
                ? "no boundary at all"
                : facts.handlers().stream()
                        .map(handler -> handler.kind().text() + " (" + handler.evidence() + ")")
                        .collect(Collectors.joining(", "));
        findings.violation(
                "boundary-missing",
                "spec.isolation",
                demands.isolation().text() + "; " + facts.source() + " offer " + offered,
                "for " + demands.isolation().text() + ": " + Sentences.kinds(demands.kinds()) + demands.keptText(),
                "run it where such a boundary is proven, or, if you wrote and trust every byte of this agent, declare"
                        + " isolation: trusted");
    }

    private void evidence(AgentSpec spec, HostFacts facts, HostFacts.Handler handler) {
        findings.evidence(Checkpoint.FACTS, handler.evidence(), facts.source(), facts.observedAt());
        if (handler.kind() == HandlerKind.PROCESS) {
            findings.evidence(
                    Checkpoint.FACTS,
                    "network " + spec.network().text()
                            + ", egress rules and resource limits are not enforced on a plain process",
                    facts.source(),
                    facts.observedAt());
        }
    }
}
