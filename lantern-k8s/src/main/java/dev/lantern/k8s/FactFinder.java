package dev.lantern.k8s;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks a cluster for the facts that the gate decides on.
 *
 * <p>One look costs nine requests at once, and one more for every 500 objects of a list beyond its first 500. Nothing is remembered from look to look: on a cluster of thousands of nodes that is some ten megabytes
 * for each decision, of which only what the gate asks about is held. What the API cannot tell is not told here either:
 * whether a network plug-in enforces the policies, what other kinds of policies it knows, and which binary is behind a
 * handler's name.
 *
 * <p>Thread-safe.
 */
final class FactFinder {
    private final ApiServer server;
    private final TenantNamespaces namespaces;
    private final Function<String, NamespaceBaseline> baselines;
    private final InstantSource clock;

    /**
     * For a cluster.
     *
     * @param baselines what has to stand in a namespace, by its name
     */
    FactFinder(
            ApiServer server,
            TenantNamespaces namespaces,
            Function<String, NamespaceBaseline> baselines,
            InstantSource clock) {
        this.server = server;
        this.namespaces = namespaces;
        this.baselines = baselines;
        this.clock = clock;
    }

    /**
     * Looks now. What cannot be told is part of the answer.
     *
     * @param within what all of it may take; a question without an answer by then is untold, and no other one with it
     * @throws LanternException if the thread is interrupted
     */
    ClusterFacts facts(String tenant, Duration within) {
        Round round = new Round(server, clock, within);
        ClusterLook cluster = new ClusterLook(round);
        Supplier<NamespaceFacts> namespace = namespace(round, tenant);
        round.await();
        NamespaceFacts found = namespace.get();
        return new ClusterFacts(
                "Kubernetes at " + server.address(),
                tenant,
                cluster.apiServer(),
                cluster.runtimeClasses(),
                cluster.nodes(),
                found.namespace(),
                found.fence(),
                found.admission());
    }

    /** Asks about the tenant's namespace, unless there can be none. */
    private Supplier<NamespaceFacts> namespace(Round round, String tenant) {
        String name;
        try {
            name = NamespaceName.checked(namespaces.namespaceOf(tenant), "the namespace of tenant " + tenant);
        } catch (LanternException e) {
            NamespaceFacts nowhere = NamespaceFacts.untold(e.getMessage(), clock.instant());
            return () -> nowhere;
        }
        return new NamespaceLook(round, baselines.apply(name), tenant)::facts;
    }
}
