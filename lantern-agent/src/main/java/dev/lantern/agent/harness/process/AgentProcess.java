package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.value.LanternException;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The agent as a child process with the harness's own standard output and error. Thread-safe. */
final class AgentProcess {
    private final Process process;

    private AgentProcess(Process process) {
        this.process = process;
    }

    /** @throws LanternException if the command cannot be started */
    static AgentProcess start(List<String> command, String url) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        // The harness's own input held the enrolment secret.
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Map<String, String> environment = builder.environment();
        environment.remove(Environment.GATEWAY);
        environment.remove(Environment.SECRET_FILE);
        environment.remove(Environment.URL_FILE);
        environment.put(Environment.URL, url);
        try {
            return new AgentProcess(builder.start());
        } catch (IOException e) {
            throw new LanternException("cannot start the agent \"" + command.get(0) + "\"", e);
        }
    }

    /**
     * Waits for the agent's end.
     *
     * @return its exit code, 128 and the signal's number for a signal
     */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** SIGTERM, and SIGKILL for it and its children if it is still there after {@code grace}. */
    void stop(Duration grace) {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        process.destroy();
        Deadline deadline = Deadline.after(grace);
        try {
            if (!process.waitFor(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
