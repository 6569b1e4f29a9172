package dev.lantern.testkit.contract;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The contract's agents as shell scripts. */
final class LocalAgents {
    private LocalAgents() {}

    static InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour, String gateway) {
        AgentSpec spec = AgentSpec.builder("contract")
                .image("registry.example.com/agent@sha256:" + "a".repeat(64))
                .isolation(Isolation.TRUSTED)
                .env("INSTANCE", instance.toString())
                .command(command(behaviour))
                .build();
        return new InstanceStart(
                instance,
                spec,
                Placement.onHost(Isolation.TRUSTED, HandlerKind.PROCESS),
                "00".repeat(32),
                gateway,
                Optional.empty());
    }

    /** By the environment that its start gave it; Linux only, as are these tests. */
    static boolean runs(InstanceRef instance, Path directory) {
        String name = "INSTANCE=" + instance + "\0";
        return ProcessHandle.allProcesses()
                .map(process -> "/proc/" + process.pid() + "/")
                .filter(proc -> !read(proc + "stat").contains(") Z "))
                .map(proc -> read(proc + "environ"))
                .anyMatch(environment ->
                        environment.contains(name) && environment.contains("LANTERN_RESULT_FILE=" + directory));
    }

    private static List<String> command(InstanceBehaviour behaviour) {
        return switch (behaviour) {
            case EXITS_WITH_3 -> shell("exit 3");
            case WRITES_THREE_LINES -> shell("echo one; echo two; echo three");
            case RUNS_UNTIL_ASKED -> shell("echo up; exec sleep 300");
            case RUNS_UNTIL_KILLED -> shell("trap '' TERM; echo up; while :; do sleep 0.05; done");
            case CANNOT_START -> List.of("/no/such/agent");
        };
    }

    private static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
