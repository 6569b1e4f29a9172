package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happens to a pod between its author and the store, in the order of the real server: built-in plugins that
 * write, hooks that write, the rules of the type, then whatever may only refuse.
 */
final class Admission {
    private final List<PodMutator> mutators = new ArrayList<>();
    private final Map<String, Policy> policies = new LinkedHashMap<>();
    private final LimitRangeAdmission limitRanges;
    private final RuntimeClassAdmission runtimeClasses;
    private final ServiceAccountAdmission serviceAccounts;
    private final PriorityAdmission priorities;
    private final PodSecurity security;

    Admission(World world) {
        this.limitRanges = new LimitRangeAdmission(world.store());
        this.runtimeClasses = new RuntimeClassAdmission(world.store());
        this.serviceAccounts = new ServiceAccountAdmission(world);
        this.priorities = new PriorityAdmission(world.store());
        this.security = new PodSecurity(world.store());
    }

    void mutate(PodMutator mutator) {
        mutators.add(mutator);
    }

    /** @param reason what its refusals give as their reason, and with it their code */
    record Policy(String reason, PodValidator validator) {}

    void validate(String name, Policy policy) {
        policies.put(name, policy);
    }

    void removeHooks() {
        mutators.clear();
        policies.clear();
    }

    /** The pod as it may be stored. */
    ObjectNode create(AdmissionRequest request, ObjectNode pod) {
        limitRanges.admit(request.namespace(), pod);
        serviceAccounts.admit(request.namespace(), pod);
        priorities.admit(pod);
        tolerateFailingNodes(pod);
        runtimeClasses.admit(pod);
        ObjectNode mutated = mutated(request, pod);
        PodRules.create(mutated);
        limitRanges.validate(request.namespace(), mutated);
        runtimeClasses.validate(mutated);
        security.validate(request.namespace(), mutated);
        validated(request, mutated);
        return mutated;
    }

    /** The pod as it may be stored instead of {@code old}. */
    ObjectNode update(AdmissionRequest request, ObjectNode old, ObjectNode pod) {
        ObjectNode mutated = mutated(request, pod);
        PodRules.update(request, old, mutated);
        security.validate(request.namespace(), mutated);
        validated(request, mutated);
        return mutated;
    }

    private ObjectNode mutated(AdmissionRequest request, ObjectNode pod) {
        ObjectNode mutated = pod;
        for (PodMutator mutator : mutators) {
            mutated = mutator.mutate(request, mutated);
            TypedRoundTrip.through(mutated);
            PodDefaults.pod(mutated);
        }
        return mutated;
    }

    private void validated(AdmissionRequest request, ObjectNode pod) {
        policies.forEach((name, policy) -> policy.validator()
                .refuse(request, pod.deepCopy())
                .ifPresent(why -> {
                    String refused = Trees.text(pod, "metadata", "name");
                    throw Statuses.denied(Types.PODS, refused, name, policy.reason(), why);
                }));
    }

    /** For five minutes, so that a short outage of a node moves nothing. */
    private static void tolerateFailingNodes(ObjectNode pod) {
        ObjectNode spec = Trees.child(pod, "spec");
        for (String taint : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            boolean tolerated =
                    Trees.objects(spec.path("tolerations")).anyMatch(toleration -> covers(toleration, taint));
            if (!tolerated) {
                Trees.list(spec, "tolerations")
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", 300);
            }
        }
    }

    private static boolean covers(ObjectNode toleration, String taint) {
        String key = toleration.path("key").asText();
        String effect = toleration.path("effect").asText();
        return (key.equals(taint) || key.isEmpty()) && (effect.isEmpty() || effect.equals("NoExecute"));
    }
}
