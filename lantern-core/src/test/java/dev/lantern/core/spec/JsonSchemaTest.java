package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lantern.spec.InvalidSpecException;
import dev.lantern.spec.SpecProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The published JSON Schema takes what the reader takes, except for the rules named here. */
class JsonSchemaTest {
    private static final String RESOURCE = "/META-INF/lantern/agent-spec-v1.schema.json";
    private static final YamlSpecReader READER = new YamlSpecReader();
    private static final int DOCUMENTS = 20_000;
    private static final int LEAST_ACCEPTED = 5_000;
    private static final int LEAST_REFUSED = 10_000;

    /** What JSON Schema cannot say; docs/agent-yaml.md lists the same names. */
    static final Map<String, Predicate<SpecProblem>> ONLY_THE_READER = new TreeMap<>(Map.of(
            "amount_range",
                    p -> p.path().toString().matches(".*\\.(vcpu|memory|scratch_size|timeout|ttl)")
                            && !p.found().startsWith("the "),
            "number_notation", JsonSchemaTest::isNotation,
            "cidr_bits",
                    p -> p.path().toString().endsWith(".pattern") && p.found().contains("/"),
            "secret_names_once", p -> p.found().contains("which is also the name of spec.secrets["),
            "env_is_no_secret", p -> p.found().startsWith("the name of the secret spec.secrets["),
            "labels_agree", p -> p.allowed().endsWith("as metadata.labels says"),
            "canonical_size", p -> p.found().startsWith("a canonical form of ")));

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text(), InputFormat.JSON);

    @Test
    void what_is_published_is_what_is_shipped() throws IOException {
        assertThat(Files.readString(Repository.root().resolve("docs/agent-spec-v1.schema.json")))
                .isEqualTo(text());
    }

    @Test
    void schema_and_reader_accept_the_same_documents() {
        Documents documents = new Documents(20_260_101);
        Map<String, Integer> exceptions = new TreeMap<>();
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            Map<String, Object> document = i % 4 == 0 ? documents.valid() : documents.changed();
            String yaml = YamlText.of(document, i);
            Optional<InvalidSpecException> refusal = refusal(yaml);
            String json = YamlText.json(document);
            List<com.networknt.schema.Error> errors = schema.validate(json, InputFormat.JSON);
            if (refusal.isEmpty()) {
                accepted++;
                assertThat(errors)
                        .as("the reader takes what the schema refuses:%n%s", yaml)
                        .isEmpty();
            } else {
                refused++;
                if (errors.isEmpty()) {
                    String rule = onlyTheReader(refusal.get(), yaml);
                    exceptions.merge(rule, 1, Integer::sum);
                }
            }
        }
        System.out.println("JSON Schema against reader: " + DOCUMENTS + " documents, " + accepted + " accepted and "
                + refused + " refused by both, except by rules only the reader has " + exceptions);
        assertThat(accepted).isGreaterThanOrEqualTo(LEAST_ACCEPTED);
        assertThat(refused).isGreaterThanOrEqualTo(LEAST_REFUSED);
    }

    /** The rule by which the reader alone refuses; fails if any of the problems is none of the known rules. */
    private static String onlyTheReader(InvalidSpecException refusal, String yaml) {
        List<String> rules =
                refusal.problems().stream().map(JsonSchemaTest::rule).toList();
        assertThat(rules)
                .as("the schema takes what the reader refuses:%n%s%n%s", yaml, refusal.getMessage())
                .doesNotContain("");
        return rules.get(0);
    }

    /** JSON knows only the value: 1.00 is the integer 1 to it, and it counts no decimals. */
    private static boolean isNotation(SpecProblem problem) {
        boolean integer = problem.allowed().startsWith("a whole number")
                && problem.found().matches("(the number )?\"?-?[0-9]+\\.0+\"?");
        return integer
                || problem.allowed().contains("at most 9 decimals")
                || problem.allowed().startsWith("numbers in plain");
    }

    private static String rule(SpecProblem problem) {
        return ONLY_THE_READER.entrySet().stream()
                .filter(rule -> rule.getValue().test(problem))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static Optional<InvalidSpecException> refusal(String yaml) {
        try {
            READER.parse("agent.yaml", yaml.getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (InvalidSpecException e) {
            return Optional.of(e);
        }
    }

    private static String text() {
        try (InputStream in = YamlSpecReader.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
