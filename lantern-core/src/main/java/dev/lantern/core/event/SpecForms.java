package dev.lantern.core.event;

import dev.lantern.spec.AgentSpec;
import dev.lantern.value.internal.Json;

/** A spec and its canonical form, either from the other. Thousands of runs share few specs, so answers are shared. */
public interface SpecForms {

    Json.Obj canonical(AgentSpec spec);

    AgentSpec spec(Json.Obj canonical);
}
