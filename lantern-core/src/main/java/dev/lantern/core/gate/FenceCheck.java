package dev.lantern.core.gate;

import dev.lantern.gate.AdmissionFact;
import dev.lantern.gate.ClusterFacts;

/** Demands the network fence that no run creates or deletes, and the admission policy where the class needs it. */
final class FenceCheck {
    private final Demands demands;
    private final Freshness freshness;
    private final Findings findings;

    FenceCheck(Demands demands, Freshness freshness, Findings findings) {
        this.demands = demands;
        this.freshness = freshness;
        this.findings = findings;
    }

    void check(ClusterFacts facts) {
        freshness.of("the NetworkPolicies", facts.fence()).ifPresent(fence -> {
            Baseline.ofNamespace("fence-missing", findings).check("network fence", fence.baseline(), facts.fence());
            for (String wider : fence.widening()) {
                findings.violation(
                        "fence-widened",
                        "spec.network",
                        wider + " (" + facts.fence().source() + ")",
                        "no other NetworkPolicy that selects agents' pods: policies add up",
                        "delete it, or let its selector leave out pods with the label"
                                + " app.kubernetes.io/managed-by: lantern");
            }
        });
        if (demands.admissionPolicy()) {
            freshness
                    .of("the ValidatingAdmissionPolicy", facts.admission())
                    .ifPresent(admission -> new Baseline(
                                    "admission-policy-missing",
                                    "apply the shipped admission policies to the cluster, and label the namespace for them",
                                    findings)
                            .check("admission policy", admission.baseline(), facts.admission()));
        } else {
            note(facts);
        }
    }

    /** Not demanded, and yet the receipt has to say which of the two held. */
    private void note(ClusterFacts facts) {
        boolean holds =
                freshness.recent(facts.admission()).map(AdmissionFact::holds).orElse(false);
        findings.evidence(
                Checkpoint.FACTS,
                holds
                        ? "admission policy: stands; a pod that a webhook changed does not start"
                        : "admission policy: not known to stand; a webhook could start the harness early, never the agent",
                facts.admission().source(),
                facts.admission().at());
    }
}
