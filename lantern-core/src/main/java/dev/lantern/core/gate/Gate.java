package dev.lantern.core.gate;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a spec may run where these facts were seen. Pure; every reason for a no is listed.
 *
 * <p>There is one way to a yes: every demand of the class was looked for, seen, young enough and met.
 */
public final class Gate {
    private Gate() {}

    /**
     * The decision.
     *
     * @param now by the clock that the facts' times are of
     */
    public static Decision decide(AgentSpec spec, IsolationPolicy policy, Facts facts, Instant now) {
        Findings findings = new Findings();
        Optional<Demands> demands = Demands.of(spec.isolation(), policy);
        demands.ifPresentOrElse(
                found -> SpecChecks.check(spec, policy, found, facts, now, findings),
                () -> cannotBeRaised(spec, policy, findings));
        return findings.decision(demands.flatMap(found -> place(spec, policy, found, facts, now, findings)));
    }

    private static Optional<Placement> place(
            AgentSpec spec, IsolationPolicy policy, Demands demands, Facts facts, Instant now, Findings findings) {
        Freshness freshness = new Freshness(policy, now, findings);
        if (facts instanceof HostFacts host) {
            return new HostGate(demands, freshness, findings).place(spec, host);
        }
        return new ClusterGate(spec, policy, demands, freshness, findings).place((ClusterFacts) facts);
    }

    private static void cannotBeRaised(AgentSpec spec, IsolationPolicy policy, Findings findings) {
        String floor = policy.floor().orElseThrow().text();
        findings.violation(
                "class-below-policy",
                "spec.isolation",
                spec.isolation().text() + ", where the policy demands at least " + floor,
                "classes that can be raised to " + floor + ": trusted, standard, untrusted, hostile",
                "declare one of these, or ask the operator for a runtime whose policy admits "
                        + spec.isolation().text());
    }
}
