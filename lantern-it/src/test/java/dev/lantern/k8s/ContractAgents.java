package dev.lantern.k8s;

import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.testkit.contract.InstanceBehaviour;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What agents of the substrate's contract do, as a shell says it. */
final class ContractAgents {
    private ContractAgents() {}

    static String script(InstanceBehaviour behaviour) {
        return switch (behaviour) {
            case EXITS_WITH_3 -> "exit 3";
            case WRITES_THREE_LINES -> "echo one; echo two; echo three";
            case RUNS_UNTIL_ASKED -> "trap 'exit 0' TERM; echo up; while :; do sleep 1 & wait $!; done";
            case RUNS_UNTIL_KILLED -> "trap '' TERM; echo up; while :; do sleep 1; done";
            case CANNOT_START -> throw new IllegalArgumentException("no script cannot start");
        };
    }

    static AgentSpec spec(Isolation isolation, String image, InstanceBehaviour behaviour) {
        return AgentSpec.builder("contract")
                .image(image)
                .isolation(isolation)
                .command(List.of("/bin/sh", "-c", script(behaviour)))
                .limits(limits -> limits.memory("64Mi").vcpu("50m"))
                .build();
    }

    static InstanceStart start(InstanceRef instance, AgentSpec spec, Placement placement) {
        return new InstanceStart(
                instance, spec, placement, "goes-nowhere", "https://192.0.2.9:1", Optional.<Duration>empty());
    }
}
