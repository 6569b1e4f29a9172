package dev.lantern.core.local;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Optional;

/** Starts of agents that are shell scripts of a line. */
final class Agents {
    static final String SECRET = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private Agents() {}

    static InstanceRef ref(String run, int epoch) {
        return new InstanceRef(new RunRef("acme", run), epoch);
    }

    static AgentSpec.Builder spec() {
        return AgentSpec.builder("agent")
                .image("registry.example.com/agent@sha256:" + "a".repeat(64))
                .isolation(Isolation.TRUSTED);
    }

    static InstanceStart shell(InstanceRef instance, String script) {
        return start(instance, spec().command(List.of("/bin/sh", "-c", script)).build());
    }

    static InstanceStart start(InstanceRef instance, AgentSpec spec) {
        return start(instance, spec, "in-process");
    }

    static InstanceStart start(InstanceRef instance, AgentSpec spec, String gateway) {
        return new InstanceStart(
                instance,
                spec,
                Placement.onHost(Isolation.TRUSTED, HandlerKind.PROCESS),
                SECRET,
                gateway,
                Optional.empty());
    }
}
