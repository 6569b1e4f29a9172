package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.InvalidSpecException;
import dev.lantern.spec.SpecProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Broken documents bring a refusal with places, or a spec that survives its own canonical form; never anything else. */
@Tag("long")
class SpecMutationTest {
    private static final int MUTATIONS = 100_000;
    private static final int LEAST_ACCEPTED = 4_000;
    private static final int LEAST_REFUSED = 90_000;

    /** Pieces that mean something to YAML, to the format, or to a parser's author. */
    private static final List<String> PIECES = List.of(
            "&a ",
            "*a",
            "!!str ",
            "!x ",
            "<<: ",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "? ",
            ": ",
            "- ",
            "|\n",
            ">-\n",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\"",
            "'",
            "#",
            "\t",
            "\r",
            "\n",
            "\n\n",
            " ",
            "  ",
            "\\",
            "\"\\ud800\"",
            "\"\\U00110000\"",
            "\"\\xZZ\"",
            "\"\\u12\"",
            "\u0000",
            "\u0007",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\ud83d\ude00",
            ".nan",
            ".inf",
            "-1",
            "1e999",
            "0x1F",
            "0o17",
            "9".repeat(40),
            "null",
            "~",
            "true",
            "@",
            "`",
            "%",
            "a: a: a",
            "[[[[[[[[[[[[[[[[[[[[",
            "{a: {a: {a: {a: {a: {a: ",
            "- - - - - - - - - - - - - - - - - -",
            "x".repeat(2000),
            "x: &a [*a, *a]\n",
            "spec:\n",
            "metadata:\n",
            "  limits: {}\n");

    private final YamlSpecReader reader = new YamlSpecReader();

    @Test
    void nothing_but_refusals_with_places_comes_of_100_000_mutated_documents() {
        Random random = new Random(4711);
        List<byte[]> documents = documents();
        int accepted = 0;
        int problems = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] yaml = documents.get(i % documents.size());
            int changes = 1 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                yaml = random.nextBoolean() ? changeBytes(yaml, random) : changeLines(yaml, random);
            }
            int found = read(yaml, i);
            accepted += found == 0 ? 1 : 0;
            problems += found;
        }
        int refused = MUTATIONS - accepted;
        System.out.println("mutated agent.yaml: " + MUTATIONS + " documents, " + accepted + " accepted, " + refused
                + " refused with " + problems + " problems, each with line, column and path; 0 other exceptions");
        assertThat(accepted).isGreaterThanOrEqualTo(LEAST_ACCEPTED);
        assertThat(refused).isGreaterThanOrEqualTo(LEAST_REFUSED);
    }

    private static List<byte[]> documents() {
        Documents documents = new Documents(4711);
        List<byte[]> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            texts.add(YamlText.of(documents.valid(), i).getBytes(StandardCharsets.UTF_8));
        }
        return texts;
    }

    /** The number of problems; 0 for a spec, which then must come back from its canonical form. */
    private int read(byte[] yaml, int i) {
        try {
            AgentSpec spec = reader.parse("agent.yaml", yaml);
            byte[] canonical = spec.canonicalJson().getBytes(StandardCharsets.UTF_8);
            assertThat(reader.parse("canonical", canonical)).isEqualTo(spec);
            return 0;
        } catch (InvalidSpecException refused) {
            List<SpecProblem> problems = refused.problems();
            for (SpecProblem problem : problems) {
                SpecProblem.Position at = problem.position().orElseThrow();
                boolean complete = at.line() >= 1
                        && at.column() >= 1
                        && !problem.path().toString().isEmpty()
                        && !problem.found().isEmpty()
                        && !problem.allowed().isEmpty()
                        && problem.toString().indexOf('\n') < 0;
                if (!complete) {
                    throw new AssertionError("mutation " + i + " has an incomplete problem: " + problem);
                }
            }
            return problems.size();
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("mutation " + i + ":\n" + new String(yaml, StandardCharsets.UTF_8), e);
        }
    }

    private static byte[] changeBytes(byte[] yaml, Random random) {
        int at = random.nextInt(yaml.length + 1);
        int length = Math.min(random.nextInt(12), yaml.length - at);
        byte[] middle = switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> pick(random).getBytes(StandardCharsets.UTF_8);
            case 3 -> Arrays.copyOfRange(yaml, random.nextInt(at + 1), at);
            default -> flipped(Arrays.copyOfRange(yaml, at, at + length), random);
        };
        return join(Arrays.copyOf(yaml, at), middle, Arrays.copyOfRange(yaml, at + length, yaml.length));
    }

    private static byte[] changeLines(byte[] yaml, Random random) {
        List<String> lines = new ArrayList<>(List.of(new String(yaml, StandardCharsets.UTF_8).split("\n", -1)));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        int colon = line.indexOf(':');
        switch (random.nextInt(8)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, line);
            case 2 -> lines.set(at, "  " + line);
            case 3 -> lines.set(at, line.strip());
            case 4 -> lines.set(at, lines.set(random.nextInt(lines.size()), line));
            case 5 -> lines.set(at, line.substring(0, colon + 1) + " " + pick(random));
            case 6 ->
                lines.set(
                        at,
                        line.substring(0, colon + 1) + " "
                                + Documents.TEXTS.get(random.nextInt(Documents.TEXTS.size())));
            default ->
                lines.set(
                        at,
                        " ".repeat(2 * random.nextInt(4))
                                + Documents.FIELDS.get(random.nextInt(Documents.FIELDS.size()))
                                + line.substring(Math.max(0, colon)));
        }
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static String pick(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
