package dev.lantern.k8s;

import dev.lantern.gate.BaselinePart;
import java.util.Map;

/**
 * The namespace's own word on whose agents run in it. The mapping from tenants to namespaces is the host's, and a host can
 * be configured wrongly; the label is the cluster operator's, and both have to agree.
 */
final class TenantLabel {
    private static final String NAME = "label " + Marks.TENANT;

    private TenantLabel() {}

    /** Empty is a word too: every tenant's agents may run there. */
    static BaselinePart check(Map<String, String> labels, String tenant) {
        String wanted = Marks.label(tenant);
        String found = labels.get(Marks.TENANT);
        if (found == null) {
            return BaselinePart.missing(
                    NAME,
                    "it says whose agents run in the namespace: \"" + wanted + "\", or \"\" if every tenant's may");
        }
        if (found.equals(NamespaceBaseline.EVERY_TENANT) || found.equals(wanted)) {
            return BaselinePart.present(NAME);
        }
        return BaselinePart.changed(
                NAME, "the namespace is for \"" + found + "\", and agents of \"" + wanted + "\" were to run in it");
    }
}
