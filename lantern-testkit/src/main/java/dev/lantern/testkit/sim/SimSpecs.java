package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.core.event.SpecForms;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SpecReader;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Specs and their canonical form, each read once in a world. */
final class SimSpecs implements SpecForms {
    private final SpecReader reader = SpecReader.installed();
    private final Map<String, AgentSpec> specs = new LinkedHashMap<>();
    private final Map<String, Json.Obj> forms = new LinkedHashMap<>();

    @Override
    public Json.Obj canonical(AgentSpec spec) {
        return forms.computeIfAbsent(spec.canonicalJson(), SimSpecs::parse);
    }

    @Override
    public AgentSpec spec(Json.Obj canonical) {
        return specs.computeIfAbsent(canonical.toString(), text -> reader.parse("journaled spec", canonical.bytes()));
    }

    private static Json.Obj parse(String canonical) {
        byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
        if (StrictJson.parseCanonical(bytes, StrictJson.Bounds.ofBytes(AgentSpec.MAX_BYTES)) instanceof Json.Obj json) {
            return json;
        }
        throw new LanternException("the canonical form of a spec is no object");
    }
}
