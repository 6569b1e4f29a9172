package dev.lantern.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.EgressRule;
import dev.lantern.spec.HttpMethod;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoint one: each thing that a spec may ask for and a place or a class may not give. */
class SpecChecksTest {
    private static final Facts CLUSTER = ClusterFixture.full().facts();
    private static final Facts PROCESSES = new HostFacts(
            "local processes",
            ClusterFixture.NOW,
            List.of(new HostFacts.Handler(HandlerKind.PROCESS, "plain processes")),
            List.of());
    private static final IsolationPolicy SAFE = IsolationPolicy.safeDefaults();

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "STANDARD", "UNTRUSTED", "HOSTILE", "DEVCONTAINER"})
    void tag_is_refused_for_every_class(Isolation isolation) {
        assertThat(refused(spec(isolation, b -> b.image("registry.example/agent:latest")), SAFE, CLUSTER))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.code()).isEqualTo("image-not-pinned");
                    assertThat(violation.path()).isEqualTo("spec.image_digest");
                    assertThat(violation.found()).isEqualTo("registry.example/agent:latest");
                    assertThat(violation.allowed())
                            .isEqualTo(
                                    isolation == Isolation.TRUSTED
                                            ? "<name>@sha256:<digest>, or a tag where the policy excuses it for trusted"
                                            : "<name>@sha256:<digest>");
                });
    }

    @Test
    void tag_is_excused_for_trusted_alone_and_the_evidence_says_so() {
        IsolationPolicy excusing = SAFE.imageTagsForTrusted();
        UnaryOperator<AgentSpec.Builder> tag = b -> b.image("registry.example/agent:latest");

        assertThat(decide(spec(Isolation.TRUSTED, tag), excusing, CLUSTER).evidence())
                .anySatisfy(
                        evidence -> assertThat(evidence.found()).startsWith("excused by policy: the image is a tag"));
        assertThat(decide(spec(Isolation.TRUSTED, tag), excusing, CLUSTER)).isInstanceOf(Decision.Admitted.class);
        assertThat(codes(spec(Isolation.STANDARD, tag), excusing, CLUSTER)).containsExactly("image-not-pinned");
        assertThat(codes(spec(Isolation.TRUSTED, tag), excusing.atLeast(Isolation.STANDARD), CLUSTER))
                .containsExactly("image-not-pinned");
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkMode.class,
            names = {"OPEN", "TENANT_VPC"})
    void open_networks_are_for_classes_whose_code_is_known(NetworkMode network) {
        for (Isolation isolation : List.of(Isolation.TRUSTED, Isolation.STANDARD, Isolation.DEVCONTAINER)) {
            assertThat(decide(spec(isolation, b -> b.network(network)), SAFE, CLUSTER))
                    .as(isolation.text())
                    .isInstanceOf(Decision.Admitted.class);
        }
        for (Isolation isolation : List.of(Isolation.UNTRUSTED, Isolation.HOSTILE)) {
            assertThat(codes(spec(isolation, b -> b.network(network)), SAFE, CLUSTER))
                    .as(isolation.text())
                    .containsExactly("network-too-open");
        }
        assertThat(codes(spec(Isolation.STANDARD, b -> b.network(network)), SAFE.atLeast(Isolation.UNTRUSTED), CLUSTER))
                .containsExactly("network-too-open");
        Facts web = ClusterFixture.full()
                .withClasses(ClusterFixture.runtimeClass("spin", "spin"))
                .withNodes(ClusterFixture.node("web", "spin"))
                .facts();
        assertThat(codes(spec(Isolation.WASM, b -> b.network(network)), SAFE.handler("spin", HandlerKind.WASM), web))
                .containsExactly("network-too-open");
    }

    @Test
    void methods_are_refused_where_nobody_can_see_them() {
        EgressRule rule = EgressRule.to("api.example.com").httpMethods(List.of(HttpMethod.GET));
        EgressRule opaque = rule.ports(List.of(443));
        EgressRule brokered = opaque.credential(SecretUri.parse("lantern.secret://tenant/__tenant__/key/api"));

        assertThat(refused(spec(Isolation.UNTRUSTED, b -> b.egressRule(rule).egressRule(opaque)), SAFE, CLUSTER))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.code()).isEqualTo("methods-on-opaque-tls");
                    assertThat(violation.path()).isEqualTo("spec.egress_rules[1].http_methods");
                    assertThat(violation.found())
                            .isEqualTo(
                                    "methods [GET] for api.example.com on port 443 alone, where the gateway sees no method");
                });
        assertThat(decide(spec(Isolation.UNTRUSTED, b -> b.egressRule(brokered)), SAFE, CLUSTER))
                .isInstanceOf(Decision.Admitted.class);
        assertThat(decide(spec(Isolation.UNTRUSTED, b -> b.egressRule(rule.ports(List.of(80, 443)))), SAFE, CLUSTER))
                .isInstanceOf(Decision.Admitted.class);
        assertThat(decide(
                        spec(
                                Isolation.UNTRUSTED,
                                b -> b.egressRule(
                                        EgressRule.to("api.example.com").ports(List.of(443)))),
                        SAFE,
                        CLUSTER))
                .isInstanceOf(Decision.Admitted.class);
    }

    @Test
    void what_no_runtime_can_give_yet_is_refused_everywhere() {
        SecretRef secret = SecretRef.of("TOKEN", SecretUri.parse("lantern.secret://tenant/__tenant__/key/token"));
        for (Facts facts : List.of(CLUSTER, PROCESSES)) {
            assertThat(codes(spec(Isolation.TRUSTED, b -> b.secret(secret)), SAFE, facts))
                    .containsExactly("secrets-unavailable");
            assertThat(codes(spec(Isolation.TRUSTED, b -> b.restoreSnapshotId("snap-1")), SAFE, facts))
                    .containsExactly("snapshots-unavailable");
        }
    }

    @Test
    void plain_process_needs_a_command_and_a_pod_does_not() {
        UnaryOperator<AgentSpec.Builder> none = b -> b.command(List.of());
        assertThat(codes(spec(Isolation.TRUSTED, none), SAFE, PROCESSES)).containsExactly("command-missing");
        assertThat(decide(spec(Isolation.TRUSTED, none), SAFE, CLUSTER)).isInstanceOf(Decision.Admitted.class);
        assertThat(codes(spec(Isolation.TRUSTED, b -> b.image("agent:dev")), SAFE, PROCESSES))
                .as("a process runs no image")
                .isEmpty();
    }

    @Test
    void every_problem_is_told_at_once() {
        SecretRef secret = SecretRef.of("TOKEN", SecretUri.parse("lantern.secret://tenant/__tenant__/key/token"));
        AgentSpec spec = spec(
                Isolation.UNTRUSTED,
                b -> b.image("agent:dev")
                        .network(NetworkMode.OPEN)
                        .secret(secret)
                        .restoreSnapshotId("snap-1"));

        assertThat(codes(spec, SAFE, ClusterFixture.full().withClasses().facts()))
                .containsExactly(
                        "secrets-unavailable",
                        "snapshots-unavailable",
                        "image-not-pinned",
                        "network-too-open",
                        "boundary-missing");
    }

    @Test
    void gpus_and_regions_choose_among_nodes() {
        ClusterFixture cluster = ClusterFixture.full()
                .withNodes(
                        ClusterFixture.withGpus(ClusterFixture.node("one", "runsc"), 1),
                        ClusterFixture.labelled(
                                ClusterFixture.withGpus(ClusterFixture.node("two", "runsc"), 2),
                                "topology.kubernetes.io/region",
                                "eu-west-1"),
                        ClusterFixture.labelled(
                                ClusterFixture.withGpus(ClusterFixture.node("four", "runsc"), 4),
                                "topology.kubernetes.io/region",
                                "eu-central-1"));

        assertThat(nodes(spec(Isolation.UNTRUSTED, b -> b), cluster)).containsExactly("four", "one", "two");
        assertThat(nodes(spec(Isolation.UNTRUSTED, b -> b.limits(l -> l.gpu(2))), cluster))
                .containsExactly("four", "two");
        assertThat(nodes(
                        spec(Isolation.UNTRUSTED, b -> b.preferredRegions(List.of("eu-west-1", "eu-central-1"))),
                        cluster))
                .containsExactly("two", "four", "one");
        assertThat(codes(spec(Isolation.UNTRUSTED, b -> b.limits(l -> l.gpu(5))), SAFE, cluster.facts()))
                .containsExactly("no-node");
        assertThat(codes(
                        spec(Isolation.UNTRUSTED, b -> b.limits(l -> l.gpu(1))),
                        SAFE.gpuResource("amd.com/gpu"),
                        cluster.facts()))
                .containsExactly("no-node");
    }

    private static List<String> nodes(AgentSpec spec, ClusterFixture cluster) {
        Placement placement = ((Decision.Admitted) decide(spec, SAFE, cluster.facts())).placement();
        return placement.cluster().orElseThrow().nodes().stream()
                .map(node -> node.name())
                .toList();
    }

    private static AgentSpec spec(Isolation isolation, UnaryOperator<AgentSpec.Builder> change) {
        return change.apply(PlainAgents.of(isolation).toBuilder()).build();
    }

    private static Decision decide(AgentSpec spec, IsolationPolicy policy, Facts facts) {
        return Gate.decide(spec, policy, facts, ClusterFixture.NOW);
    }

    private static List<Violation> refused(AgentSpec spec, IsolationPolicy policy, Facts facts) {
        Decision decision = decide(spec, policy, facts);
        return decision instanceof Decision.Refused refused ? refused.violations() : List.of();
    }

    private static List<String> codes(AgentSpec spec, IsolationPolicy policy, Facts facts) {
        return refused(spec, policy, facts).stream().map(Violation::code).toList();
    }
}
