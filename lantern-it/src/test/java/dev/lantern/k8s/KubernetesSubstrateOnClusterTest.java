package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.gate.Gate;
import dev.lantern.gate.Decision;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.testkit.contract.InstanceBehaviour;
import dev.lantern.testkit.contract.SubstrateContract;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract on a real cluster, the one that {@code LANTERN_TEST_KUBECONFIG} names, in a namespace that is made for each
 * test and deleted after it. {@code LANTERN_TEST_SHELL_IMAGE} is an image with {@code /bin/sh}, and
 * {@code LANTERN_TEST_HELD_IMAGE} one whose entry point listens on port 7412, which lets the agent start at once, and ends
 * with 0 on SIGTERM; both by digest. {@code LANTERN_TEST_ISOLATION} is the class, {@code trusted} unless said.
 */
@Tag("long")
@EnabledIfEnvironmentVariable(
        named = TestNamespace.KUBECONFIG,
        matches = ".+",
        disabledReason = "skipped: the substrate's contract on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_SHELL_IMAGE",
        matches = ".+",
        disabledReason = "skipped: the substrate's contract on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_HELD_IMAGE",
        matches = ".+",
        disabledReason = "skipped: the substrate's contract on a real cluster")
class KubernetesSubstrateOnClusterTest extends SubstrateContract {
    private static final String GATEWAY = "https://192.0.2.9:7410";

    private final Isolation isolation = Isolation.parse(env("LANTERN_TEST_ISOLATION", "trusted"));
    private @Nullable TestNamespace namespace;
    private @Nullable FactFinder finder;

    private static String env(String name, String unless) {
        return System.getenv(name) == null ? unless : System.getenv(name);
    }

    @Override
    protected Substrate make() throws IOException {
        if (namespace == null) {
            namespace = TestNamespace.make(KubernetesSubstrateOnClusterTest::baseline);
            finder = new FactFinder(
                    new ApiServer(namespace.client()),
                    TenantNamespaces.single(namespace.name()),
                    name -> baseline(NamespaceBaseline.in(name)),
                    InstantSource.system());
        }
        return KubernetesSubstrate.builder()
                .kubeconfig(TestNamespace.kubeconfig())
                .namespace(namespace.name())
                .gateway(GATEWAY)
                .forbidden("192.0.2.1:443")
                .harness(System.getenv("LANTERN_TEST_HELD_IMAGE"))
                .grace(Duration.ofSeconds(1))
                .build();
    }

    private static NamespaceBaseline baseline(NamespaceBaseline empty) {
        return empty.gatewayAt("192.0.2.9/32", 7410);
    }

    @AfterEach
    void deleteNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Override
    protected InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour) {
        AgentSpec spec = ContractAgents.spec(isolation, System.getenv("LANTERN_TEST_SHELL_IMAGE"), behaviour);
        Decision decision = Gate.decide(
                spec,
                IsolationPolicy.safeDefaults(),
                Objects.requireNonNull(finder).facts(instance.run().tenant(), Duration.ofMinutes(1)),
                InstantSource.system().instant());
        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        return ContractAgents.start(instance, spec, ((Decision.Admitted) decision).placement());
    }

    /** One for each test: what a former one left is still being deleted. */
    @Override
    protected String installation() {
        return Objects.requireNonNull(namespace).name();
    }

    /** The harness outlives its agent for a moment; what is asked is whether the agent runs, or may yet. */
    @Override
    protected boolean runs(InstanceRef instance) {
        String job = new InstanceKey(installation(), instance).jobName();
        return namespace != null
                && namespace.pods().stream()
                        .anyMatch(pod -> ExpectedJob.text(pod, "metadata", "name")
                                        .orElse("")
                                        .startsWith(job + "-")
                                && !LoggedPod.of(pod).ended());
    }

    @Override
    protected String standardOutput() {
        return "log";
    }

    @Override
    protected Duration patience() {
        return Duration.ofMinutes(3);
    }

    @Override
    @Test
    @Disabled("a cluster does not tell a program that is not in its image from one that could not be run just now")
    protected void start_that_can_never_succeed_is_told_so() {}
}
