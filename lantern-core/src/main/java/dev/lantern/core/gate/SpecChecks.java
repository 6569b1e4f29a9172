package dev.lantern.core.gate;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.EgressRule;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.spec.SecretUri;
import java.time.Instant;
import java.util.List;

/** Checkpoint one: what the spec alone decides. */
final class SpecChecks {
    private final AgentSpec spec;
    private final IsolationPolicy policy;
    private final Demands demands;
    private final SecretGrants grants;
    private final Findings findings;

    private SpecChecks(
            AgentSpec spec, IsolationPolicy policy, Demands demands, SecretGrants grants, Findings findings) {
        this.grants = grants;
        this.spec = spec;
        this.policy = policy;
        this.demands = demands;
        this.findings = findings;
    }

    static void check(
            AgentSpec spec,
            IsolationPolicy policy,
            Demands demands,
            SecretGrants grants,
            Facts facts,
            Instant now,
            Findings findings) {
        SpecChecks checks = new SpecChecks(spec, policy, demands, grants, findings);
        checks.isolation(now);
        checks.secrets();
        checks.snapshot();
        if (facts instanceof ClusterFacts) {
            checks.image(now);
            checks.network();
            checks.egressRules();
        } else if (isPlainProcess((HostFacts) facts)) {
            checks.command();
        }
    }

    private static boolean isPlainProcess(HostFacts facts) {
        return facts.handlers().stream().anyMatch(handler -> handler.kind() == HandlerKind.PROCESS);
    }

    private void isolation(Instant now) {
        Isolation isolation = demands.isolation();
        String raised = isolation == spec.isolation()
                ? demands.keptText()
                : ", raised to " + isolation.text()
                        + demands.kept().map(kept -> demands.keptText()).orElse(" by policy");
        findings.evidence(
                Checkpoint.SPEC,
                "isolation " + spec.isolation().text() + raised + ", image " + spec.image(),
                "agent spec " + spec.digest(),
                now);
    }

    private void image(Instant now) {
        if (spec.image().pinned()) {
            return;
        }
        if (demands.isolation() == Isolation.TRUSTED && policy.isImageTagsForTrusted()) {
            findings.evidence(
                    Checkpoint.SPEC,
                    "excused by policy: the image is a tag, so nobody knows which bytes run",
                    "isolation policy",
                    now);
            return;
        }
        findings.violation(
                "image-not-pinned",
                "spec.image_digest",
                spec.image().toString(),
                demands.isolation() == Isolation.TRUSTED
                        ? "<name>@sha256:<digest>, or a tag where the policy excuses it for trusted"
                        : "<name>@sha256:<digest>",
                "pin the image: your registry's \"inspect\" tells the digest of the tag");
    }

    private void network() {
        boolean open = spec.network() == NetworkMode.OPEN || spec.network() == NetworkMode.TENANT_VPC;
        if (open && !demands.openNetworks()) {
            findings.violation(
                    "network-too-open",
                    "spec.network",
                    spec.network().text() + " for " + demands.isolation().text(),
                    NetworkMode.ALLOWLIST_DOMAIN.text() + " or " + NetworkMode.NONE.text()
                            + ": the gateway is its only way out",
                    "name what it needs in spec.egress_rules");
        }
    }

    private void egressRules() {
        List<EgressRule> rules = spec.egressRules();
        for (int i = 0; i < rules.size(); i++) {
            EgressRule rule = rules.get(i);
            boolean opaque = rule.credential().isEmpty() && rule.ports().equals(List.of(443));
            if (opaque && !rule.httpMethods().isEmpty()) {
                findings.violation(
                        "methods-on-opaque-tls",
                        "spec.egress_rules[" + i + "].http_methods",
                        "methods " + rule.httpMethods() + " for " + rule.pattern()
                                + " on port 443 alone, where the gateway sees no method",
                        "http_methods where the gateway sees the request",
                        "let the gateway broker it with a credential, or leave http_methods out");
            }
        }
    }

    /** The same is asked when a secret is vended; here it costs nobody a pod. */
    private void secrets() {
        if (grants.policy().isEmpty() && !spec.secrets().isEmpty()) {
            findings.violation(
                    "secrets-unavailable",
                    "spec.secrets",
                    spec.secrets().size() + " secrets",
                    "none: this runtime has no secret store",
                    "start the runtime with .secrets(…), or remove the secrets");
            return;
        }
        for (int i = 0; i < spec.secrets().size(); i++) {
            secret("spec.secrets[" + i + "].secret_uri", spec.secrets().get(i).uri());
        }
    }

    private void secret(String path, SecretUri uri) {
        SecretUri resolved = uri.inTenant(grants.tenant());
        SecretPlace place = new SecretPlace(resolved.tenant().orElseThrow(), resolved.key());
        if (!place.tenant().equals(grants.tenant())) {
            findings.violation(
                    "secret-foreign-tenant",
                    path,
                    resolved + " for a run of tenant " + grants.tenant(),
                    "secrets of the run's own tenant",
                    "name it " + SecretUri.ofOwnTenant(uri.key()) + ", and keep it there for this tenant");
        } else if (!grants.policy().orElseThrow().allows(spec, demands.isolation(), place)) {
            findings.violation(
                    "secret-forbidden",
                    path,
                    resolved + " for agent " + spec.name() + " under "
                            + demands.isolation().text(),
                    "what the runtime's secret policy allows",
                    "ask the operator for a rule that lets this agent have it, or remove it");
        }
    }

    private void snapshot() {
        spec.restoreSnapshotId()
                .ifPresent(id -> findings.violation(
                        "snapshots-unavailable",
                        "spec.restore_snapshot_id",
                        "a snapshot to restore",
                        "none: no substrate restores snapshots yet",
                        "remove the field; the agent then starts afresh"));
    }

    private void command() {
        if (spec.command().isEmpty()) {
            findings.violation(
                    "command-missing",
                    "spec.command",
                    "no command",
                    "the command to run",
                    "local processes run spec.command and pull no image; name the command");
        }
    }
}
