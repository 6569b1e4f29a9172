package dev.lantern.agent.harness.process;

import dev.lantern.agent.harness.SecretsPlace;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a harness process is told at its start.
 *
 * @param secret the enrolment secret; from a file or from standard input, never from the command line or the
 *     environment, which other processes can read
 * @param resultFile where the agent may leave its result
 * @param inputFile where the input is put before the agent starts
 * @param urlFile where {@code LANTERN_URL} is put, for an agent that somebody else starts
 * @param secrets where the agent finds its secrets beside the loopback API
 * @param grace what the agent has between SIGTERM and SIGKILL
 * @param command the agent and its arguments; empty if somebody else starts it
 */
record HarnessConfig(
        GatewayAddress gateway,
        RunRef run,
        int epoch,
        String secret,
        Path resultFile,
        Optional<Path> inputFile,
        Optional<Path> urlFile,
        SecretsPlace secrets,
        Duration grace,
        List<String> command) {
    private static final String USUAL_RESULT = "/run/lantern/out/result.json";
    private static final int USUAL_GRACE_SECONDS = 10;
    private static final int MAX_SECRET = 4096;

    /** @throws LanternException if something is missing or malformed; the message names every such variable */
    static HarnessConfig of(Map<String, String> variables, InputStream in, List<String> command) {
        Environment environment = new Environment(variables);
        Optional<GatewayAddress> gateway = environment.required(Environment.GATEWAY, GatewayAddress::parse);
        Optional<RunRef> run = environment.run();
        Optional<Integer> epoch = environment.number(Environment.EPOCH, 1, Integer.MAX_VALUE);
        Optional<Integer> grace =
                environment.number(Environment.GRACE_SECONDS, 0, Integer.MAX_VALUE, USUAL_GRACE_SECONDS);
        Optional<Path> urlFile = environment.path(Environment.URL_FILE);
        Optional<SecretsPlace> secrets = environment.optional(
                Environment.SECRETS, directory -> SecretFiles.own(Path.of(directory), HarnessProcess::say));
        if (command.isEmpty() && urlFile.isEmpty()) {
            environment.fault("a harness without an agent's command needs " + Environment.URL_FILE
                    + ", so that whoever starts the agent finds LANTERN_URL there");
        }
        environment.requireNoFault();
        return new HarnessConfig(
                gateway.orElseThrow(),
                run.orElseThrow(),
                epoch.orElseThrow(),
                secret(environment.path(Environment.SECRET_FILE), in),
                environment.path(Environment.RESULT_FILE).orElse(Path.of(USUAL_RESULT)),
                environment.path(Environment.INPUT_FILE),
                urlFile,
                secrets.orElse(SecretsPlace.NONE),
                Duration.ofSeconds(grace.orElseThrow()),
                List.copyOf(command));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "HarnessConfig[" + run + ", epoch " + epoch + "]";
    }

    private static String secret(Optional<Path> file, InputStream in) {
        if (file.isPresent()) {
            return new TokenFile(file.get()).secret();
        }
        try {
            return checked(firstLine(in));
        } catch (IOException e) {
            throw new LanternException("cannot read the enrolment secret from standard input", e);
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n' && line.length() < MAX_SECRET) {
            line.append((char) c);
            c = in.read();
        }
        return line.toString().strip();
    }

    private static String checked(String secret) {
        if (secret.length() >= MAX_SECRET || !TokenFile.isWord(secret)) {
            throw new LanternException("the enrolment secret must be one word of printable ASCII, from "
                    + Environment.SECRET_FILE + " or else from the first line of standard input");
        }
        return secret;
    }
}
