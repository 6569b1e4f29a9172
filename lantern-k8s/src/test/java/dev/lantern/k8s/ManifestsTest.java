package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ManifestsTest {
    private static final Path DEPLOY = Path.of("../deploy/kubernetes");

    @TestFactory
    Stream<DynamicTest> file_is_what_the_code_writes() {
        return Manifests.files().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getKey(), () -> Golden.compare(DEPLOY.resolve(file.getKey()), file.getValue())));
    }

    @Test
    void every_file_is_written_by_the_code_and_lies_in_the_jar() throws IOException {
        try (Stream<Path> files = Files.list(DEPLOY)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Manifests.files().keySet());
        }
        for (Map.Entry<String, String> file : Manifests.files().entrySet()) {
            try (InputStream in = Manifests.class.getResourceAsStream("deploy/" + file.getKey())) {
                assertThat(in).as(file.getKey()).isNotNull();
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(file.getValue());
            }
        }
    }

    @Test
    void yaml_reads_back_as_the_tree_it_was_written_from() {
        List<Manifest> all = new ArrayList<>(AdmissionPolicies.all());
        all.addAll(Manifests.example().manifests());
        all.addAll(HostRoles.clusterWide("s", "a"));
        all.addAll(HostRoles.inNamespace("n", "s", "a"));
        all.addAll(HostRoles.secrets("n", "s", "a", "one", "two"));
        all.addAll(RuntimeClassExamples.all());
        all.add(new Manifest("hard texts", Persisted.json("""
                {"texts":["yes","No","null","~","1","1.5","0x1F","1e3","2026-01-01","","- a","a: b","a #b","#","@a",
                 "with \\"quotes\\"","back\\\\slash","line\\nbreak","tab\\t","ünï","*","&x","!t","%d","{a}","[b]","a,b",
                 " lead","trail ","true story","y","N","on","=","<<","?"],"yes":"no","1":1,"empty":{},"none":[],
                 "deep":[{"a":[{"b":[1,true,null,{"c":"d"}]}]}]}""")));

        assertThat(parsed(YamlText.of(all)))
                .isEqualTo(all.stream().map(Manifest::object).toList());
    }

    /** Kubernetes reads YAML 1.1, as this parser does; the tree is then compared as JSON. */
    static List<JsonObject> parsed(String yaml) {
        List<JsonObject> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            JsonElement tree = new GsonBuilder()
                    .serializeNulls()
                    .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
                    .create()
                    .toJsonTree(document);
            documents.add(JsonParser.parseString(tree.toString()).getAsJsonObject());
        }
        return documents;
    }

    @Test
    void host_may_touch_neither_secrets_nor_nodes_nor_make_a_pod() {
        for (List<Manifest> roles : List.of(HostRoles.clusterWide("s", "a"), HostRoles.inNamespace("n", "s", "a"))) {
            List<String> granted = new ArrayList<>();
            for (Manifest manifest : roles) {
                if (manifest.object().has("rules")) {
                    manifest.object().getAsJsonArray("rules").forEach(rule -> granted.addAll(granted(rule)));
                }
            }
            assertThat(granted)
                    .doesNotHaveDuplicates()
                    .noneMatch(right -> right.contains("secrets") || right.contains("*"))
                    .noneMatch(right -> right.contains("nodes/") || right.contains("pods/exec"))
                    .filteredOn(right -> !right.matches(".* (get|list|watch)"))
                    .containsExactlyInAnyOrder(
                            "jobs create", "jobs delete", "pods patch", "persistentvolumeclaims create");
        }
    }

    @Test
    void role_for_secrets_gets_named_ones_and_does_nothing_else() {
        JsonObject role =
                HostRoles.secrets("n", "s", "a", "lantern-acme").get(0).object();

        assertThat(role.get("kind").getAsString()).isEqualTo("Role");
        assertThat(role.getAsJsonArray("rules").toString())
                .isEqualTo("[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":[\"get\"],"
                        + "\"resourceNames\":[\"lantern-acme\"]}]");
    }

    private static List<String> granted(JsonElement rule) {
        List<String> rights = new ArrayList<>();
        JsonElement resources = rule.getAsJsonObject().get("resources");
        JsonElement group = rule.getAsJsonObject().get("apiGroups");
        if (resources != null) {
            String prefix = group.toString().contains("metrics") ? "metrics " : "";
            resources
                    .getAsJsonArray()
                    .forEach(resource -> rule.getAsJsonObject()
                            .getAsJsonArray("verbs")
                            .forEach(verb -> rights.add(prefix + resource.getAsString() + " " + verb.getAsString())));
        }
        return rights;
    }

    @Test
    void every_class_has_an_overhead_of_its_own() {
        assertThat(RuntimeClassExamples.all())
                .extracting(manifest ->
                        manifest.object().getAsJsonObject("overhead").toString())
                .doesNotHaveDuplicates()
                .allSatisfy(overhead -> assertThat(overhead).contains("cpu", "memory"));
    }

    @Test
    void template_and_policies_speak_of_the_same_names() {
        String policies = AdmissionPolicies.all().toString();
        JsonObject pod = JobTemplate.podOf(JobTemplate.of(Requests.untrusted()));

        assertThat(pod.getAsJsonObject("metadata").getAsJsonObject("labels").keySet())
                .allSatisfy(label -> assertThat(policies).contains(label));
        assertThat(policies).contains("'" + PodSpec.AGENT + "'", "'" + PodSpec.HARNESS + "'", "'" + Marks.GATE + "'");
    }
}
