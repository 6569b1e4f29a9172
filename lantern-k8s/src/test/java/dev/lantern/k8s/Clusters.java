package dev.lantern.k8s;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finders of facts for tests. */
final class Clusters {
    /** Generous: no test waits for it to pass. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private Clusters() {}

    static FactFinder finder(FakeKubernetes kubernetes) {
        return finder(kubernetes, TenantNamespaces.prefixed("lantern-"));
    }

    static FactFinder finder(FakeKubernetes kubernetes, TenantNamespaces namespaces) {
        return finder(kubernetes, namespaces, kubernetes.token());
    }

    /** As whoever has that token. */
    static FactFinder finder(FakeKubernetes kubernetes, String token) {
        return finder(kubernetes, TenantNamespaces.prefixed("lantern-"), token);
    }

    private static FactFinder finder(FakeKubernetes kubernetes, TenantNamespaces namespaces, String token) {
        return new FactFinder(
                new ApiServer(client(kubernetes.kubeconfig(token))),
                namespaces,
                Clusters::baseline,
                kubernetes.clock());
    }

    static ClusterFacts facts(FakeKubernetes kubernetes) {
        return finder(kubernetes).facts("acme", PATIENCE);
    }

    static NamespaceBaseline baseline(String namespace) {
        return NamespaceBaseline.in(namespace)
                .gatewayPods(
                        "lantern-system", Collections.singletonMap("app.kubernetes.io/name", "lantern-gateway"), 7410);
    }

    /** Everything that was shipped stands, for tenant acme. */
    static void applyBaseline(FakeKubernetes kubernetes) {
        List<Manifest> manifests =
                new ArrayList<>(baseline("lantern-acme").tenant("acme").manifests());
        manifests.addAll(AdmissionPolicies.all());
        for (Manifest manifest : manifests) {
            kubernetes.create(manifest.object().toString());
        }
    }

    static ApiClient client(String kubeconfig) {
        try {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T seen(Fact<T> fact) {
        if (fact instanceof Fact.Untold<T> untold) {
            throw new AssertionError("untold: " + untold);
        }
        return ((Fact.Seen<T>) fact).value();
    }

    static String why(Fact<?> fact) {
        if (fact instanceof Fact.Untold<?> untold) {
            return untold.why();
        }
        throw new AssertionError("told: " + fact);
    }
}
