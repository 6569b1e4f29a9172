package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.spec.AgentSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code formats/spec-digest.json} holds; changing it is a new version of the format. */
class SpecDigestVectorsTest {
    private static final Path FILE = Repository.root().resolve("formats/spec-digest.json");

    @TestFactory
    Stream<DynamicTest> each_document_has_its_canonical_form_and_digest() throws IOException {
        return StreamSupport.stream(cases().spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").asText(), () -> holds(vector)));
    }

    @Test
    void there_are_enough_of_them() throws IOException {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(7);
    }

    private static void holds(JsonNode vector) {
        AgentSpec spec = parse(vector.get("yaml").asText());

        assertThat(spec.canonicalJson()).isEqualTo(vector.get("canonical").asText());
        assertThat(spec.digest().hex()).isEqualTo(vector.get("digest").asText());
        assertThat(parse(spec.canonicalJson())).isEqualTo(spec);
    }

    private static AgentSpec parse(String yaml) {
        return AgentSpec.parse("vector", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode cases() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(FILE)).get("cases");
    }
}
