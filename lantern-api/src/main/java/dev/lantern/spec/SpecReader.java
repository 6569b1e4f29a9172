package dev.lantern.spec;

import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Reads {@code agent.yaml}. Implemented by {@code lantern-core} and found by {@link ServiceLoader}; host
 * applications call {@link AgentSpec#load} and {@link AgentSpec#parse} instead.
 *
 * <p>Implementations hold no state and may be called from any thread.
 */
public interface SpecReader {

    /**
     * Reads one file.
     *
     * @throws InvalidSpecException with every problem and its place, if the file is no valid spec
     * @throws LanternException if the file cannot be read
     */
    AgentSpec read(Path file);

    /**
     * Reads one document from memory.
     *
     * @param origin how messages call the document, usually a file name
     * @param yaml the document in UTF-8
     * @throws InvalidSpecException with every problem and its place, if the document is no valid spec
     */
    AgentSpec parse(String origin, byte[] yaml);

    /**
     * The reader on the module path or class path.
     *
     * @throws LanternException if there is none
     */
    static SpecReader installed() {
        return ServiceLoader.load(SpecReader.class, SpecReader.class.getClassLoader())
                .findFirst()
                .or(() -> ServiceLoader.load(SpecReader.class).findFirst())
                .orElseThrow(() -> new LanternException(
                        "agent.yaml cannot be read: no SpecReader is installed; add dev.lantern:lantern-core to the"
                                + " module path or class path"));
    }
}
