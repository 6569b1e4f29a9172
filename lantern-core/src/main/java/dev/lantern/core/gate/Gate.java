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
     * The decision on a first instance.
     *
     * @param now by the clock that the facts' times are of
     */
    public static Decision decide(AgentSpec spec, IsolationPolicy policy, Facts facts, Instant now) {
        return rule(spec, policy, facts, Earlier.NONE, SecretGrants.NONE, now).decision();
    }

    /**
     * The decision on a run's next instance: each one has a decision of its own.
     *
     * @param earlier what its earlier instances had, which the policy may have come to demand less than
     * @param grants whose run it is, and which secrets it may be given
     * @param now by the clock that the facts' times are of
     */
    public static Ruling rule(
            AgentSpec spec, IsolationPolicy policy, Facts facts, Earlier earlier, SecretGrants grants, Instant now) {
        Findings findings = new Findings();
        Freshness freshness = new Freshness(policy, now, findings);
        Optional<Demands> demands = demands(spec, policy, earlier, findings);
        demands.ifPresent(found -> SpecChecks.check(spec, policy, found, grants, facts, now, findings));
        Optional<Placement> place = demands.flatMap(found -> facts instanceof HostFacts host
                ? new HostGate(found, freshness, findings).place(spec, host)
                : new ClusterGate(spec, policy, found, earlier, freshness, findings).place((ClusterFacts) facts));
        return new Ruling(findings.decision(place), freshness.goodUntil());
    }

    private static Optional<Demands> demands(
            AgentSpec spec, IsolationPolicy policy, Earlier earlier, Findings findings) {
        Optional<Demands> demands = Demands.of(spec.isolation(), policy);
        if (demands.isEmpty()) {
            cannotBeRaised(spec, policy, findings);
            return Optional.empty();
        }
        if (earlier.strength().isEmpty()) {
            return demands;
        }
        Strength strength = earlier.strength().get();
        Optional<Demands> kept = demands.get().noWeakerThan(strength, policy);
        if (kept.isEmpty()) {
            cannotBeCompared(spec, strength, findings);
        }
        return kept;
    }

    /** Only a chain that contradicts its own spec says so. */
    private static void cannotBeCompared(AgentSpec spec, Strength strength, Findings findings) {
        findings.violation(
                "class-changed",
                "spec.isolation",
                spec.isolation().text() + ", where an earlier instance of this run had " + strength.text(),
                "the class of the earlier instances, or a stronger one",
                "run it again under another run id");
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
