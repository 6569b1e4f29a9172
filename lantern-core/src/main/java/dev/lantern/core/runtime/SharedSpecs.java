package dev.lantern.core.runtime;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.core.event.SpecForms;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SpecReader;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the specs of late, so that ten thousand runs of one spec hold one object. Thread-safe. */
final class SharedSpecs implements SpecForms {
    private static final int KEPT = 256;

    private final SpecReader reader;
    private final Map<Digest, Forms> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Forms> eldest) {
            return size() > KEPT;
        }
    };

    SharedSpecs(SpecReader reader) {
        this.reader = reader;
    }

    @Override
    public synchronized Json.Obj canonical(AgentSpec spec) {
        return kept.computeIfAbsent(spec.digest(), digest -> new Forms(spec, parse(spec.canonicalJson())))
                .json();
    }

    @Override
    public synchronized AgentSpec spec(Json.Obj canonical) {
        byte[] bytes = canonical.bytes();
        return kept.computeIfAbsent(
                        Digest.sha256(bytes), digest -> new Forms(reader.parse("journaled spec", bytes), canonical))
                .spec();
    }

    private static Json.Obj parse(String canonical) {
        byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
        if (StrictJson.parseCanonical(bytes, StrictJson.Bounds.ofBytes(2 * AgentSpec.MAX_BYTES))
                instanceof Json.Obj json) {
            return json;
        }
        throw new LanternException("the canonical form of a spec is no object");
    }

    private record Forms(AgentSpec spec, Json.Obj json) {}
}
