package dev.lantern.agent.harness.process;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the first start of a pod's harness from every later one. A harness that starts again has lost its key and what it
 * knew, and the agent may run beside it. Its scratch outlives a restart of its container, and not the pod.
 */
final class FirstStart {
    private static final String MARK = "lantern-harness-has-started";

    private FirstStart() {}

    /**
     * Leaves the mark.
     *
     * @return whether there was none
     * @throws LanternException if that cannot be told
     */
    static boolean claim(Path scratch) {
        try {
            Files.createFile(scratch.resolve(MARK));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new LanternException(
                    "cannot tell whether this is the first start of the harness in this pod: no mark can be left in "
                            + scratch + " (" + e.getClass().getSimpleName() + ")",
                    e);
        }
    }
}
