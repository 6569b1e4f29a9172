package dev.lantern.gate;

import java.util.List;

/**
 * What a Kubernetes cluster told about itself, as far as it decides whether an agent may run there.
 *
 * <p>Every part was asked for on its own and carries its own time: one may be told and another not.
 *
 * @param cluster which cluster, as its operator would recognise it
 * @param tenant whose agents would run
 * @param apiServer the API server's version and clock
 * @param runtimeClasses every RuntimeClass of the cluster
 * @param nodes every node of the cluster
 * @param namespace the namespace that the tenant's agents would run in
 * @param fence the NetworkPolicies of that namespace
 * @param admission the ValidatingAdmissionPolicy that guards that namespace
 */
public record ClusterFacts(
        String cluster,
        String tenant,
        Fact<ApiServerFact> apiServer,
        Fact<List<RuntimeClassFact>> runtimeClasses,
        Fact<List<NodeFact>> nodes,
        Fact<NamespaceFact> namespace,
        Fact<FenceFact> fence,
        Fact<AdmissionFact> admission)
        implements Facts {

    @Override
    public String source() {
        return cluster;
    }
}
