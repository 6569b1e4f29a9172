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

    /** An agent that is not asked for anything. */
    static AgentSpec waiting(String image) {
        return AgentSpec.builder("bench")
                .image(image)
                .isolation(Isolation.TRUSTED)
                .command(List.of("sleep", "600"))
                .limits(limits -> limits.memory("32Mi").vcpu("10m"))
                .build();
    }

    /** Of an image that nobody pulls. */
    static String digest(String digit) {
        return "registry.example/bench@sha256:" + digit.repeat(64);
    }
}
