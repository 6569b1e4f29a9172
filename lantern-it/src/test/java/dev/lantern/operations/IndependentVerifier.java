package dev.lantern.operations;

import dev.lantern.run.AgentRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code formats/verify.py}, as an auditor runs it. */
final class IndependentVerifier {
    private final Path directory;

    IndependentVerifier(Path directory) {
        this.directory = directory;
    }

    /** What it says about a run's export, held against a head. */
    String export(AgentRun run, String head) throws IOException, InterruptedException {
        Path file = directory.resolve(run.ref().run() + ".export");
        try (OutputStream out = Files.newOutputStream(file)) {
            run.export(out);
        }
        return file(file, run.ref().toString(), head);
    }

    /** What it says about a file. */
    static String file(Path file, String run, String head) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("python3", root().resolve("formats/verify.py").toString(), "journal", file.toString(), run));
        if (!head.isEmpty()) {
            command.add(head);
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the verifier does not end");
        }
        return said.strip();
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("CHANGELOG.md"))) {
            here = here.getParent();
        }
        return here;
    }
}
