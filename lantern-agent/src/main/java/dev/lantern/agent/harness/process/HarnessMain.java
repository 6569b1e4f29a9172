package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.TerminationSignal;
import dev.lantern.value.LanternException;
import java.util.List;

/**
 * The harness as a process of its own: {@code HarnessMain [agent's command and arguments]}.
 *
 * <p>Environment: {@code LANTERN_GATEWAY} ({@code http://host:port}), {@code LANTERN_TENANT}, {@code LANTERN_RUN},
 * {@code LANTERN_EPOCH}; optional {@code LANTERN_ENROLMENT_FILE}, {@code LANTERN_RESULT_FILE},
 * {@code LANTERN_INPUT_FILE}, {@code LANTERN_URL_FILE}, {@code LANTERN_GRACE_SECONDS}. Without
 * {@code LANTERN_ENROLMENT_FILE} the enrolment secret is the first line of standard input.
 *
 * <p>Once enrolled it starts the agent with {@code LANTERN_URL}, or without a command puts that into
 * {@code LANTERN_URL_FILE}. When the agent ends with 0 and has delivered no output, the result file is delivered.
 * Exits with the agent's code; with 64 for a configuration that is wrong and 69 when the instance was refused or
 * ended without an agent. On SIGTERM the agent is stopped first, then what is unanswered gets five seconds.
 */
public final class HarnessMain {
    private static final int EXIT_CONFIG = 64;

    private HarnessMain() {}

    public static void main(String[] args) throws InterruptedException {
        HarnessConfig config;
        try {
            config = HarnessConfig.of(System.getenv(), System.in, List.of(args));
        } catch (LanternException e) {
            System.err.println("lantern: " + e.getMessage());
            System.exit(EXIT_CONFIG);
            return;
        }
        HarnessProcess process = HarnessProcess.start(config);
        TerminationSignal.onArrival(process::end);
        System.exit(process.await());
    }
}
