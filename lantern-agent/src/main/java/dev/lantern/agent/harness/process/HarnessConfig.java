package dev.lantern.agent.harness.process;

import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        Duration grace,
        List<String> command) {
    static final String GATEWAY = "LANTERN_GATEWAY";
    static final String TENANT = "LANTERN_TENANT";
    static final String RUN = "LANTERN_RUN";
    static final String EPOCH = "LANTERN_EPOCH";
    static final String SECRET_FILE = "LANTERN_ENROLMENT_FILE";
    static final String RESULT_FILE = "LANTERN_RESULT_FILE";
    static final String INPUT_FILE = "LANTERN_INPUT_FILE";
    static final String URL_FILE = "LANTERN_URL_FILE";
    static final String GRACE_SECONDS = "LANTERN_GRACE_SECONDS";

    private static final String USUAL_RESULT = "/run/lantern/out/result.json";
    private static final int USUAL_GRACE_SECONDS = 10;
    private static final int MAX_SECRET = 4096;

    /** @throws LanternException if something is missing or malformed; the message names the variable */
    static HarnessConfig of(Map<String, String> environment, InputStream in, List<String> command) {
        Optional<Path> urlFile = path(environment, URL_FILE);
        if (command.isEmpty() && urlFile.isEmpty()) {
            throw new LanternException("a harness without an agent's command needs " + URL_FILE
                    + ", so that whoever starts the agent finds LANTERN_URL there");
        }
        return new HarnessConfig(
                GatewayAddress.parse(required(environment, GATEWAY)),
                new RunRef(required(environment, TENANT), required(environment, RUN)),
                number(environment, EPOCH, 0, 1),
                secret(environment, in),
                path(environment, RESULT_FILE).orElse(Path.of(USUAL_RESULT)),
                path(environment, INPUT_FILE),
                urlFile,
                Duration.ofSeconds(number(environment, GRACE_SECONDS, USUAL_GRACE_SECONDS, 0)),
                List.copyOf(command));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "HarnessConfig[" + run + ", epoch " + epoch + "]";
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new LanternException(
                    name + " is not set; a harness needs " + GATEWAY + ", " + TENANT + ", " + RUN + " and " + EPOCH);
        }
        return value;
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(Path::of);
    }

    private static int number(Map<String, String> environment, String name, int usual, int least) {
        String text = usual > 0 ? environment.getOrDefault(name, Integer.toString(usual)) : required(environment, name);
        try {
            int value = Integer.parseInt(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new LanternException(name + " must be a number from " + least + " up", e);
        }
        throw new LanternException(name + " must be a number from " + least + " up");
    }

    private static String secret(Map<String, String> environment, InputStream in) {
        try {
            String file = environment.get(SECRET_FILE);
            if (file != null) {
                return checked(Files.readString(Path.of(file), StandardCharsets.US_ASCII)
                        .strip());
            }
            return checked(firstLine(in));
        } catch (IOException e) {
            throw new LanternException(
                    "cannot read the enrolment secret, from " + SECRET_FILE + " or else from the first"
                            + " line of standard input",
                    e);
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
        if (secret.isEmpty() || secret.length() >= MAX_SECRET || !secret.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new LanternException("the enrolment secret must be one word of printable ASCII, from " + SECRET_FILE
                    + " or else from the first line of standard input");
        }
        return secret;
    }
}
