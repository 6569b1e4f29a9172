package dev.lantern.agent.harness.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.agent.Effect;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Opening;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The page and the OpenAPI file say what is served, and the page's shell is run. */
final class AgentProtocolDocTest {
    private static final Path PAGE = docs().resolve("agent-protocol.md");
    private static final Path OPENAPI = docs().resolve("agent-protocol.openapi.yaml");

    @TempDir
    private Path folder;

    @Test
    void openapi_file_lists_exactly_what_is_served() throws IOException {
        TreeSet<String> listed = new TreeSet<>();
        paths().forEach((path, operations) -> operations.keySet().forEach(method -> {
            listed.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path);
        }));
        TreeSet<String> served = new TreeSet<>();
        for (Endpoint endpoint : Endpoint.values()) {
            served.add(endpoint.method() + " " + endpoint.template());
        }

        assertThat(listed).isEqualTo(served).hasSize(11);
    }

    @Test
    void openapi_file_lists_exactly_the_query_parameters_that_are_known() throws IOException {
        for (Endpoint endpoint : Endpoint.values()) {
            List<String> listed = new ArrayList<>();
            Map<String, Object> operation =
                    map(paths().get(endpoint.template()).get(endpoint.method().toLowerCase(java.util.Locale.ROOT)));
            for (Object parameter : (List<?>) operation.getOrDefault("parameters", List.of())) {
                Map<String, Object> resolved = resolved(map(parameter));
                if (resolved.get("in").equals("query")) {
                    listed.add((String) resolved.get("name"));
                }
            }
            assertThat(listed).as(endpoint.template()).containsExactlyInAnyOrder(endpoint.parameters());
        }
    }

    @Test
    void every_reference_of_the_openapi_file_leads_somewhere() throws IOException {
        List<String> references = new ArrayList<>();
        Files.readString(OPENAPI).lines().filter(line -> line.contains("$ref")).forEach(line -> {
            references.add(line.substring(line.indexOf("#/"), line.lastIndexOf('"')));
        });

        assertThat(references)
                .hasSizeGreaterThan(20)
                .allSatisfy(reference -> assertThat(at(reference)).isNotNull());
    }

    @Test
    void every_path_stands_on_the_page_with_curl() throws IOException {
        String page = Files.readString(PAGE);
        for (Endpoint endpoint : Endpoint.values()) {
            String sample = endpoint.template().replace("{name}", "[A-Za-z_]+").replace("/", "\\/");
            assertThat(page).containsPattern("curl [^`]*" + sample + "[?\" ]");
        }
    }

    @Test
    void python_on_the_page_is_the_agent_that_whole_agents_test_runs() throws IOException {
        String agent = Files.readString(docs().resolve("agents/agent.py"));

        assertThat(Files.readString(PAGE)).contains("```python\n" + agent + "```\n");
    }

    @Test
    void agent_on_the_page_runs_each_command_once_and_goes_on_after_a_crash() throws Exception {
        requireCurl();
        ModelOwner owner = new ModelOwner();
        try (LoopbackFixture first = new LoopbackFixture(owner)) {
            Result result = shell(first, shell(0) + "\nlantern_step summarise ./ask-model one >/dev/null; kill -9 $$");
            assertThat(result.code()).isEqualTo(137);
        }
        // The next instance: its harness knows nothing, the journal everything.
        try (LoopbackFixture second = new LoopbackFixture(owner)) {
            Result result = shell(second, shell(0) + "\n" + shell(1));
            assertThat(result.errors()).isEmpty();
            assertThat(result.code()).isZero();
        }

        assertThat(Files.readAllLines(folder.resolve("effects")))
                .containsExactly("ask key/summarise#1", "mail key/notify#1 a \"short\" text");
        assertThat(new String(owner.output().bytes(), StandardCharsets.UTF_8)).isEqualTo("a \"short\" text");
        assertThat(owner.output().mediaType()).isEqualTo("text/plain");
        assertThat(owner.results()).hasSize(2);
    }

    @Test
    void command_that_fails_fails_its_step_and_may_be_tried_again() throws Exception {
        requireCurl();
        try (LoopbackFixture f = new LoopbackFixture(new ModelOwner())) {
            Result result =
                    shell(f, shell(0) + "\nlantern_step a false || lantern_step a echo second; echo \"$STEP_KEY\"");
            assertThat(result.output()).isEqualTo("second\nkey/a#1\n");
            assertThat(f.owner.results()).containsOnlyKeys(StepId.occurrence("a", 1));
        }
    }

    @Test
    void step_in_doubt_stops_the_shell_with_words() throws Exception {
        requireCurl();
        ModelOwner owner = new ModelOwner().doubting(StepId.occurrence("a", 1), Effect.AT_MOST_ONCE);
        try (LoopbackFixture f = new LoopbackFixture(owner)) {
            Result result = shell(f, shell(0) + "\nlantern_step a touch ran");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.errors()).contains("step-in-doubt", "Find out, do not run it again before you know");
            assertThat(folder.resolve("ran")).doesNotExist();
        }
    }

    @Test
    void every_call_on_the_page_works() throws Exception {
        requireCurl();
        ModelOwner owner = new ModelOwner().doubting(StepId.occurrence("charge", 1), Effect.AT_MOST_ONCE);
        owner.granting("API_KEY", "a value");
        String page = Files.readString(PAGE);
        String calls = page.substring(page.indexOf("## Calls"));
        StringBuilder script =
                new StringBuilder("set -eu\ntoken=t1 call=c1\necho x > plan.txt; echo {} > report.json\n");
        script.append(block(calls, 0)).append("\nkey=$(cat body)\n");
        String completeAndFail = block(calls, 1);
        script.append(block(calls, 3).lines().limit(2).reduce("", (a, b) -> a + b + "\n"));
        script.append(completeAndFail.lines().findFirst().orElseThrow()).append('\n');
        script.append("key=$(curl -fsS -X POST \"$LANTERN_URL/v1/steps/plan/begin\")\n");
        script.append(completeAndFail.lines().skip(1).findFirst().orElseThrow()).append('\n');
        script.append(block(calls, 2)).append('\n');
        script.append(block(calls, 3).lines().skip(2).reduce("", (a, b) -> a + b + "\n"));
        script.append(block(calls, 4)).append('\n');
        script.append(block(calls, 5)).append('\n');
        try (LoopbackFixture f = new LoopbackFixture(owner)) {
            Result result = shell(f, script.toString());
            assertThat(result.errors()).isEmpty();
            assertThat(result.code()).isZero();
            assertThat(result.output()).contains("\"say\":", "{\"id\":4711}", "\"name\":\"API_KEY\"");
        }
        assertThat(owner.completions().get(0).record().usage()).hasSize(1);
        assertThat(owner.reports()).isEqualTo(1);
        assertThat(owner.output().mediaType()).isEqualTo("application/json");
    }

    @Test
    void curl_sends_a_large_body_after_asking() throws Exception {
        requireCurl();
        ModelOwner owner = new ModelOwner();
        byte[] large = new byte[3_000_000];
        new java.util.Random(3).nextBytes(large);
        Files.write(folder.resolve("large"), large);
        try (LoopbackFixture f = new LoopbackFixture(owner)) {
            Result result = shell(
                    f,
                    "curl -fsSv -H 'Expect: 100-continue' -H 'Content-Type: image/png' --data-binary @large $LANTERN_URL/v1/output");
            assertThat(result.code()).isZero();
            assertThat(result.errors()).contains("100 Continue");
            Result chunked = shell(
                    f,
                    "curl -fsS -H 'Transfer-Encoding: chunked' -H 'Content-Type: image/png' --data-binary @large $LANTERN_URL/v1/output");
            assertThat(chunked.code()).isZero();
        }
        assertThat(owner.output()).extracting(Opening::bytes).isEqualTo(large);
    }

    private record Result(int code, String output, String errors) {}

    private Result shell(LoopbackFixture f, String script) throws Exception {
        Files.writeString(
                folder.resolve("ask-model"),
                "#!/bin/sh\necho \"ask $STEP_KEY\" >> effects\nprintf 'a \"short\" text'\n");
        Files.writeString(folder.resolve("send-mail"), "#!/bin/sh\necho \"mail $STEP_KEY $1\" >> effects\n");
        folder.resolve("ask-model").toFile().setExecutable(true);
        folder.resolve("send-mail").toFile().setExecutable(true);
        File out = folder.resolve("stdout").toFile();
        File err = folder.resolve("stderr").toFile();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
        builder.directory(folder.toFile());
        builder.environment().put("LANTERN_URL", f.url.toString());
        Process process = builder.redirectOutput(out).redirectError(err).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    }

    private static String shell(int index) throws IOException {
        return block(Files.readString(PAGE), index);
    }

    private static String block(String page, int index) {
        String[] blocks = page.split("```sh\n");
        return blocks[index + 1].substring(0, blocks[index + 1].indexOf("\n```"));
    }

    private static void requireCurl() {
        boolean found = false;
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            found |= Files.isExecutable(Path.of(folder, "curl"));
        }
        assumeTrue(found, "curl is not installed");
    }

    private static Map<String, Map<String, Object>> paths() throws IOException {
        Map<String, Map<String, Object>> paths = new java.util.LinkedHashMap<>();
        map(openapi().get("paths")).forEach((path, operations) -> paths.put(path, map(operations)));
        return paths;
    }

    private static Map<String, Object> resolved(Map<String, Object> node) {
        return node.containsKey("$ref") ? map(at((String) node.get("$ref"))) : node;
    }

    private static Object at(String reference) {
        Object node = openapi();
        for (String part : reference.substring(2).split("/")) {
            node = map(node).get(part);
        }
        return node;
    }

    private static Map<String, Object> openapi() {
        try {
            return map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(OPENAPI)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    private static Path docs() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("docs"))) {
            here = here.getParent();
        }
        return here.resolve("docs");
    }
}
