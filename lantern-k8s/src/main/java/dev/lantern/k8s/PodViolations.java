package dev.lantern.k8s;

import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import java.util.List;
import java.util.Locale;

/** Differences between what was asked for and what was persisted, in the words of the gate. */
final class PodViolations {
    private static final String REFUSED_BY_POLICY = "ValidatingAdmissionPolicy '" + AdmissionPolicies.PODS + "'";

    private PodViolations() {}

    /**
     * The end of an instance whose objects differ.
     *
     * @param differences at least one
     * @param namespace where
     */
    static InstanceEnd.Violated of(List<Difference> differences, String namespace) {
        return new InstanceEnd.Violated(
                Verified.POD,
                differences.stream()
                        .map(difference -> violation(difference, namespace))
                        .toList());
    }

    static Violation violation(Difference difference, String namespace) {
        return new Violation(
                "pod-" + difference.drift().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                difference.pointer(),
                difference.found(),
                difference.expected(),
                "it would be " + difference.drift().meaning()
                        + ": see which webhook, policy or LimitRange changes what is" + " made in namespace "
                        + namespace + ", and keep it away from namespaces of agents");
    }

    /** Whether it was the shipped policy that refused a pod: then something had made another pod of ours. */
    static boolean isRefusedByPolicy(String said) {
        return said.contains(REFUSED_BY_POLICY);
    }

    /** The end of an instance whose pod the shipped policy refused: it never existed, or was never let go. */
    static InstanceEnd.Violated refusedByPolicy(String said, String namespace) {
        return new InstanceEnd.Violated(
                Verified.POD,
                List.of(new Violation(
                        "pod-refused",
                        "/",
                        said,
                        "the pod as it was asked for",
                        "see which webhook or policy changes pods in namespace " + namespace
                                + ", and keep it away from namespaces of agents")));
    }
}
