package dev.lantern.core.runtime;

import dev.lantern.agent.wire.InsideReport;
import dev.lantern.core.engine.Attester;
import dev.lantern.core.engine.GateKeeper;
import dev.lantern.core.gate.Attestation;
import dev.lantern.core.gate.Earlier;
import dev.lantern.core.gate.Gate;
import dev.lantern.core.gate.PlainAgents;
import dev.lantern.core.gate.Ruling;
import dev.lantern.core.gate.SecretGrants;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Preflight;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.Substrate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the substrate for its facts and the gate for its decision, which blocks, and judges what harnesses report.
 *
 * @param secrets which secrets are given to whom; empty where there is no store
 */
record Gatekeeping(
        Substrate substrate,
        IsolationPolicy policy,
        Optional<SecretPolicy> secrets,
        InstantSource clock,
        Duration within)
        implements GateKeeper, Attester {

    @Override
    public Attestation.Verdict judge(
            HandlerKind kind, Optional<NodeId> node, Optional<InsideReport> report, Instant at) {
        return Attestation.judge(kind, node, report, policy, at);
    }

    @Override
    public Ruling decide(String tenant, AgentSpec spec, Earlier earlier) {
        Facts facts = substrate.facts(tenant, within);
        return Gate.rule(spec, policy, facts, earlier, new SecretGrants(tenant, secrets), clock.instant());
    }

    /** What the gate would say to a first instance now. */
    Decision preview(String tenant, AgentSpec spec) {
        return decide(tenant, spec, Earlier.NONE).decision();
    }

    /** One look at the facts, and the decision on the plainest agent of each class. */
    Preflight preflight(String tenant) {
        Facts facts = substrate.facts(tenant, within);
        Instant now = clock.instant();
        Map<Isolation, Decision> decisions = new EnumMap<>(Isolation.class);
        for (Isolation isolation : Isolation.values()) {
            decisions.put(isolation, Gate.decide(PlainAgents.of(isolation), policy, facts, now));
        }
        return new Preflight(facts.source(), now, decisions);
    }
}
