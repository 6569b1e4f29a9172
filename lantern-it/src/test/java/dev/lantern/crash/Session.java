package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The session of an instance's harness and agent and of whatever they started: a signal reaches all of it.
 *
 * @param pid the file in which the agent noted its process
 */
record Session(Path pid) {

    void signal(String signal) {
        try {
            String id =
                    run("ps", "-o", "sid=", "-p", Files.readString(pid).strip()).strip();
            run("pkill", "-" + signal, "-s", id);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", command), output)
                .isZero();
        return output;
    }
}
