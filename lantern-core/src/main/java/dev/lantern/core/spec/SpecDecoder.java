package dev.lantern.core.spec;

import dev.lantern.core.spec.Fields.Echo;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.EgressRule;
import dev.lantern.spec.HttpMethod;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.Limits;
import dev.lantern.spec.NetworkMode;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.spec.SpecPath;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * From the value tree to a builder that holds every value that obeys its rule.
 *
 * <p>Reading goes on after a problem, so that one look shows all of them. Where a part cannot be made because its
 * required value is wrong, a stand-in takes its place and the other values are checked against it; a document with a
 * problem never becomes a spec, so no stand-in is ever seen.
 */
final class SpecDecoder {
    private static final List<String> DOCUMENT = List.of("apiVersion", "kind", "metadata", "spec");
    private static final List<String> METADATA = List.of("name", "labels");
    private static final List<String> SPEC = List.of(
            "image_digest",
            "isolation",
            "limits",
            "network",
            "egress_rules",
            "secrets",
            "command",
            "args",
            "env",
            "labels",
            "idempotent",
            "restore_snapshot_id",
            "preferred_regions");
    private static final List<String> LIMITS =
            List.of("vcpu", "memory", "gpu", "scratch_size", "timeout", "max_steps", "max_tokens", "max_cost_usd");
    private static final List<String> RULE = List.of("pattern", "http_methods", "rate_bps", "ports", "credential");
    private static final List<String> SECRET = List.of("env_name", "secret_uri", "ttl");

    private static final EgressRule ANY_RULE = EgressRule.to("stand-in.invalid");
    private static final SecretUri ANY_SECRET = SecretUri.ofOwnTenant("stand-in");
    private static final SecretRef ANY_REF = SecretRef.of("STAND_IN_FOR_AN_INVALID_NAME", ANY_SECRET);

    private final ProblemList problems;

    SpecDecoder(ProblemList problems) {
        this.problems = problems;
    }

    AgentSpec.Builder decode(YamlNode root) {
        Fields document = fields(root, SpecPath.DOCUMENT, DOCUMENT)
                .require("apiVersion", root, "add apiVersion: lantern.dev/v1")
                .require("kind", root, "add kind: AgentSpec")
                .require("metadata", root, "add metadata with a name")
                .require("spec", root, "add spec with an image_digest");
        document.literal("apiVersion", "lantern.dev/v1");
        document.literal("kind", "AgentSpec");
        AtomicReference<AgentSpec.Builder> spec = new AtomicReference<>(AgentSpec.builder("stand-in"));
        document.value("metadata", node -> spec.set(metadata(node, SpecPath.DOCUMENT.field("metadata"))));
        document.value("spec", node -> spec(node, SpecPath.DOCUMENT.field("spec"), spec.get()));
        return spec.get();
    }

    private AgentSpec.Builder metadata(YamlNode node, SpecPath path) {
        Fields metadata = fields(node, path, METADATA).require("name", node, "add a name");
        AtomicReference<AgentSpec.Builder> spec = new AtomicReference<>(AgentSpec.builder("stand-in"));
        metadata.text("name", Echo.SHOWN, name -> spec.set(AgentSpec.builder(name)));
        metadata.map("labels", Echo.SHOWN, spec.get()::metadataLabel);
        return spec.get();
    }

    private void spec(YamlNode node, SpecPath path, AgentSpec.Builder spec) {
        Fields fields = fields(node, path, SPEC);
        fields.text("image_digest", Echo.SHOWN, spec::image);
        fields.text("isolation", Echo.SHOWN, word -> spec.isolation(Isolation.parse(word)));
        fields.text("network", Echo.SHOWN, word -> spec.network(NetworkMode.parse(word)));
        fields.value("limits", limits -> spec.limits(limits(limits, path.field("limits"))));
        fields.items("egress_rules", "a list of rules", (item, at) -> spec.egressRule(rule(item, at)));
        fields.items("secrets", "a list of secrets", (item, at) -> spec.secret(secret(item, at)));
        fields.texts("command", Echo.HIDDEN, spec::command);
        fields.texts("args", Echo.HIDDEN, spec::args);
        fields.map("env", Echo.HIDDEN, spec::env);
        fields.map("labels", Echo.SHOWN, spec::label);
        fields.flag("idempotent", spec::idempotent);
        fields.text("restore_snapshot_id", Echo.SHOWN, spec::restoreSnapshotId);
        fields.texts("preferred_regions", Echo.SHOWN, spec::preferredRegions);
    }

    private Limits limits(YamlNode node, SpecPath path) {
        Fields fields = fields(node, path, LIMITS);
        Growing<Limits> limits = new Growing<>(Limits.none());
        fields.amount("vcpu", text -> limits.grow(l -> l.vcpu(text)));
        fields.amount("memory", text -> limits.grow(l -> l.memory(text)));
        fields.amount("gpu", text -> limits.grow(l -> l.gpu(text)));
        fields.amount("scratch_size", text -> limits.grow(l -> l.scratchSize(text)));
        fields.amount("timeout", text -> limits.grow(l -> l.timeout(text)));
        fields.whole("max_steps", number -> limits.grow(l -> l.maxSteps(number)));
        fields.whole("max_tokens", number -> limits.grow(l -> l.maxTokens(number)));
        fields.amount("max_cost_usd", text -> limits.grow(l -> l.maxCostUsd(text)));
        return limits.value();
    }

    private EgressRule rule(YamlNode node, SpecPath path) {
        Fields fields = fields(node, path, RULE).require("pattern", node, "add a host, *.host or CIDR block");
        Growing<EgressRule> rule = new Growing<>(ANY_RULE);
        fields.text("pattern", Echo.SHOWN, pattern -> rule.grow(any -> EgressRule.to(pattern)));
        fields.texts("http_methods", Echo.SHOWN, words -> {
            List<HttpMethod> methods = fields.each("http_methods", words, HttpMethod::parse);
            rule.grow(r -> r.httpMethods(methods));
        });
        fields.whole("rate_bps", rate -> rule.grow(r -> r.rateBps(rate)));
        fields.wholes("ports", ports -> rule.grow(r -> r.ports(ports)));
        fields.text("credential", Echo.HIDDEN, uri -> rule.grow(r -> r.credential(SecretUri.parse(uri))));
        return rule.value();
    }

    private SecretRef secret(YamlNode node, SpecPath path) {
        Fields fields = fields(node, path, SECRET)
                .require("env_name", node, "add the name the agent asks by")
                .require("secret_uri", node, "add lantern.secret://tenant/__tenant__/key/<name>");
        Growing<SecretRef> secret = new Growing<>(ANY_REF);
        Growing<SecretUri> uri = new Growing<>(ANY_SECRET);
        fields.text("secret_uri", Echo.HIDDEN, text -> uri.grow(any -> SecretUri.parse(text)));
        fields.text("env_name", Echo.SHOWN, name -> secret.grow(any -> SecretRef.of(name, uri.value())));
        fields.amount("ttl", text -> secret.grow(s -> s.ttl(text)));
        return secret.value();
    }

    private Fields fields(YamlNode node, SpecPath path, List<String> known) {
        return Fields.of(node, path, known, problems);
    }

    /** A value that takes in one field after another; a field that is refused leaves it as it was. */
    private static final class Growing<T> {
        private T value;

        Growing(T start) {
            this.value = start;
        }

        void grow(UnaryOperator<T> step) {
            value = step.apply(value);
        }

        T value() {
            return value;
        }
    }
}
