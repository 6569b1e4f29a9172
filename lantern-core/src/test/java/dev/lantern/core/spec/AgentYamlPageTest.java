package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.InvalidSpecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/agent-yaml.md load, and its errors are the ones that appear. */
class AgentYamlPageTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("```yaml\\n(.*?)```(?:\\n\\n```text\\n(.*?)```)?", Pattern.DOTALL);

    @Test
    void every_example_does_what_the_page_says() throws IOException {
        List<MatchResult> examples = EXAMPLE.matcher(page()).results().toList();

        assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
        for (MatchResult example : examples) {
            byte[] yaml = example.group(1).getBytes(StandardCharsets.UTF_8);
            if (example.group(2) == null) {
                AgentSpec spec = AgentSpec.parse("agent.yaml", yaml);
                assertThat(spec.image().pinned()).isTrue();
            } else {
                InvalidSpecException refused =
                        catchThrowableOfType(InvalidSpecException.class, () -> AgentSpec.parse("agent.yaml", yaml));
                assertThat(refused.getMessage() + "\n").isEqualTo(example.group(2));
            }
        }
    }

    @Test
    void the_page_names_the_rules_that_the_schema_cannot_state() throws IOException {
        String page = page();

        assertThat(JsonSchemaTest.ONLY_THE_READER.keySet())
                .allSatisfy(rule -> assertThat(page).contains("| `" + rule + "` |"));
    }

    private static String page() throws IOException {
        return Files.readString(Repository.root().resolve("docs/agent-yaml.md"));
    }
}
