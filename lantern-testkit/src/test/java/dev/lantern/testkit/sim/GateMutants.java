package dev.lantern.testkit.sim;

import dev.lantern.core.engine.Attester;
import dev.lantern.core.engine.GateKeeper;
import dev.lantern.core.gate.Attestation;
import dev.lantern.core.gate.Earlier;
import dev.lantern.core.gate.Ruling;
import dev.lantern.gate.Decision;
import dev.lantern.substrate.InstanceEnd;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Hosts that take the gate's word for longer, or for more, than it was meant. */
final class GateMutants {
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private GateMutants() {}

    /** A host that starts every instance of a run on the decision that was made for the first. */
    static Seams decisionReused() {
        Map<String, Ruling> known = new LinkedHashMap<>();
        return gate(inner -> (tenant, spec, earlier) -> {
            Ruling ruling = known.containsKey(spec.name())
                    ? known.get(spec.name())
                    : lasting(inner.decide(tenant, spec, earlier));
            if (ruling.decision() instanceof Decision.Admitted) {
                known.put(spec.name(), ruling);
            }
            return ruling;
        });
    }

    /** A host for which facts never grow old on the way to a start. */
    static Seams factsKept() {
        return gate(inner -> (tenant, spec, earlier) -> lasting(inner.decide(tenant, spec, earlier)));
    }

    /** A host that forgets which nodes lost instances. */
    static Seams suspectsForgotten() {
        return gate(inner ->
                (tenant, spec, earlier) -> inner.decide(tenant, spec, new Earlier(earlier.strength(), List.of())));
    }

    /** A host that asks for what the policy demands now, whatever the run had before. */
    static Seams strengthForgotten() {
        return gate(inner -> (tenant, spec, earlier) ->
                inner.decide(tenant, spec, new Earlier(Optional.empty(), earlier.suspects())));
    }

    /** A host that takes a broken boundary for a lost instance. */
    static Seams violationIgnored() {
        return new Seams() {
            @Override
            InstanceEnd end(InstanceEnd end) {
                return end instanceof InstanceEnd.Violated ? new InstanceEnd.Lost(end.describe()) : end;
            }
        };
    }

    /** A host that takes whatever is reported for what was admitted. */
    static Seams reportsBelieved() {
        return new Seams() {
            @Override
            Attester attester(Attester attester) {
                return (kind, node, report, at) -> new Attestation.Verdict.Attested(List.of());
            }
        };
    }

    private static Ruling lasting(Ruling ruling) {
        return new Ruling(ruling.decision(), ruling.goodUntil().plus(FOR_EVER));
    }

    private static Seams gate(UnaryOperator<GateKeeper> mutation) {
        return new Seams() {
            @Override
            GateKeeper gate(GateKeeper gate) {
                return mutation.apply(gate);
            }
        };
    }
}
