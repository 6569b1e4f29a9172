package dev.lantern.k8s;

import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.Violation;
import dev.lantern.k8s.BaselineCheck.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The network fence of each namespace, as it stands. One thread at a time. */
final class Fences {
    private final Function<String, NamespaceBaseline> baselines;
    private final Map<String, Map<String, PolicyTrace>> byNamespace = new TreeMap<>();

    Fences(Function<String, NamespaceBaseline> baselines) {
        this.baselines = baselines;
    }

    void put(PolicyTrace policy) {
        byNamespace.computeIfAbsent(policy.namespace(), none -> new TreeMap<>()).put(policy.name(), policy);
    }

    void remove(PolicyTrace policy) {
        Map<String, PolicyTrace> here = byNamespace.get(policy.namespace());
        if (here != null && here.remove(policy.name()) != null && here.isEmpty()) {
            byNamespace.remove(policy.namespace());
        }
    }

    /**
     * What of the fence does not hold.
     *
     * @param complete whether all policies of the namespace have been told: only then is one that was not missing
     */
    List<Violation> violations(String namespace, boolean complete) {
        Standing standing = new Standing(baselines.apply(namespace));
        List<Violation> violations = new ArrayList<>();
        for (PolicyTrace policy : byNamespace.getOrDefault(namespace, Map.of()).values()) {
            standing.with("NetworkPolicy", policy.baseline());
            policy.widens()
                    .ifPresent(widening -> violations.add(new Violation(
                            "fence-widened",
                            "spec.network",
                            widening + " in namespace " + namespace,
                            "no other NetworkPolicy that selects agents' pods: policies add up",
                            "delete it, or let its selector leave out pods with the label " + Marks.MANAGED_BY + ": "
                                    + Marks.LANTERN)));
        }
        for (BaselinePart part : standing.parts(Part.DENY_ALL, Part.GATEWAY)) {
            boolean unknown = part.state() == BaselinePart.State.MISSING && !complete;
            if (!part.holds() && !unknown) {
                violations.add(new Violation(
                        "fence-missing",
                        "spec.network",
                        part.name() + " in namespace " + namespace + " "
                                + (part.state() == BaselinePart.State.MISSING
                                        ? "is missing"
                                        : "was changed: " + part.detail()),
                        "the network fence as it was shipped, for as long as agents run",
                        "apply the namespace's baseline again, and see who may change its NetworkPolicies"));
            }
        }
        return List.copyOf(violations);
    }
}
