package dev.lantern.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quickstart as its reader runs it, in a process of its own. */
@Tag("long")
class QuickstartTest {
    @TempDir
    Path directory;

    @BeforeEach
    void copyTheAgent() throws IOException {
        Files.copy(Path.of("agent.yaml"), directory.resolve("agent.yaml"));
        Files.copy(Path.of("agent.sh"), directory.resolve("agent.sh"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "java"})
    void the_agent_is_killed_behind_its_second_step_and_resumed(String language) throws Exception {
        List<String> lines = linesUntil(start(language), line -> false);
        assertThat(lines).anyMatch(line -> line.contains("--- killing process"));
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("run ticket-4711-1 SUCCEEDED: 5 steps, 2 instances, 0 re-executed");
        assertThat(lines)
                .contains(
                        "output   Report[summary=ACME, gold: login fails since Monday, team=identity team, reply=We are on it.]",
                        "usage    812 input and 64 output tokens, 0.0041 USD");
        assertEachEffectHappenedOnce();
    }

    @Test
    void a_host_that_is_killed_in_the_middle_finishes_the_same_run_when_it_is_started_again() throws Exception {
        Process first = start("sh");
        linesUntil(first, line -> line.contains("[2] running assign"));
        first.destroyForcibly().waitFor();

        List<String> lines = linesUntil(start("sh"), line -> false);
        assertThat(lines.get(0)).startsWith("taking up run ticket-4711-1");
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("run ticket-4711-1 SUCCEEDED: 5 steps, 3 instances, 0 re-executed");
        assertEachEffectHappenedOnce();
    }

    private void assertEachEffectHappenedOnce() throws IOException {
        List<String> effects = Files.readAllLines(directory.resolve("target").resolve("outbox.txt"));
        assertThat(effects.stream().map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsExactly("ticket read", "customer found", "summary bought", "assigned", "answer sent");
    }

    private Process start(String language) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        classPath(),
                        Quickstart.class.getName(),
                        language)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Absolute, for the process stands elsewhere. */
    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return String.join(
                System.getProperty("path.separator"),
                java.util.Arrays.stream(path.split(System.getProperty("path.separator"), -1))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    private static List<String> linesUntil(Process process, Predicate<String> enough) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        while (line != null) {
            lines.add(line);
            if (enough.test(line)) {
                return lines;
            }
            line = reader.readLine();
        }
        return lines;
    }
}
