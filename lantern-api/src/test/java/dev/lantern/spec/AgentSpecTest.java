package dev.lantern.spec;

import static dev.lantern.spec.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentSpecTest {
    private static final String IMAGE = "demos/hello@sha256:" + "0".repeat(63) + "1";

    private static AgentSpec.Builder hello() {
        return AgentSpec.builder("hello").image(IMAGE);
    }

    @Test
    void a_spec_that_says_nothing_opens_nothing() {
        AgentSpec spec = hello().build();

        assertThat(spec.isolation()).isEqualTo(Isolation.STANDARD);
        assertThat(spec.network()).isEqualTo(NetworkMode.ALLOWLIST_DOMAIN);
        assertThat(spec.egressRules()).isEmpty();
        assertThat(spec.secrets()).isEmpty();
        assertThat(spec.idempotent()).isFalse();
        assertThat(spec.limits()).isEqualTo(Limits.none());
    }

    @Test
    void defaults_are_left_out_of_the_canonical_form() {
        AgentSpec said = hello().isolation(Isolation.STANDARD)
                .network(NetworkMode.ALLOWLIST_DOMAIN)
                .limits(l -> l.gpu(0))
                .command(List.of())
                .restoreSnapshotId("")
                .idempotent(false)
                .build();

        assertThat(said.canonicalJson())
                .isEqualTo(
                        "{\"apiVersion\":\"lantern.dev/v1\",\"kind\":\"AgentSpec\",\"metadata\":{\"name\":\"hello\"},"
                                + "\"spec\":{\"image_digest\":\"" + IMAGE + "\"}}");
        assertThat(said).isEqualTo(hello().build());
    }

    @Test
    void the_digest_is_the_plain_sha256_of_the_canonical_form() {
        AgentSpec spec = hello().build();

        assertThat(spec.digest()).isEqualTo(Digest.sha256(spec.canonicalJson().getBytes(StandardCharsets.UTF_8)));
        assertThat(spec.digest()).isNotEqualTo(hello().idempotent(true).build().digest());
    }

    @Test
    void values_are_normalised() {
        AgentSpec one = hello().limits(
                        l -> l.vcpu("0.5").memory("1024Mi").timeout("90m").maxCostUsd("0.50"))
                .egressRule(EgressRule.to("API.example.com")
                        .httpMethods(List.of(HttpMethod.POST, HttpMethod.GET))
                        .ports(List.of(443, 80)))
                .secret(SecretRef.of("KEY", SecretUri.parse("lantern.secret://__tenant__/key/k"))
                        .ttl("300s"))
                .build();
        AgentSpec other = hello().limits(l -> l.vcpu("500m")
                        .memory("1Gi")
                        .timeout(Duration.ofMinutes(90))
                        .maxCostUsd("0.5"))
                .egressRule(EgressRule.to("api.example.com")
                        .httpMethods(List.of(HttpMethod.GET, HttpMethod.POST))
                        .ports(List.of(80, 443)))
                .secret(SecretRef.of("KEY", SecretUri.ofOwnTenant("k")))
                .build();

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.digest()).isEqualTo(other.digest());
    }

    @Test
    void to_builder_keeps_everything() {
        AgentSpec spec = hello().metadataLabel("owner", "team-a")
                .isolation(Isolation.HOSTILE)
                .network(NetworkMode.TENANT_VPC)
                .limits(l -> l.maxSteps(4).gpu(2))
                .egressRule(EgressRule.to("*.example.com").rateBps(10).credential(SecretUri.ofOwnTenant("c")))
                .secret(SecretRef.of("KEY", SecretUri.ofOwnTenant("k")))
                .command(List.of("python", "-m", "x"))
                .args(List.of("", "a\nb"))
                .env("MODE", "fast")
                .label("app.kubernetes.io/name", "x")
                .idempotent(true)
                .restoreSnapshotId("snap-1")
                .preferredRegions(List.of("eu-west-1", "eu-central-1"))
                .build();

        assertThat(spec.toBuilder().build()).isEqualTo(spec);
        assertThat(spec.toBuilder().env("MODE", "slow").build()).isNotEqualTo(spec);
    }

    @Test
    void what_it_returns_cannot_be_changed() {
        AgentSpec spec = hello().env("A", "b").build();

        Assertions.assertThatThrownBy(() -> spec.env().put("C", "d")).isInstanceOf(UnsupportedOperationException.class);
        Assertions.assertThatThrownBy(() -> spec.args().add("x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void build_lists_every_rule_between_values() {
        String refusal = refusalOf(() -> AgentSpec.builder("hello")
                .network(NetworkMode.NONE)
                .egressRule(EgressRule.to("a.example.com"))
                .secret(SecretRef.of("KEY", SecretUri.ofOwnTenant("a")))
                .secret(SecretRef.of("KEY", SecretUri.ofOwnTenant("b")))
                .env("KEY", "x")
                .label("team", "a")
                .metadataLabel("team", "b")
                .build());

        assertThat(refusal)
                .startsWith("agent spec \"hello\" is not valid (5 problems):")
                .contains("spec.image_digest: found nothing")
                .contains("spec.egress_rules: found 1 rules beside network: none")
                .contains("spec.secrets[1].env_name: found \"KEY\", which is also the name of spec.secrets[0]")
                .contains("spec.env.KEY: found the name of the secret spec.secrets[0]")
                .contains("spec.labels.team: found \"a\"; allowed: \"b\", as metadata.labels says");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lantern.secret://tenant/acme/key/canary",
                " Lantern.Secret://x/canary",
                "sk-canary0123456789abcdef",
                "ghp_canary0123456789canary0123456789abcd",
                "AKIACANARY0123456789",
                "Bearer eyJcanary0123.eyJabc.sig",
                "postgres://user:canary@db.example.com/x",
                "-----BEGIN RSA PRIVATE KEY-----\ncanary",
                "glpat-canary01234567890123",
                "xoxb-canary01234567",
                "AIzaCanary0123456789canary0123456789abc",
                "a\u0000canary",
                "a\ud800canary",
                "a\u2028canary"
            })
    void env_holds_no_secret_and_no_message_shows_it(String value) {
        assertThat(refusalOf(() -> hello().env("SETTING", value)))
                .contains("spec.env.SETTING")
                .doesNotContainIgnoringCase("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "https://example.com:8443/x",
                "task-abcdefghijklmnopqrstuvwxyz",
                "tab\tand\nline",
                "ünïcödé ✓"
            })
    void env_takes_plain_values(String value) {
        assertThat(hello().env("SETTING", value).build().env()).containsEntry("SETTING", value);
    }

    @Test
    void a_huge_env_value_is_searched_in_linear_time() {
        String value = ("a".repeat(50_000) + ":" + "eyJ".repeat(10_000)).repeat(2);

        assertThat(hello().env("SETTING", value).build().env()).containsKey("SETTING");
    }

    @ParameterizedTest
    @CsvSource({
        "LANTERN_URL, do not begin with LANTERN_",
        "1A, do not begin with a digit",
        "A-B, A-Z a-z 0-9 _",
        "'', A-Z a-z 0-9 _",
    })
    void env_names_are_names_and_not_ours(String name, String message) {
        assertThat(refusalOf(() -> hello().env(name, "x"))).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes.io/x",
                "batch.kubernetes.io/job-name",
                "k8s.io/x",
                "node.k8s.io/x",
                "lantern.dev/tenant",
                "sub.lantern.dev/x"
            })
    void reserved_label_prefixes_are_refused(String key) {
        assertThat(refusalOf(() -> hello().label(key, "x"))).contains("use a prefix of your own");
        assertThat(refusalOf(() -> hello().metadataLabel(key, "x"))).contains("use a prefix of your own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/x", "x/", "a/b/c", "-x", "x-", "UPPER.example/x", "a b", "é", "a_b/x"})
    void label_keys_follow_kubernetes(String key) {
        assertThat(refusalOf(() -> hello().label(key, "x"))).contains("the label key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "x-", "a b", "a/b", "x\n", "é"})
    void label_values_and_names_follow_kubernetes(String value) {
        assertThat(refusalOf(() -> hello().label("k", value))).contains("a Kubernetes label value");
        assertThat(refusalOf(() -> AgentSpec.builder(value))).contains("metadata.name", "a Kubernetes label value");
        assertThat(refusalOf(() -> AgentSpec.builder("x".repeat(64)))).contains("1 to 63");
        assertThat(refusalOf(() -> AgentSpec.builder(""))).contains("1 to 63");
        assertThat(hello().label("k", "").build().labels()).containsEntry("k", "");
    }

    @Test
    void lists_report_every_item() {
        assertThat(refusalOf(() -> hello().command(List.of("", "a\u0007", "b\u0000"))))
                .contains("(3 problems)", "spec.command[0]: found an empty word", "spec.command[1]", "spec.command[2]")
                .contains("U+0007 at index 1");
        assertThat(refusalOf(() -> hello().preferredRegions(List.of("a", "a", "-"))))
                .contains("spec.preferred_regions[1]: found \"a\" again", "spec.preferred_regions[2]: found \"-\"");
        assertThat(refusalOf(() -> hello().args(Collections.nCopies(257, "x"))))
                .contains("found 257 entries; allowed: at most 256");
    }

    @Test
    void rules_refuse_repeats_and_ranges() {
        EgressRule rule = EgressRule.to("a.example.com");

        assertThat(refusalOf(() -> rule.ports(List.of(80, 80)))).contains("found 80 twice");
        assertThat(refusalOf(() -> rule.ports(List.of(0)))).contains("ports: found 0; allowed: ports from 1 to 65535");
        assertThat(refusalOf(() -> rule.ports(List.of(65536)))).contains("found 65536");
        assertThat(refusalOf(() -> rule.httpMethods(List.of(HttpMethod.GET, HttpMethod.GET))))
                .contains("GET twice");
        assertThat(refusalOf(() -> rule.rateBps(0))).contains("for no limit leave the field out");
        assertThat(refusalOf(() -> HttpMethod.parse("CONNECT"))).contains("allowed: DELETE, GET, HEAD");
    }

    @Test
    void a_spec_is_never_larger_than_a_document() {
        AgentSpec.Builder large = hello().args(Collections.nCopies(256, "x".repeat(1024)));

        assertThat(refusalOf(large::build)).contains("at most 262144 bytes");
    }

    @Test
    void words_are_suggested() {
        assertThat(refusalOf(() -> Isolation.parse("untrused"))).contains("did you mean \"untrusted\"?");
        assertThat(refusalOf(() -> Isolation.parse("Trusted"))).contains("did you mean \"trusted\"?");
        assertThat(refusalOf(() -> NetworkMode.parse("allowlist"))).contains("did you mean \"allowlist_domain\"?");
        assertThat(refusalOf(() -> Isolation.parse("quarantine"))).doesNotContain("did you mean");
    }

    @Test
    void what_is_shown_is_short_and_forges_nothing() {
        assertThat(refusalOf(() -> Isolation.parse("x\n2026-01-01 INFO all is well\u001b[2J\u202e")))
                .doesNotContain("\u001b", "\u202e")
                .contains("x\\u{a}2026", "\\u{1b}", "\\u{202e}");
        assertThat(refusalOf(() -> Isolation.parse("x".repeat(10_000))).length())
                .isLessThan(400);
    }

    @Test
    void to_string_shows_name_and_digest_only() {
        AgentSpec spec = hello().env("SETTING", "canary").build();

        assertThat(spec).hasToString("AgentSpec[hello sha256:" + spec.digest().hex() + "]");
    }

    @Test
    void without_a_reader_loading_says_what_to_add() {
        Assertions.assertThatThrownBy(() -> AgentSpec.load(Path.of("agent.yaml")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("add dev.lantern:lantern-core");
    }

    @Test
    void paths_quote_what_is_no_plain_word() {
        SpecPath labels = SpecPath.of("metadata.labels");

        assertThat(labels.field("a.b/c")).hasToString("metadata.labels[\"a.b/c\"]");
        assertThat(labels.field("a\"b")).hasToString("metadata.labels[\"a\\\"b\"]");
        assertThat(SpecPath.DOCUMENT.field("spec").field("x").item(2).field("y"))
                .hasToString("spec.x[2].y");
        assertThat(labels.field("a").isWithin(labels)).isTrue();
        assertThat(labels.isWithin(labels.field("a"))).isFalse();
        assertThat(labels.isWithin(SpecPath.DOCUMENT)).isTrue();
        assertThat(labels.parent()).isEqualTo(SpecPath.of("metadata"));
    }

    @Test
    void problems_are_data() {
        InvalidSpecException refused =
                Assertions.catchThrowableOfType(InvalidSpecException.class, () -> Isolation.parse("nope"));

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).hasToString("isolation");
            assertThat(problem.position()).isEmpty();
            assertThat(problem.found()).isEqualTo("\"nope\"");
            assertThat(problem.at(problem.path(), new SpecProblem.Position("a.yaml", 3, 7))
                            .toString())
                    .startsWith("a.yaml:3:7 isolation: found \"nope\"; allowed: trusted, standard");
        });
    }
}
