package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.TerminationSignal;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The harness as a process of its own: {@code HarnessMain [agent's command and arguments]}.
 *
 * <p>Environment: {@code LANTERN_GATEWAY} ({@code http://host:port}), {@code LANTERN_TENANT}, {@code LANTERN_RUN},
 * {@code LANTERN_EPOCH}; optional {@code LANTERN_ENROLMENT_FILE}, {@code LANTERN_RESULT_FILE},
 * {@code LANTERN_INPUT_FILE}, {@code LANTERN_URL_FILE}, {@code LANTERN_SECRETS}, {@code LANTERN_GRACE_SECONDS}. Without
 * {@code LANTERN_ENROLMENT_FILE} the enrolment secret is the first line of standard input.
 *
 * <p>Once enrolled it puts the run's secrets into {@code LANTERN_SECRETS}, if that is set, as files that it renews and
 * removes in the end. Then it starts the agent with {@code LANTERN_URL}, or without a command puts that into
 * {@code LANTERN_URL_FILE}. When the agent ends with 0 and has delivered no output, the result file is delivered.
 * Exits with the agent's code; with 64 for a configuration that is wrong and 69 when the instance was refused or
 * ended without an agent. On SIGTERM the agent is stopped first, then what is unanswered gets five seconds.
 *
 * <p><b>In a pod</b>, which {@code LANTERN_RELEASE_PORT} says, it is a native sidecar, and the agent a container beside it.
 * {@code LANTERN_URL}, {@code LANTERN_ENROLMENT_FILE}, {@code LANTERN_SECRETS}, {@code LANTERN_INPUT_FILE},
 * {@code LANTERN_RESULT_FILE} and {@code LANTERN_GRACE_SECONDS} are then needed as well, and there is no command. It
 * serves the agent at {@code LANTERN_URL}, reads the enrolment secret anew for each call, and once enrolled puts secrets
 * and input there and binds the release port on all addresses, for which the agent's container waits. On SIGTERM, which
 * comes when the agent has ended, it delivers the result file, unless an output was delivered, and waits for what is
 * unanswered, as long as the agent's grace and four seconds. Exits with 0 when everything is delivered, with 65 when the
 * result file holds no result that could be, and with 69 when the instance was refused or has ended, when something
 * could not be delivered, and when it is started a second time: then it does nothing.
 */
public final class HarnessMain {
    private HarnessMain() {}

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> environment = System.getenv();
        List<String> command = List.of(args);
        System.exit(PodConfig.isMeant(environment) ? inPod(environment, command) : withAgent(environment, command));
    }

    private static int withAgent(Map<String, String> environment, List<String> command) throws InterruptedException {
        HarnessConfig config;
        try {
            config = HarnessConfig.of(environment, System.in, command);
        } catch (LanternException e) {
            return refused(e, ExitCode.CONFIG);
        }
        HarnessProcess process = HarnessProcess.start(config);
        TerminationSignal.onArrival(process::end);
        return process.await();
    }

    private static int inPod(Map<String, String> environment, List<String> command) throws InterruptedException {
        PodConfig config;
        try {
            config = PodConfig.of(environment, command);
        } catch (LanternException e) {
            return refused(e, ExitCode.CONFIG);
        }
        PodHarness harness;
        try {
            if (!FirstStart.claim(Path.of(System.getProperty("java.io.tmpdir")))) {
                throw new LanternException("the harness of " + config + " was started before in this pod: it has lost"
                        + " its key, so this start does nothing, and the runtime ends the instance");
            }
            harness = PodHarness.behindDoor(config);
        } catch (LanternException e) {
            return refused(e, ExitCode.ENDED);
        }
        TerminationSignal.onArrival(harness::end);
        harness.start();
        return harness.await();
    }

    private static int refused(LanternException why, int code) {
        System.err.println("lantern: " + why.getMessage());
        return code;
    }
}
