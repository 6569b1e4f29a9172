package dev.lantern.benchmarks;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.util.List;

/** The specs that are measured with. */
final class Specs {
    private Specs() {}

    static AgentSpec scripted() {
        return AgentSpec.builder("bench")
                .image("lantern/bench@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("scripted"))
                .build();
    }
}
