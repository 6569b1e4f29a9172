package dev.lantern.k8s;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.testkit.contract.InstanceBehaviour;
import dev.lantern.testkit.contract.SubstrateContract;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.PodScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a fake cluster, whose kubelets do what the agents' commands say, and whose time runs faster. */
class KubernetesSubstrateContractTest extends SubstrateContract {
    private static final Duration BEAT = Duration.ofMillis(10);
    private static final int FASTER = 10;

    private final GatedCluster cluster = new GatedCluster().filled();
    private final ScheduledThreadPoolExecutor time = new ScheduledThreadPoolExecutor(1);

    @TempDir
    private Path directory;

    @Override
    protected Substrate make() throws IOException {
        cluster.kubernetes.script(KubernetesSubstrateContractTest::script);
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), cluster.kubernetes.kubeconfig());
        if (time.getQueue().isEmpty()) {
            time.scheduleAtFixedRate(
                    () -> cluster.kubernetes.advance(BEAT.multipliedBy(FASTER)),
                    BEAT.toMillis(),
                    BEAT.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        return KubernetesSubstrate.builder()
                .kubeconfig(kubeconfig)
                .namespacePrefix("lantern-")
                .gateway("https://10.20.0.7:7410")
                .forbidden("10.96.0.1:443")
                .baseline(namespace -> GatedCluster.baseline(namespace.namespace()))
                .harness("registry.example/harness@sha256:" + "b".repeat(64))
                .grace(Duration.ofSeconds(4))
                .build();
    }

    @AfterEach
    void endOfTime() {
        time.shutdownNow();
        cluster.close();
    }

    private static PodScript script(ObjectNode pod) {
        String command = pod.path("spec")
                .path("containers")
                .path(0)
                .path("command")
                .path(2)
                .asText()
                .replace("$$", "$");
        PodScript up = PodScript.starts().then(started -> started.passStartupProbe(PodSpec.HARNESS));
        for (InstanceBehaviour behaviour : InstanceBehaviour.values()) {
            if (behaviour != InstanceBehaviour.CANNOT_START
                    && ContractAgents.script(behaviour).equals(command)) {
                return up.then(started -> behave(started, behaviour));
            }
        }
        throw new AssertionError("an agent of another command: " + command);
    }

    private static void behave(FakePod pod, InstanceBehaviour behaviour) {
        switch (behaviour) {
            case EXITS_WITH_3 -> pod.exit(PodSpec.AGENT, 3);
            case WRITES_THREE_LINES -> {
                pod.log(PodSpec.AGENT, "one");
                pod.log(PodSpec.AGENT, "two");
                pod.log(PodSpec.AGENT, "three");
                pod.exit(PodSpec.AGENT, 0);
            }
            case RUNS_UNTIL_ASKED -> pod.log(PodSpec.AGENT, "up");
            case RUNS_UNTIL_KILLED -> {
                pod.ignoreTermination();
                pod.log(PodSpec.AGENT, "up");
            }
            case CANNOT_START -> throw new AssertionError("it has no pod");
        }
    }

    @Override
    protected InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour) {
        return ContractAgents.start(
                instance,
                ContractAgents.spec(Isolation.UNTRUSTED, "registry.example/agent@sha256:" + "a".repeat(64), behaviour),
                new Placement(
                        Isolation.UNTRUSTED,
                        HandlerKind.GVISOR,
                        java.util.Optional.of(cluster.place(Isolation.UNTRUSTED))));
    }

    @Override
    protected boolean runs(InstanceRef instance) {
        String job = new InstanceKey(installation(), instance).jobName();
        return cluster.kubernetes.pods(GatedCluster.NAMESPACE).stream()
                .anyMatch(pod -> pod.name().startsWith(job + "-") && pod.phase().equals("Running"));
    }

    @Override
    protected String standardOutput() {
        return "log";
    }

    @Override
    @Test
    @Disabled("a cluster does not tell a program that is not in its image from one that could not be run just now")
    protected void start_that_can_never_succeed_is_told_so() {}
}
