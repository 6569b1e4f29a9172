package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.FenceFact;
import dev.lantern.gate.NodeFact;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The facts of a real cluster, the one that {@code LANTERN_TEST_KUBECONFIG} names, in a namespace that is made for the
 * test and deleted after it. Nothing that belongs to the whole cluster is changed.
 */
@EnabledIfEnvironmentVariable(
        named = TestNamespace.KUBECONFIG,
        matches = ".+",
        disabledReason = "skipped: the facts of a real cluster")
class FactsOnClusterTest {
    private @Nullable TestNamespace namespace;

    @BeforeEach
    void prepareNamespace() throws IOException {
        namespace = TestNamespace.make(empty -> gateway(empty).tenant("acme"));
    }

    @AfterEach
    void deleteNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static NamespaceBaseline gateway(NamespaceBaseline empty) {
        return empty.gatewayAt("192.0.2.9/32", 7410);
    }

    @Test
    void facts_are_complete_and_its_namespace_is_as_it_was_prepared() {
        TestNamespace place = Objects.requireNonNull(namespace);
        FactFinder finder = new FactFinder(
                new ApiServer(place.client()),
                TenantNamespaces.single(place.name()),
                name -> gateway(NamespaceBaseline.in(name)),
                InstantSource.system());
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
        System.out.println(preflight(finder));
        seen(facts.admission())
                .baseline()
                .forEach(part -> System.out.println("not changed by this test, only looked at: " + part));

        GatedCluster.call(
                place.client(),
                "POST",
                "/apis/networking.k8s.io/v1/namespaces/" + place.name() + "/networkpolicies",
                """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "wide"},
                 "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}
                """);

        FenceFact widened = seen(finder.facts("acme", Duration.ofMinutes(1)).fence());
        assertThat(widened.widening())
                .containsExactly("NetworkPolicy wide could select agents' pods and allows egress");
    }

    private static String preflight(FactFinder finder) {
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(new InMemoryJournal(InstantSource.system(), "preflight"))
                .substrate(new ClusterOfFacts(finder))
                .start()) {
            return runtime.preflight("acme").toString();
        }
    }

    private static <T> T seen(Fact<T> fact) {
        assertThat(fact).isInstanceOf(Fact.Seen.class);
        return ((Fact.Seen<T>) fact).value();
    }
}
