package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.gate.AdmissionFact;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.Fact;
import dev.lantern.gate.FenceFact;
import dev.lantern.gate.NamespaceFact;
import dev.lantern.k8s.BaselineCheck.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What concerns one tenant's namespace: the baseline in it, and the admission policies that guard it. */
final class NamespaceLook {
    private static final String ADMISSION = "admissionregistration.k8s.io";
    private static final String NETWORKING = "networking.k8s.io";

    private final NamespaceBaseline baseline;
    private final String name;
    private final String tenant;
    private final SingleQuestion<JsonObject> namespace;
    private final SingleQuestion<JsonObject> account;
    private final SingleQuestion<JsonObject> quota;
    private final ListQuestion<PolicyReader.Policy> policies;
    private final ListQuestion<JsonObject> admissionPolicies;
    private final ListQuestion<JsonObject> admissionBindings;

    NamespaceLook(Round round, NamespaceBaseline baseline, String tenant) {
        this.baseline = baseline;
        this.name = baseline.namespace();
        this.tenant = tenant;
        String path = "/api/v1/namespaces/" + name;
        this.namespace = new SingleQuestion<>(
                Get.of(path, Rule.namespace(name, "", "namespaces", "get")), ObjectReader.of("v1", "Namespace", name));
        this.account = part(path, "ServiceAccount", "serviceaccounts", PodSpec.SERVICE_ACCOUNT);
        this.quota = part(path, "ResourceQuota", "resourcequotas", NamespaceBaseline.QUOTA);
        this.policies = new ListQuestion<>(
                Get.of(
                        "/apis/" + NETWORKING + "/v1/namespaces/" + name + "/networkpolicies",
                        Rule.namespace(name, NETWORKING, "networkpolicies", "list")),
                new PageReader<>(NETWORKING + "/v1", "NetworkPolicy", PolicyReader::read));
        this.admissionPolicies = admission("ValidatingAdmissionPolicy", "validatingadmissionpolicies");
        this.admissionBindings = admission("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings");
        round.ask(namespace);
        round.ask(account);
        round.ask(quota);
        round.ask(policies);
        round.ask(admissionPolicies);
        round.ask(admissionBindings);
    }

    /** After the round. */
    NamespaceFacts facts() {
        Fact<JsonObject> found = existing(namespace.fact(name));
        Fact<Optional<JsonObject>> accountFact = account.fact(PodSpec.SERVICE_ACCOUNT);
        Fact<Optional<JsonObject>> quotaFact = quota.fact(NamespaceBaseline.QUOTA);
        return new NamespaceFacts(
                Reading.of(
                        Both.of(found, Both.of(accountFact, quotaFact)),
                        found.source() + " and its account and quota",
                        this::namespace),
                Reading.of(policies.fact(), this::fence),
                Reading.of(
                        Both.of(found, Both.of(admissionPolicies.fact(), admissionBindings.fact())),
                        admissionPolicies.fact().source() + " and bindings, " + found.source(),
                        this::admission));
    }

    private Fact<JsonObject> existing(Fact<Optional<JsonObject>> fact) {
        if (fact instanceof Fact.Seen<Optional<JsonObject>> seen && seen.value().isEmpty()) {
            return Fact.untold(Why.noSuchNamespace(name, tenant), fact.source(), fact.at());
        }
        return Reading.of(fact, Optional::orElseThrow);
    }

    private NamespaceFact namespace(Both<JsonObject, Both<Optional<JsonObject>, Optional<JsonObject>>> found)
            throws UnreadableException {
        View metadata = new View(found.first(), "Namespace " + name).child("metadata");
        List<BaselinePart> parts = new ArrayList<>();
        parts.add(TenantLabel.check(metadata.textsByName("labels"), tenant));
        parts.addAll(new Standing(baseline)
                .with("Namespace", found.first())
                .with("ServiceAccount", found.second().first())
                .with("ResourceQuota", found.second().second())
                .parts(Part.NAMESPACE, Part.SERVICE_ACCOUNT, Part.QUOTA));
        return new NamespaceFact(name, metadata.text("uid"), parts);
    }

    private FenceFact fence(List<PolicyReader.Policy> found) {
        Standing standing = new Standing(baseline);
        List<String> widening = new ArrayList<>();
        for (PolicyReader.Policy policy : found) {
            if (policy.name().equals(NamespaceBaseline.DENY_ALL)
                    || policy.name().equals(NamespaceBaseline.GATEWAY)) {
                standing.with("NetworkPolicy", policy.object());
            } else if (policy.widens()) {
                widening.add(policy.text());
            }
        }
        return new FenceFact(standing.parts(Part.DENY_ALL, Part.GATEWAY), widening);
    }

    /** The policies hold for namespaces with a label, so whether they hold for this one depends on it as well. */
    private AdmissionFact admission(Both<JsonObject, Both<List<JsonObject>, List<JsonObject>>> found)
            throws UnreadableException {
        View metadata = new View(found.first(), "Namespace " + name).child("metadata");
        List<BaselinePart> parts = new ArrayList<>();
        if (!"true".equals(metadata.textsByName("labels").get(Marks.AGENTS))) {
            parts.add(BaselinePart.missing(
                    "label " + Marks.AGENTS + " of namespace " + name,
                    "without \"true\" there the admission policies leave it alone"));
        }
        parts.addAll(new Standing(baseline)
                .with("ValidatingAdmissionPolicy", found.second().first())
                .with("ValidatingAdmissionPolicyBinding", found.second().second())
                .parts(
                        Part.POD_POLICY,
                        Part.POD_POLICY_BINDING,
                        Part.SUBRESOURCE_POLICY,
                        Part.SUBRESOURCE_POLICY_BINDING,
                        Part.DELETION_POLICY,
                        Part.DELETION_POLICY_BINDING));
        return new AdmissionFact(parts);
    }

    private SingleQuestion<JsonObject> part(String path, String kind, String resource, String object) {
        return new SingleQuestion<>(
                Get.of(path + "/" + resource + "/" + object, Rule.namespace(name, "", resource, "get")),
                ObjectReader.of("v1", kind, object));
    }

    private static ListQuestion<JsonObject> admission(String kind, String resource) {
        return new ListQuestion<>(
                Get.of("/apis/" + ADMISSION + "/v1/" + resource, Rule.cluster(ADMISSION, resource, "list")),
                new PageReader<>(ADMISSION + "/v1", kind, View::object));
    }
}
