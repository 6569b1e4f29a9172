package dev.lantern.testkit.kubernetes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command that everybody uses, in a home of its own. */
final class Kubectl {
    private static final long PATIENCE_SECONDS = 120;

    private final Path home;
    private final Path config;

    private Kubectl(Path home, Path config) {
        this.home = home;
        this.config = config;
    }

    /** Skips the test where there is no kubectl. */
    static Kubectl of(FakeKubernetes kubernetes, Path home) throws IOException {
        Path config = Files.writeString(home.resolve("config"), kubernetes.kubeconfig());
        Kubectl kubectl = new Kubectl(home, config);
        assumeTrue(kubectl.isInstalled(), "kubectl is not installed: what it makes of the fake is not tested here");
        return kubectl;
    }

    record Outcome(int code, String out) {}

    /** What it prints; fails where it does. */
    String run(String... arguments) throws IOException {
        Outcome outcome = attempt("", arguments);
        if (outcome.code() != 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + ": " + outcome);
        }
        return outcome.out();
    }

    String runWith(String input, String... arguments) throws IOException {
        Outcome outcome = attempt(input, arguments);
        if (outcome.code() != 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + ": " + outcome);
        }
        return outcome.out();
    }

    Outcome attempt(String input, String... arguments) throws IOException {
        Process process = start(arguments);
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return outcome(process);
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", config.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        return builder.start();
    }

    static Outcome outcome(Process process) throws IOException {
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("kubectl does not end: " + text);
            }
            return new Outcome(process.exitValue(), text);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isInstalled() {
        try {
            return attempt("", "version", "--client").code() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
