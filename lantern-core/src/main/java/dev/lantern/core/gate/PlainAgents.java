package dev.lantern.core.gate;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.util.List;

/** The plainest agent of each class: asks for nothing that a place could lack but the class itself. */
public final class PlainAgents {
    private static final String NO_IMAGE = "preflight.invalid/agent@sha256:" + "0".repeat(64);

    private PlainAgents() {}

    public static AgentSpec of(Isolation isolation) {
        return AgentSpec.builder("preflight")
                .image(NO_IMAGE)
                .isolation(isolation)
                .command(List.of("true"))
                .build();
    }
}
