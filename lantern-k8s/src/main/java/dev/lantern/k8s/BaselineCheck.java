package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which parts of the baseline a namespace has, lacks, or has otherwise. A pure function of what was read; how old that is,
 * and what follows from a part that is missing, is the gate's business.
 */
final class BaselineCheck {

    /** The parts, one for each thing that can be missing by itself. */
    enum Part {
        NAMESPACE("Namespace", ""),
        SERVICE_ACCOUNT("ServiceAccount", PodSpec.SERVICE_ACCOUNT),
        DENY_ALL("NetworkPolicy", NamespaceBaseline.DENY_ALL),
        GATEWAY("NetworkPolicy", NamespaceBaseline.GATEWAY),
        QUOTA("ResourceQuota", NamespaceBaseline.QUOTA),
        POD_POLICY("ValidatingAdmissionPolicy", AdmissionPolicies.PODS),
        POD_POLICY_BINDING("ValidatingAdmissionPolicyBinding", AdmissionPolicies.PODS),
        SUBRESOURCE_POLICY("ValidatingAdmissionPolicy", AdmissionPolicies.SUBRESOURCES),
        SUBRESOURCE_POLICY_BINDING("ValidatingAdmissionPolicyBinding", AdmissionPolicies.SUBRESOURCES),
        DELETION_POLICY("ValidatingAdmissionPolicy", AdmissionPolicies.DELETION),
        DELETION_POLICY_BINDING("ValidatingAdmissionPolicyBinding", AdmissionPolicies.DELETION);

        private final String kind;
        private final String name;

        Part(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        String kind() {
            return kind;
        }

        /** The object's name; empty for the namespace itself. */
        String objectName() {
            return name;
        }

        static Part of(Manifest manifest) {
            for (Part part : values()) {
                if (part.kind.equals(manifest.kind()) && (part.name.isEmpty() || part.name.equals(manifest.name()))) {
                    return part;
                }
            }
            throw new IllegalStateException("no part of the baseline is a " + manifest.kind() + " " + manifest.name());
        }
    }

    /**
     * What was found of one part.
     *
     * @param found whether there is such an object at all
     * @param differences how it differs; empty if it does not, and if it is missing
     */
    record Finding(Part part, boolean found, List<Difference> differences) {
        Finding {
            differences = List.copyOf(differences);
        }

        /** There, and as it must be. */
        boolean holds() {
            return found && differences.isEmpty();
        }

        /** One line for a person. */
        @Override
        public String toString() {
            String object = (part.kind + " " + part.name).strip();
            if (!found) {
                return object + " is missing";
            }
            return object + (differences.isEmpty() ? " holds" : " was changed: " + differences);
        }
    }

    private BaselineCheck() {}

    /**
     * Compares what stands with the baseline, part by part, in the order of {@link Part}.
     *
     * @param baseline what must stand
     * @param objects by kind, as trees; those of other names or namespaces do no harm here. Items of a list may lack kind
     *     and version
     */
    static List<Finding> check(NamespaceBaseline baseline, Map<String, List<JsonObject>> objects) {
        List<Manifest> expected = new ArrayList<>(baseline.manifests());
        expected.addAll(AdmissionPolicies.all());
        List<Finding> findings = new ArrayList<>();
        for (Part part : Part.values()) {
            Manifest manifest = expected.stream()
                    .filter(candidate -> Part.of(candidate) == part)
                    .findFirst()
                    .orElseThrow();
            findings.add(find(part, manifest, objects.getOrDefault(part.kind, List.of())));
        }
        return List.copyOf(findings);
    }

    private static Finding find(Part part, Manifest manifest, List<JsonObject> candidates) {
        Optional<String> namespace = ExpectedJob.text(manifest.object(), "metadata", "namespace");
        return candidates.stream()
                .filter(object -> ExpectedJob.text(object, "metadata", "name").equals(Optional.of(manifest.name())))
                .filter(object ->
                        ExpectedJob.text(object, "metadata", "namespace").equals(namespace))
                .findFirst()
                .map(object -> new Finding(part, true, differences(part, manifest.object(), object)))
                .orElse(new Finding(part, false, List.of()));
    }

    private static List<Difference> differences(Part part, JsonObject expected, JsonObject found) {
        return TreeDifferences.between(expected, found).stream()
                .filter(delta -> matters(part, delta))
                .map(Difference::of)
                .toList();
    }

    /** What may differ: what the API server adds, other labels, an account's own secrets, the amounts of a quota. */
    private static boolean matters(Part part, Delta delta) {
        if (delta.at("kind") || delta.at("apiVersion")) {
            return !delta.removed();
        }
        if (part == Part.NAMESPACE && delta.at("metadata", "labels", Marks.TENANT)) {
            // Whose it has to be depends on who asks: TenantLabel.
            return false;
        }
        if (delta.under("metadata")) {
            boolean deleted = delta.at("metadata", "deletionTimestamp");
            return deleted || !delta.added();
        }
        return switch (part) {
            case NAMESPACE -> false;
            case SERVICE_ACCOUNT -> !delta.added();
            case QUOTA -> delta.removed() || !delta.under("spec", "hard") && !delta.at("status");
            default -> !(delta.added() && delta.at("status"));
        };
    }
}
