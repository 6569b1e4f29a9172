package dev.lantern.k8s;

import dev.lantern.gate.IsolationPolicy;
import dev.lantern.spec.ImageRef;
import dev.lantern.value.Digest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an operator says of a cluster. Every host on the same journal is told the same: they make the same Jobs.
 *
 * @param access how the cluster is reached
 * @param namespaces where a tenant's agents run
 * @param scope where they are watched
 * @param baselines what has to stand in a namespace, by its name
 * @param harness the harness's image, pinned
 * @param gateway the stable address of the gateway
 * @param forbidden what the fence is tried with; empty for the API server, as this host reaches it
 * @param terms when the cluster ends an instance by itself
 * @param defaults what a spec that says nothing gets
 * @param priority the class of every agent's pod
 * @param dedicated how nodes for hostile agents are marked
 * @param userNamespaces the RuntimeClasses whose handlers support user namespaces
 * @param storage what a new workspace gets
 * @param alsoKnownAs further digests of images, by their references
 * @param operators the namespaces in which only the cluster's operator makes pods
 * @param times how long is waited for what may pass
 * @param pace of the watches
 */
record ClusterSettings(
        ClusterAccess access,
        TenantNamespaces namespaces,
        WatchScope scope,
        Function<String, NamespaceBaseline> baselines,
        ImageRef harness,
        String gateway,
        List<String> forbidden,
        PodRequests.Terms terms,
        PodDefaults defaults,
        Priority priority,
        IsolationPolicy.DedicatedNodes dedicated,
        List<String> userNamespaces,
        Workspaces.Storage storage,
        Map<String, List<Digest>> alsoKnownAs,
        List<String> operators,
        WatchTimes times,
        Pace pace) {
    ClusterSettings {
        forbidden = List.copyOf(forbidden);
        alsoKnownAs = new TreeMap<>(alsoKnownAs);
        operators = List.copyOf(operators);
    }
}
