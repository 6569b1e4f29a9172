package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.FenceFact;
import dev.lantern.gate.NodeFact;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The facts of a real cluster, the one that {@code LANTERN_TEST_KUBECONFIG} names, in a namespace that is made for the
 * test and deleted after it. Nothing that belongs to the whole cluster is changed.
 */
class FactsOnClusterTest {
    private static final String KUBECONFIG = "LANTERN_TEST_KUBECONFIG";

    private final String namespace =
            "lantern-test-" + UUID.randomUUID().toString().substring(0, 8);
    private ApiClient client;
    private FactFinder finder;

    @BeforeEach
    void prepareNamespace() throws IOException {
        String file = System.getenv(KUBECONFIG);
        assumeTrue(file != null, KUBECONFIG + " is not set; skipped: the facts of a real cluster");
        client = GatedCluster.client(Files.readString(Path.of(file)));
        finder = new FactFinder(
                new ApiServer(client),
                TenantNamespaces.single(namespace),
                GatedCluster::baseline,
                InstantSource.system());
        for (Manifest manifest : GatedCluster.baseline(namespace).tenant("acme").manifests()) {
            GatedCluster.call(
                    client, "POST", collection(manifest), manifest.object().toString());
        }
    }

    @AfterEach
    void deleteNamespace() {
        if (client != null) {
            GatedCluster.call(client, "DELETE", "/api/v1/namespaces/" + namespace, "");
        }
    }

    @Test
    void facts_are_complete_and_its_namespace_is_as_it_was_prepared() {
        ClusterFacts facts = finder.facts("acme", Duration.ofMinutes(1));

        assertThat(seen(facts.apiServer()).version()).startsWith("v1.");
        assertThat(seen(facts.nodes()))
                .extracting(NodeFact::id)
                .allSatisfy(id -> assertThat(id.uid()).isNotEmpty());
        assertThat(seen(facts.runtimeClasses()))
                .allSatisfy(found -> assertThat(found.handler()).isNotEmpty());
        assertThat(seen(facts.namespace()).baseline()).hasSize(4).allMatch(BaselinePart::holds);
        assertThat(seen(facts.fence()).baseline()).hasSize(2).allMatch(BaselinePart::holds);
        assertThat(seen(facts.fence()).widening()).isEmpty();
        System.out.println(preflight());
        seen(facts.admission())
                .baseline()
                .forEach(part -> System.out.println("not changed by this test, only looked at: " + part));

        GatedCluster.call(
                client, "POST", "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies", """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "wide"},
                 "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}
                """);

        FenceFact widened = seen(finder.facts("acme", Duration.ofMinutes(1)).fence());
        assertThat(widened.widening())
                .containsExactly("NetworkPolicy wide could select agents' pods and allows egress");
    }

    private String preflight() {
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(new InMemoryJournal(InstantSource.system(), "preflight"))
                .substrate(new ClusterOfFacts(finder))
                .start()) {
            return runtime.preflight("acme").toString();
        }
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

    private static <T> T seen(Fact<T> fact) {
        assertThat(fact).isInstanceOf(Fact.Seen.class);
        return ((Fact.Seen<T>) fact).value();
    }
}
