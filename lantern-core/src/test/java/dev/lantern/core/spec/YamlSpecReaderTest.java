package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.InvalidSpecException;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.spec.SpecProblem;
import dev.lantern.spec.SpecReader;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlSpecReaderTest {
    private static final String IMAGE = "demos/hello@sha256:" + "0".repeat(63) + "1";
    private static final String HEAD =
            "apiVersion: lantern.dev/v1\nkind: AgentSpec\nmetadata:\n  name: hello\nspec:\n  image_digest: " + IMAGE
                    + "\n";

    /** Line 7 is the first that a test adds below spec. */
    private static AgentSpec read(String spec) {
        return AgentSpec.parse("agent.yaml", (HEAD + spec).getBytes(StandardCharsets.UTF_8));
    }

    private static InvalidSpecException refusal(byte[] yaml) {
        InvalidSpecException refused =
                catchThrowableOfType(InvalidSpecException.class, () -> AgentSpec.parse("agent.yaml", yaml));
        assertThat(refused).as("nothing was refused").isNotNull();
        return refused;
    }

    private static String only(String document) {
        return only(document.getBytes(StandardCharsets.UTF_8));
    }

    private static String only(byte[] document) {
        List<SpecProblem> problems = refusal(document).problems();
        assertThat(problems).hasSize(1);
        return problems.get(0).toString();
    }

    private static String onlyIn(String spec) {
        return only(HEAD + spec);
    }

    // What must load.

    @Test
    void a_trusted_file_with_every_empty_list_written_out_loads() {
        AgentSpec spec = read("""
                  isolation: trusted

                  limits:
                    vcpu: "100m"           # a tenth
                    memory: "64Mi"
                    timeout: 30s
                    scratch_size: "16Mi"

                  network: none            # nothing
                  secrets: []
                  egress_rules: []
                  idempotent: true
                """);

        assertThat(spec.isolation()).isEqualTo(Isolation.TRUSTED);
        assertThat(spec.network()).isEqualTo(NetworkMode.NONE);
        assertThat(spec.limits().vcpu().orElseThrow()).hasToString("100m");
        assertThat(spec.limits().timeout()).contains(Duration.ofSeconds(30));
        assertThat(spec.idempotent()).isTrue();
    }

    @Test
    void an_untrusted_file_with_rules_and_the_short_secret_form_loads() {
        AgentSpec spec = read("""
                  isolation: untrusted
                  limits:
                    timeout: 60s
                    max_cost_usd: 0.05
                  network: allowlist_domain
                  egress_rules:
                    - pattern: "*.example.org"
                      http_methods: ["GET"]
                      rate_bps: 1048576
                    - pattern: api.example.com
                  secrets:
                    - env_name: USER_AGENT
                      secret_uri: lantern.secret://__tenant__/key/user-agent
                """);

        assertThat(spec.egressRules()).hasSize(2);
        assertThat(spec.egressRules().get(0).rateBps()).hasValue(1_048_576);
        assertThat(spec.secrets().get(0).uri()).hasToString("lantern.secret://tenant/__tenant__/key/user-agent");
        assertThat(spec.limits().maxCostUsd().orElseThrow().toPlainString()).isEqualTo("0.05");
    }

    @Test
    void a_stateful_file_with_an_empty_snapshot_and_one_with_a_gpu_load() {
        AgentSpec stateful = read("""
                  isolation: devcontainer
                  limits: {vcpu: "1", memory: "1Gi", timeout: 30m, scratch_size: "2Gi", max_cost_usd: 1.00}
                  idempotent: false
                  restore_snapshot_id: ""
                """);
        AgentSpec gpu = read("  limits: {vcpu: '2', gpu: \"1\", timeout: 120s, max_tokens: 100000}\n");

        assertThat(stateful.restoreSnapshotId()).isEmpty();
        assertThat(stateful.limits().maxCostUsd().orElseThrow().toPlainString()).isEqualTo("1");
        assertThat(gpu.limits().gpu()).isEqualTo(1);
        assertThat(gpu.limits().timeout()).contains(Duration.ofMinutes(2));
    }

    @Test
    void plain_words_are_texts_and_plain_numbers_are_amounts() {
        AgentSpec spec = read("""
                  command: [python, -m, x]
                  args: [yes, on, 12:30, 2026-01-01, "8080", 1_000]
                  limits: {vcpu: 0.5, memory: 268435456, gpu: 2}
                  env: {MODE: fast, FLAG: "true", EMPTY: ""}
                """);

        assertThat(spec.command()).containsExactly("python", "-m", "x");
        assertThat(spec.args()).containsExactly("yes", "on", "12:30", "2026-01-01", "8080", "1_000");
        assertThat(spec.limits().memory().orElseThrow()).hasToString("256Mi");
        assertThat(spec.env()).containsEntry("FLAG", "true").containsEntry("EMPTY", "");
    }

    @Test
    void json_windows_line_ends_a_document_start_and_comments_are_read() {
        String yaml =
                "# first\r\n---\r\n" + (HEAD + "  idempotent: True\n").replace("\n", "\r\n") + "...\r\n# last\r\n";
        AgentSpec spec = AgentSpec.parse("agent.yaml", yaml.getBytes(StandardCharsets.UTF_8));

        assertThat(spec.idempotent()).isTrue();
        assertThat(AgentSpec.parse("x", spec.canonicalJson().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(spec);
    }

    @Test
    void the_reader_is_found_as_a_service() {
        assertThat(SpecReader.installed()).isInstanceOf(YamlSpecReader.class);
    }

    // What must not.

    @Test
    void a_refused_file_lists_every_problem_in_its_order() {
        InvalidSpecException refused = refusal("""
                apiVersion: lantern.dev/v1
                kind: AgentSpec
                metadata:
                  name: hello world
                spec:
                  image_digest: demo@sha256:0000...0001
                  isolation: untrused
                  limits:
                    memory: 256
                    timeout: 30
                  egress_rules:
                    - host: api.example.com
                  env:
                    LANTERN_URL: x
                    PORT: 8080
                  secrets:
                    - env_name: PORT
                      secret_uri: lantern.secret://tenant/acme/key/port
                    - env_name: PORT
                      secret_uri: lantern.secret://tenant/acme/key/port
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(refused.getMessage()).startsWith("agent.yaml is not valid (10 problems):");
        assertThat(refused.problems())
                .extracting(SpecProblem::toString)
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith("agent.yaml:4:9 metadata.name: found \"hello world\"; allowed: 1 to 63"),
                        p -> assertThat(p)
                                .startsWith("agent.yaml:6:17 spec.image_digest: found")
                                .endsWith("write all 64 digits"),
                        p -> assertThat(p)
                                .isEqualTo(
                                        "agent.yaml:7:14 spec.isolation: found \"untrused\"; allowed: trusted,"
                                                + " standard, untrusted, hostile, wasm, devcontainer; did you mean \"untrusted\"?"),
                        p -> assertThat(p)
                                .startsWith("agent.yaml:9:13 spec.limits.memory: found 256;")
                                .endsWith("did you mean \"256Mi\"?"),
                        p -> assertThat(p)
                                .startsWith("agent.yaml:10:14 spec.limits.timeout: found \"30\";")
                                .endsWith("did you mean \"30s\"?"),
                        p -> assertThat(p)
                                .startsWith(
                                        "agent.yaml:12:7 spec.egress_rules[0].host: found an unknown field \"host\"")
                                .endsWith("did you mean \"pattern\"?"),
                        p -> assertThat(p).startsWith("agent.yaml:12:7 spec.egress_rules[0].pattern: found nothing"),
                        p -> assertThat(p)
                                .startsWith("agent.yaml:14:5 spec.env.LANTERN_URL: found the name \"LANTERN_URL\""),
                        p -> assertThat(p)
                                .isEqualTo(
                                        "agent.yaml:15:11 spec.env.PORT: found a number; allowed: a text; write it in quotes"),
                        p -> assertThat(p)
                                .startsWith(
                                        "agent.yaml:19:17 spec.secrets[1].env_name: found \"PORT\", which is also"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "isolaton: trusted | 7:3 spec.isolaton: found an unknown field \"isolaton\" | did you mean \"isolation\"?",
                "tenant_id: acme | 7:3 spec.tenant_id: found an unknown field | with tenant(…)",
                "isolation: Trusted | 7:14 spec.isolation: found \"Trusted\" | did you mean \"trusted\"?",
                "isolation: {class: trusted} | 7:14 spec.isolation: found a mapping | allowed: a text",
                "network: allowlist | 7:12 spec.network: found \"allowlist\" | did you mean \"allowlist_domain\"?",
                "idempotent: yes | 7:15 spec.idempotent: found the text \"yes\" | true or false",
                "idempotent: 'true' | 7:15 spec.idempotent: found the text \"true\" | without quotes",
                "idempotent: | 7:14 spec.idempotent: found nothing | true or false",
                "labels: | 7:10 spec.labels: found nothing | a mapping of names to texts",
                "labels: {a: 1} | 7:15 spec.labels.a: found the number 1 | write it in quotes: \"1\"",
                "command: python -m x | 7:12 spec.command: found a text | write it as a list",
                "command: ['', x] | 7:13 spec.command[0]: found an empty word | the program to run",
                "args: [a, 5] | 7:13 spec.args[1]: found a number | write it in quotes",
                "args: [a, null] | 7:13 spec.args[1]: found nothing | allowed: a text",
                "args: [a, [b]] | 7:13 spec.args[1]: found a list | allowed: a text",
                "limits: 5 | 7:11 spec.limits: found the number 5 | a mapping with vcpu, memory",
                "limits: {vcpu: .nan} | 7:18 spec.limits.vcpu: found \".nan\" | 1m to 4096 cores",
                "limits: {vcpu: -0.5} | 7:18 spec.limits.vcpu: found \"-0.5\" | cannot be negative",
                "limits: {vcpu: 0x10} | 7:18 spec.limits.vcpu: found \"0x10\" | 1m to 4096 cores",
                "limits: {vcpu: 010} | 7:18 spec.limits.vcpu: found the number 010 | numbers in plain digits",
                "limits: {vcpu: 1e1} | 7:18 spec.limits.vcpu: found the number 1e1 | numbers in plain digits",
                "limits: {vcpu: true} | 7:18 spec.limits.vcpu: found true | a number, or an amount",
                "limits: {memory: 9999999999Gi} | 7:20 spec.limits.memory: found \"9999999999Gi\", which is 2^63 or more | 1Mi to 1Pi",
                "limits: {gpu: 1.5} | 7:17 spec.limits.gpu: found \"1.5\" | from 0 to 1024",
                "limits: {max_steps: 1.5} | 7:23 spec.limits.max_steps: found the number 1.5 | a whole number",
                "limits: {max_steps: 1e3} | 7:23 spec.limits.max_steps: found the number 1e3 | a whole number",
                "limits: {max_steps: '10'} | 7:23 spec.limits.max_steps: found the text \"10\" | remove the quotes",
                "limits: {max_steps: 99999999999999999999} | 7:23 spec.limits.max_steps: found the number 99999999999999999999 | at most 9007199254740991",
                "limits: {max_tokens: 9007199254740992} | 7:24 spec.limits.max_tokens: found 9007199254740992 | from 1 to 9007199254740991",
                "limits: {max_cost_usd: .inf} | 7:26 spec.limits.max_cost_usd: found \".inf\" | dollars above 0",
                "limits: {max_cost_usd: 1e-2} | 7:26 spec.limits.max_cost_usd: found \"1e-2\" | dollars above 0",
                "limits: {max_cost_usd: 0} | 7:26 spec.limits.max_cost_usd: found 0 | for no limit leave the field out",
                "egress_rules: [{pattern: a.example.com, ports: [70000]}] | 7:50 spec.egress_rules[0].ports: found 70000 | from 1 to 65535",
                "egress_rules: [{pattern: a.example.com, http_methods: [TRACE]}] | 7:58 spec.egress_rules[0].http_methods[0]: found \"TRACE\" | DELETE, GET",
                "egress_rules: {pattern: a.example.com} | 7:17 spec.egress_rules: found a mapping | a list of rules",
                "secrets: [{env_name: A}] | 7:13 spec.secrets[0].secret_uri: found nothing | add lantern.secret://",
                "secrets: [{env_name: A, secret_uri: 'lantern.secret://tenant/a/key/k', ttl: 1h}] | 7:79 spec.secrets[0].ttl: found 1h | 1s to 15m",
                "env: [A, B] | 7:8 spec.env: found a list | a mapping of names to texts",
                "preferred_regions: [eu, eu] | 7:27 spec.preferred_regions[1]: found \"eu\" again | each region once",
                "restore_snapshot_id: ../x | 7:24 spec.restore_snapshot_id: found \"../x\" | begin and end with",
                "args: [&a x] | 7:10 spec.args[0]: found the anchor &a | remove it",
                "args: &a [x] | 7:9 spec.args: found the anchor &a | remove it",
                "args: [*a] | 7:10 spec.args[0]: found an alias | repeat the value",
                "args: !!seq [x] | 7:9 spec.args: found the tag tag:yaml.org,2002:seq | without tags",
                "args: [!!str 5] | 7:10 spec.args[0]: found the tag tag:yaml.org,2002:str | quotes make a text",
                "args: [!!java.lang.Runtime x] | 7:10 spec.args[0]: found the tag | without tags",
                "env: {<<: {A: b}} | 7:9 spec.env: found a merge key | repeat the members",
                "env: {? [a] : b} | 7:11 spec.env: found a key that is no text | texts as keys",
                "env: {true: b} | 7:9 spec.env: found the key true, which YAML reads as no text | write it in quotes",
                "env: {A: b, A: c} | 7:15 spec.env.A: found the key a second time (first at 7:9) | remove one of the two",
                "isolation: 'trusted | 8:1 spec.isolation: found a syntax error | YAML 1.2",
                "env: {A: \"\\u0000\"} | 7:9 spec.env.A: found the character U+0000 at index 0 | remove it",
                "env: {A: \"\\ud800\"} | 7:9 spec.env.A: found the character U+D800 at index 0 | remove it",
            })
    void each_problem_has_position_path_and_what_is_allowed(String line, String place, String allowed) {
        assertThat(onlyIn("  " + line + "\n")).startsWith("agent.yaml:" + place).contains(allowed);
    }

    @Test
    void values_that_may_be_secrets_are_never_shown() {
        InvalidSpecException refused = refusal((HEAD + """
                  command: canary
                  args: [[canary], {canary: canary}]
                  env:
                    A: [canary]
                    B: 47110815
                    C: "lantern.secret://tenant/canary"
                    D: "sk-canarycanarycanarycanary"
                    E: "canary\\u0007"
                  secrets:
                    - env_name: F
                      secret_uri: canary
                    - env_name: G
                      secret_uri: [canary]
                  egress_rules:
                    - pattern: a.example.com
                      credential: canary
                """).getBytes(StandardCharsets.UTF_8));

        assertThat(refused.problems()).hasSize(11);
        assertThat(refused.getMessage()).doesNotContain("canary").doesNotContain("47110815");
        assertThat(refusal((HEAD + "  env:\n    A: \"canary: x\" canary\n").getBytes(StandardCharsets.UTF_8)))
                .satisfies(e ->
                        assertThat(e.getMessage()).contains("a syntax error").doesNotContain("canary"))
                .satisfies(e -> assertThat(e.getCause()).isNull());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 2:1 (document): found an empty document",
                "# nothing | 2:1 (document): found an empty document",
                "'%YAML 1.1\n---\na: b' | 1:1 (document): found a YAML directive",
                "'[a]' | 1:1 (document): found a list; allowed: a mapping with apiVersion, kind, metadata, spec",
                "text | 1:1 (document): found the text \"text\"",
            })
    void documents_that_are_no_spec_at_all(String document, String problem) {
        assertThat(refusal((document + "\n").getBytes(StandardCharsets.UTF_8))
                        .problems()
                        .get(0)
                        .toString())
                .startsWith("agent.yaml:" + problem);
    }

    @Test
    void a_second_document_is_refused_where_it_begins() {
        assertThat(onlyIn("---\na: b\n")).startsWith("agent.yaml:7:1 (document): found a second document");
    }

    @Test
    void a_file_of_another_format_is_told_what_is_missing() {
        InvalidSpecException refused =
                refusal("name: x\nmodel: auto\nisolation:\n  class: trusted\n".getBytes(StandardCharsets.UTF_8));

        assertThat(refused.getMessage()).contains("add apiVersion: lantern.dev/v1", "1:1 name: found an unknown field");
    }

    @Test
    void bytes_that_are_no_utf8_are_refused_at_their_place() {
        byte[] latin = (HEAD + "  env: {A: caf\u00e9}\n").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(only(latin)).startsWith("agent.yaml:7:15 (document): found the byte 0xe9, which is not UTF-8 here");
        assertThat(only(new byte[] {'a', (byte) 0xc3})).startsWith("agent.yaml:1:2 (document): found the byte 0xc3");
        assertThat(only(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})).contains("not UTF-8");
        assertThat(only(new byte[] {(byte) 0xc0, (byte) 0xaf})).contains("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
    void byte_order_marks_are_refused(String charset) {
        byte[] marked = ("\ufeff" + HEAD).getBytes(Charset.forName(charset));

        assertThat(only(marked))
                .startsWith("agent.yaml:1:1 (document): found a byte order mark")
                .endsWith("without BOM");
    }

    @Test
    void control_characters_are_refused_each_at_its_place() {
        assertThat(onlyIn("  env: {A: b\u0007}\n"))
                .startsWith("agent.yaml:7:13 (document): found the character U+0007");
        assertThat(refusal("a: \u0000\nb: \u0085\nc: \u2028\ud83d\ude00\u202e\u0001".getBytes(StandardCharsets.UTF_8))
                        .problems())
                .extracting(p -> p.position().orElseThrow().toString())
                .containsExactly("agent.yaml:1:4", "agent.yaml:2:4", "agent.yaml:3:4", "agent.yaml:3:7");
    }

    @Test
    void columns_count_code_points() {
        assertThat(onlyIn("  env: {A: \"\ud83d\ude00\", PORT: 80}\n")).startsWith("agent.yaml:7:23 spec.env.PORT");
    }

    // What must stay small.

    @Test
    void depth_is_bounded_before_a_tree_exists() {
        assertThat(onlyIn("  args: " + "[".repeat(100_000) + "\n"))
                .startsWith("agent.yaml:7:23 spec.args[0][0]")
                .contains("more than 16 levels");
        assertThat(onlyIn("  args: " + "{a: ".repeat(50_000) + "\n")).contains("more than 16 levels");
        assertThat(onlyIn("  args:\n    " + "- ".repeat(100_000) + "\n")).contains("more than 16 levels");
    }

    @Test
    void size_is_bounded_to_the_byte() {
        String rest = "  isolation: trusted\n#";
        String largest = HEAD + rest + "x".repeat(AgentSpec.MAX_BYTES - HEAD.length() - rest.length());

        assertThat(AgentSpec.parse("x", largest.getBytes(StandardCharsets.UTF_8))
                        .isolation())
                .isEqualTo(Isolation.TRUSTED);
        assertThat(only(largest + "x"))
                .startsWith("agent.yaml:1:1 (document): found a document of more than 262144 bytes");
    }

    @Test
    void an_alias_bomb_expands_to_nothing() {
        StringBuilder bomb = new StringBuilder(HEAD).append("  a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("  a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }

        InvalidSpecException refused = refusal(bomb.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(refused.problems()).hasSize(ProblemList.MOST + 1);
        assertThat(refused.problems().get(ProblemList.MOST).toString())
                .contains("more problems", "correct these first");
    }

    @Test
    void a_hundred_thousand_mistakes_make_a_hundred_problems() {
        assertThat(refusal((HEAD + "  x:\n".repeat(60_000)).getBytes(StandardCharsets.UTF_8))
                        .problems()
                        .size())
                .isLessThanOrEqualTo(ProblemList.MOST + 1);
        assertThat(refusal((HEAD + "  args: [" + "1,".repeat(100_000) + "1]\n").getBytes(StandardCharsets.UTF_8))
                        .problems()
                        .size())
                .isLessThanOrEqualTo(ProblemList.MOST + 1);
    }

    @Test
    void a_file_of_100_megabytes_is_refused_after_its_first_bytes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("huge.yaml");
        try (var channel = Files.newByteChannel(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(100L * 1024 * 1024);
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {'x'}));
        }

        assertThatThrownBy(() -> AgentSpec.load(file))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("huge.yaml:1:1 (document): found a document of more than 262144 bytes");
    }

    @Test
    void a_file_is_read_and_named(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my-agent.yaml"), HEAD);

        assertThat(AgentSpec.load(file).name()).isEqualTo("hello");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> AgentSpec.load(file)).hasMessageStartingWith("my-agent.yaml is not valid");
        assertThatThrownBy(() -> AgentSpec.load(folder.resolve("absent.yaml")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("absent.yaml cannot be read: NoSuchFileException");
        assertThatThrownBy(() -> AgentSpec.load(folder)).hasMessageContaining("cannot be read");
    }
}
