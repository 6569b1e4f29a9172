package dev.lantern.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run of the tests against a real cluster, as {@code docs/evidence/cluster-<date>.json} holds it.
 *
 * @param date of the run, ISO 8601
 * @param commit what was tested
 * @param cluster what it was tested on; names no machine
 * @param tests what came of each test
 */
record Evidence(String date, String commit, JsonNode cluster, List<TestOutcome> tests) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    Evidence {
        tests = List.copyOf(tests);
    }

    String version() {
        return cluster.path("version").asText();
    }

    /** The newest one; empty if there is none. */
    static Optional<Evidence> newest(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            Optional<Path> last = files.filter(
                            file -> file.getFileName().toString().matches("cluster-[0-9]{4}-[0-9]{2}-[0-9]{2}\\.json"))
                    .max(Path::compareTo);
            return last.isPresent() ? Optional.of(read(last.get())) : Optional.empty();
        }
    }

    private static Evidence read(Path file) throws IOException {
        JsonNode json = JSON.readTree(file.toFile());
        List<TestOutcome> tests = new ArrayList<>();
        for (JsonNode test : json.path("tests")) {
            tests.add(new TestOutcome(
                    test.path("class").asText(),
                    test.path("test").asText(),
                    test.path("outcome").asText(),
                    test.path("why").asText()));
        }
        return new Evidence(json.path("date").asText(), json.path("commit").asText(), json.path("cluster"), tests);
    }

    void write(Path directory) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("date", date).put("commit", commit).set("cluster", cluster);
        ObjectNode counts = json.putObject("counts");
        for (String outcome : List.of(TestOutcome.PASSED, TestOutcome.FAILED, TestOutcome.SKIPPED)) {
            counts.put(
                    outcome,
                    tests.stream()
                            .filter(test -> test.outcome().equals(outcome))
                            .count());
        }
        ArrayNode list = json.putArray("tests");
        for (TestOutcome test : tests) {
            ObjectNode one = list.addObject()
                    .put("class", test.type())
                    .put("test", test.test())
                    .put("outcome", test.outcome());
            if (!test.why().isEmpty()) {
                one.put("why", test.why());
            }
        }
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("cluster-" + date + ".json"), JSON.writeValueAsString(json) + "\n");
    }
}
