package dev.lantern.core.engine;

import dev.lantern.agent.wire.InsideReport;
import dev.lantern.core.gate.Attestation;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import java.time.Instant;
import java.util.Optional;

/** Judges what a harness found inside of its sandbox. Pure, and called in turns. */
@FunctionalInterface
public interface Attester {

    /**
     * The verdict.
     *
     * @param kind the boundary that the gate admitted
     * @param node where the instance was found to run; empty if that is not known
     * @param report what its harness sent; empty if it sent none
     * @param at when it came
     */
    Attestation.Verdict judge(HandlerKind kind, Optional<NodeId> node, Optional<InsideReport> report, Instant at);
}
