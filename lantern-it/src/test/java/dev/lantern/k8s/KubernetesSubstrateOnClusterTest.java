package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract on a real cluster, the one that {@code LANTERN_TEST_KUBECONFIG} names, in a namespace that is made for each
 * test and deleted after it. {@code LANTERN_TEST_SHELL_IMAGE} is an image with {@code /bin/sh}, and
 * {@code LANTERN_TEST_HELD_IMAGE} one whose entry point listens on port 7412, which lets the agent start at once; both by
 * digest. {@code LANTERN_TEST_ISOLATION} is the class, {@code trusted} unless said.
 */
@Tag("long")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_KUBECONFIG",
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
    private static final String KUBECONFIG = "LANTERN_TEST_KUBECONFIG";
    private static final String GATEWAY = "http://192.0.2.9:7410";

    private final String namespace =
            "lantern-test-" + UUID.randomUUID().toString().substring(0, 8);
    private final Isolation isolation = Isolation.parse(env("LANTERN_TEST_ISOLATION", "trusted"));
    private ApiClient client;
    private FactFinder finder;
    private boolean prepared;

    private static String env(String name, String unless) {
        return System.getenv(name) == null ? unless : System.getenv(name);
    }

    @Override
    protected Substrate make() throws IOException {
        String file = System.getenv(KUBECONFIG);
        if (!prepared) {
            prepared = true;
            prepare(file);
        }
        return KubernetesSubstrate.builder()
                .kubeconfig(Path.of(file))
                .namespace(namespace)
                .gateway(GATEWAY)
                .harness(System.getenv("LANTERN_TEST_HELD_IMAGE"))
                .grace(Duration.ofSeconds(1))
                .build();
    }

    private void prepare(String file) throws IOException {
        client = GatedCluster.client(Files.readString(Path.of(file)));
        finder = new FactFinder(
                new ApiServer(client),
                TenantNamespaces.single(namespace),
                KubernetesSubstrateOnClusterTest::baseline,
                InstantSource.system());
        for (Manifest manifest : baseline(namespace).manifests()) {
            GatedCluster.call(
                    client, "POST", collection(manifest), manifest.object().toString());
        }
    }

    private static NamespaceBaseline baseline(String name) {
        return NamespaceBaseline.in(name).gatewayAt("192.0.2.9/32", 7410);
    }

    private String collection(Manifest manifest) {
        return switch (manifest.kind()) {
            case "Namespace" -> "/api/v1/namespaces";
            case "ServiceAccount" -> "/api/v1/namespaces/" + namespace + "/serviceaccounts";
            case "ResourceQuota" -> "/api/v1/namespaces/" + namespace + "/resourcequotas";
            case "NetworkPolicy" -> "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies";
            default -> throw new AssertionError("the baseline of a namespace has a " + manifest.kind());
        };
    }

    @AfterEach
    void deleteNamespace() {
        if (prepared) {
            GatedCluster.call(client, "DELETE", "/api/v1/namespaces/" + namespace, "");
        }
    }

    @Override
    protected InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour) {
        AgentSpec spec = ContractAgents.spec(isolation, System.getenv("LANTERN_TEST_SHELL_IMAGE"), behaviour);
        Decision decision = Gate.decide(
                spec,
                IsolationPolicy.safeDefaults(),
                finder.facts(instance.run().tenant(), Duration.ofMinutes(1)),
                InstantSource.system().instant());
        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        return ContractAgents.start(instance, spec, ((Decision.Admitted) decision).placement());
    }

    /** One for each test: what a former one left is still being deleted. */
    @Override
    protected String installation() {
        return namespace;
    }

    /** The harness outlives its agent for a moment; what is asked is whether the agent runs, or may yet. */
    @Override
    protected boolean runs(InstanceRef instance) {
        String job = new InstanceKey(installation(), instance).jobName();
        for (JsonElement pod : pods()) {
            JsonObject found = pod.getAsJsonObject();
            if (ExpectedJob.text(found, "metadata", "name").orElse("").startsWith(job + "-")
                    && !LoggedPod.of(found).ended()) {
                return true;
            }
        }
        return false;
    }

    private Iterable<JsonElement> pods() {
        if (!prepared) {
            return java.util.List.of();
        }
        return JsonParser.parseString(GatedCluster.read(client, "/api/v1/namespaces/" + namespace + "/pods"))
                .getAsJsonObject()
                .getAsJsonArray("items");
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
