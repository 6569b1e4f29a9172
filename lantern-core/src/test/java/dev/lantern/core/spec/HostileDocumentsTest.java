package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.InvalidSpecException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Documents of the largest size, each made to cost as much as it can. */
class HostileDocumentsTest {
    /** Allocated in all, not held; a document has 256 KiB. */
    private static final long MOST_BYTES = 192L << 20;

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String HEAD =
            "apiVersion: lantern.dev/v1\nkind: AgentSpec\nmetadata:\n  name: hello\nspec:\n  image_digest: a:b\n";

    private static Map<String, String> documents() {
        Map<String, String> documents = new TreeMap<>();
        documents.put("nested lists", HEAD + "  args: " + fill("["));
        documents.put("nested mappings", HEAD + "  env: " + fill("{a: "));
        documents.put("nested blocks", HEAD + "  args:\n    " + fill("- "));
        documents.put("explicit keys", HEAD + "  env:\n    " + fill("? "));
        documents.put("many keys", HEAD + numbered("  k%d:\n"));
        documents.put("one key again and again", HEAD + fill("  x: y\n"));
        documents.put("many items", HEAD + "  args: [" + fill("a,") + "]\n");
        documents.put("many wrong items", HEAD + "  args: [" + fill("1,") + "]\n");
        documents.put("many anchors", HEAD + "  args: [" + fill("&a x,") + "]\n");
        documents.put("many aliases", HEAD + "  args: [&a x, " + fill("*a,") + "]\n");
        documents.put("many tags", HEAD + "  args: [" + fill("!a x,") + "]\n");
        documents.put("one long plain word", HEAD + "  env: {A: " + fill("a") + "}\n");
        documents.put("one long number", HEAD + "  limits: {max_steps: " + fill("9") + "}\n");
        documents.put("one long decimal", HEAD + "  limits: {max_cost_usd: 0." + fill("0") + "1}\n");
        documents.put("one long quantity", HEAD + "  limits: {memory: '" + fill("9") + "Gi'}\n");
        documents.put("one long image", HEAD.replace("a:b", fill("a-")));
        documents.put("one long host", HEAD + "  egress_rules: [{pattern: '" + fill("a.") + "'}]\n");
        documents.put("one long block", HEAD + "  env:\n    A: |\n" + fill("      x\n"));
        documents.put("one long block of empty lines", HEAD + "  env:\n    A: |+\n      x\n" + fill("\n") + "\n");
        documents.put("one long key", HEAD + "  " + fill("k") + ": x\n");
        documents.put("one long quoted key", HEAD + "  \"" + fill("k") + "\": x\n");
        documents.put("one open quote", HEAD + "  env: {A: \"" + fill("x\n "));
        documents.put("many escapes", HEAD + "  env: {A: \"" + fill("\\u0041") + "\"}\n");
        documents.put("many comments", HEAD + fill("#\n"));
        documents.put("many spaces", HEAD + fill(" "));
        documents.put("many documents", fill("---\n"));
        documents.put("many directives", fill("%TAG !a! !b\n"));
        documents.put("many control characters", fill("\u0001"));
        documents.put("many colons", HEAD + "  a" + fill(": a"));
        documents.put("many env entries", HEAD + "  env:\n" + numbered("    A%d: b\n"));
        documents.put("many rules", HEAD + "  egress_rules:\n" + fill("    - {}\n"));
        documents.put(
                "many secrets of one name",
                HEAD + "  secrets:\n" + fill("    - {env_name: A, secret_uri: 'lantern.secret://tenant/a/key/b'}\n"));
        return documents;
    }

    @Test
    void no_document_costs_more_than_its_size_allows() {
        Map<String, Long> costs = new TreeMap<>();
        documents().forEach((name, document) -> costs.put(name, cost(name, document.getBytes(StandardCharsets.UTF_8))));

        String dearest = costs.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        System.out.println("hostile agent.yaml: " + costs.size() + " documents of about 256 KiB, at most "
                + (costs.get(dearest) >> 20) + " MiB allocated for one (" + dearest + ")");
        assertThat(costs)
                .hasSizeGreaterThanOrEqualTo(32)
                .allSatisfy((name, bytes) -> assertThat(bytes).as(name).isLessThan(MOST_BYTES));
    }

    @Test
    void a_hundred_megabytes_cost_nothing() {
        byte[] huge = new byte[100 << 20];
        Arrays.fill(huge, (byte) 'a');

        assertThat(cost("100 MB", huge)).isLessThan(1 << 20);
    }

    private static long cost(String name, byte[] yaml) {
        long before = Allocation.ofThisThread();
        assertTimeout(LONGEST, () -> read(yaml), name);
        return Allocation.ofThisThread() - before;
    }

    private static void read(byte[] yaml) {
        try {
            new YamlSpecReader().parse("hostile", yaml);
        } catch (InvalidSpecException refused) {
            assertThat(refused.problems()).hasSizeLessThanOrEqualTo(ProblemList.MOST + 1);
            assertThat(refused.getMessage().length()).isLessThan(200_000);
        }
    }

    /** As often as it fits behind the head. */
    private static String fill(String piece) {
        return piece.repeat((AgentSpec.MAX_BYTES - 400) / piece.getBytes(StandardCharsets.UTF_8).length);
    }

    private static String numbered(String line) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; out.length() < AgentSpec.MAX_BYTES - 400; i++) {
            out.append(String.format(line, i));
        }
        return out.toString();
    }
}
