package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * What is held of a NetworkPolicy.
 *
 * @param namespace of the policy
 * @param name of the policy
 * @param baseline the whole of it, if it is one of the baseline's
 * @param widens what it allows to agents beside the baseline, in words; empty if nothing
 */
record PolicyTrace(String namespace, String name, Optional<JsonObject> baseline, Optional<String> widens) {

    static PolicyTrace read(View policy) throws UnreadableException {
        PolicyReader.Policy read = PolicyReader.read(policy);
        boolean ours =
                read.name().equals(NamespaceBaseline.DENY_ALL) || read.name().equals(NamespaceBaseline.GATEWAY);
        return new PolicyTrace(
                policy.child("metadata").text("namespace"),
                read.name(),
                ours ? Optional.of(read.object()) : Optional.empty(),
                !ours && read.widens() ? Optional.of(read.text()) : Optional.empty());
    }
}
