package dev.lantern.spec;

import dev.lantern.value.internal.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes the canonical form of a spec: the members of {@code agent.yaml}, values in their normal form, and nothing
 * that equals a default of v1.
 *
 * <p>Those defaults are frozen. A field that a later version adds is written only when it differs from what v1 did
 * without it, so no digest of an existing spec ever changes.
 */
final class CanonicalSpec {
    static final String API_VERSION = "lantern.dev/v1";
    static final String KIND = "AgentSpec";

    private CanonicalSpec() {}

    static Json.Obj of(AgentSpec spec) {
        Json.Builder metadata = Json.object().put("name", spec.name());
        putMap(metadata, "labels", spec.metadataLabels());
        return Json.object()
                .put("apiVersion", API_VERSION)
                .put("kind", KIND)
                .put("metadata", metadata.build())
                .put("spec", body(spec))
                .build();
    }

    static Json.Obj limits(Limits limits) {
        Json.Builder out = Json.object()
                .put("vcpu", limits.vcpu().map(Quantity::toString))
                .put("memory", limits.memory().map(Quantity::toString))
                .put("scratch_size", limits.scratchSize().map(Quantity::toString))
                .put("timeout", limits.timeout().map(DurationText::of))
                // Text, because canonical JSON has no fractions.
                .put("max_cost_usd", limits.maxCostUsd().map(BigDecimal::toPlainString));
        limits.maxSteps().ifPresent(steps -> out.put("max_steps", steps));
        limits.maxTokens().ifPresent(tokens -> out.put("max_tokens", tokens));
        if (limits.gpu() > 0) {
            out.put("gpu", String.valueOf(limits.gpu()));
        }
        return out.build();
    }

    private static Json.Obj body(AgentSpec spec) {
        Json.Builder out = Json.object().put("image_digest", spec.image().toString());
        if (spec.isolation() != Isolation.STANDARD) {
            out.put("isolation", spec.isolation().text());
        }
        if (spec.network() != NetworkMode.ALLOWLIST_DOMAIN) {
            out.put("network", spec.network().text());
        }
        if (spec.idempotent()) {
            out.put("idempotent", true);
        }
        Json.Obj limits = limits(spec.limits());
        if (!limits.members().isEmpty()) {
            out.put("limits", limits);
        }
        putList(out, "egress_rules", spec.egressRules(), CanonicalSpec::rule);
        putList(out, "secrets", spec.secrets(), CanonicalSpec::secret);
        putList(out, "command", spec.command(), Json.Text::new);
        putList(out, "args", spec.args(), Json.Text::new);
        putList(out, "preferred_regions", spec.preferredRegions(), Json.Text::new);
        putMap(out, "env", spec.env());
        putMap(out, "labels", spec.labels());
        return out.put("restore_snapshot_id", spec.restoreSnapshotId()).build();
    }

    private static Json rule(EgressRule rule) {
        Json.Builder out = Json.object()
                .put("pattern", rule.pattern().toString())
                .put("credential", rule.credential().map(SecretUri::toString));
        putList(out, "http_methods", rule.httpMethods(), method -> new Json.Text(method.name()));
        putList(out, "ports", rule.ports(), port -> new Json.Int(port));
        rule.rateBps().ifPresent(rate -> out.put("rate_bps", rate));
        return out.build();
    }

    private static Json secret(SecretRef secret) {
        Json.Builder out = Json.object()
                .put("env_name", secret.envName())
                .put("secret_uri", secret.uri().toString());
        return out.put(
                        "ttl",
                        Optional.of(secret.ttl())
                                .filter(ttl -> !ttl.equals(SecretRef.DEFAULT_TTL))
                                .map(DurationText::of))
                .build();
    }

    private static <T> void putList(Json.Builder out, String name, List<T> items, Function<T, Json> item) {
        if (!items.isEmpty()) {
            out.put(name, Json.array(items.stream().map(item).toList()));
        }
    }

    private static void putMap(Json.Builder out, String name, Map<String, String> map) {
        if (!map.isEmpty()) {
            Json.Builder members = Json.object();
            map.forEach(members::put);
            out.put(name, members.build());
        }
    }
}
