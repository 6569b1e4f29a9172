package dev.lantern.core.spec;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SpecReader;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The reader of {@code agent.yaml}: YAML 1.2 with the core schema, without anchors, aliases, merge keys, tags and
 * directives. Stateless and thread-safe.
 *
 * <p>Time and memory are bounded by {@link AgentSpec#MAX_BYTES}, whatever the document holds: larger ones are
 * refused before they are decoded, deeper or more numerous nodes than any spec needs while they are scanned.
 */
public final class YamlSpecReader implements SpecReader {

    /** Made by {@link java.util.ServiceLoader}. */
    public YamlSpecReader() {}

    @Override
    public AgentSpec read(Path file) {
        return parse(String.valueOf(Objects.requireNonNullElse(file.getFileName(), file)), bytes(file));
    }

    @Override
    public AgentSpec parse(String origin, byte[] yaml) {
        ProblemList problems = new ProblemList(origin);
        try {
            String text = SpecText.decode(yaml, problems);
            AgentSpec.Builder spec = new SpecDecoder(problems).decode(YamlTree.read(text, problems));
            return problems.build(spec).orElseThrow(problems::exception);
        } catch (ProblemList.Unreadable stop) {
            // The rest of the document cannot be read; what was found up to there is reported.
            throw problems.exception();
        }
    }

    /** One byte more than allowed is enough to refuse the rest. */
    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(AgentSpec.MAX_BYTES + 1);
        } catch (IOException e) {
            throw new LanternException(
                    "agent spec " + file + " cannot be read: " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    e);
        }
    }
}
