package dev.lantern.core.engine;

import dev.lantern.gate.Decision;
import dev.lantern.spec.AgentSpec;

/** Gathers the facts and asks the gate. Blocks; an exception means that nobody answered, and it is asked again. */
@FunctionalInterface
public interface GateKeeper {
    Decision decide(String tenant, AgentSpec spec);
}
