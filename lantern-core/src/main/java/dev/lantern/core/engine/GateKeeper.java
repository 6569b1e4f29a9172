package dev.lantern.core.engine;

import dev.lantern.core.gate.Earlier;
import dev.lantern.core.gate.Ruling;
import dev.lantern.spec.AgentSpec;

/** Gathers the facts and asks the gate. Blocks; an exception means that nobody answered, and it is asked again. */
@FunctionalInterface
public interface GateKeeper {

    /**
     * Decides on one instance.
     *
     * @param earlier what the run's earlier instances had, and where they were lost
     */
    Ruling decide(String tenant, AgentSpec spec, Earlier earlier);
}
