package dev.lantern.quickstart;

import dev.lantern.LanternRuntime;
import dev.lantern.logs.LogLine;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the demonstration needs beside the host program itself. */
final class Agents {
    private static final Pattern BEHIND_SECOND_STEP = Pattern.compile("process (\\d+) has two steps behind it");
    private static final Pattern STEP_NAME = Pattern.compile("\"step\":\\{\"name\":\"([^\"]+)\"");
    private static final String RUNNING = "running ";

    private Agents() {}

    /** How to start the agent in this language, from wherever its process stands. */
    static List<String> command(String language) {
        return switch (language) {
            case "sh" -> List.of("sh", Path.of("agent.sh").toAbsolutePath().toString());
            case "java" ->
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TriageAgent.class.getName());
            default -> throw new IllegalArgumentException("agents are written in sh or java, not in " + language);
        };
    }

    /** The run that was left unfinished, or a new one with an empty outbox. */
    static String nextRun(LanternRuntime runtime, Path outbox) throws IOException {
        int number = 1;
        while (true) {
            String id = "ticket-4711-" + number;
            var run = runtime.find("default", id);
            if (run.isPresent() && !run.get().status().terminal()) {
                System.out.println(
                        "taking up run " + id + ", which is " + run.get().status());
                return id;
            }
            if (run.isEmpty()) {
                Files.createDirectories(outbox.getParent());
                Files.deleteIfExists(outbox);
                return id;
            }
            number++;
        }
    }

    /** SIGKILL for the first instance, once; lines of an earlier day name processes that may be others by now. */
    static void killBehindSecondStep(LogLine line, Instant started) {
        Matcher matcher = BEHIND_SECOND_STEP.matcher(line.text());
        if (line.epoch() == 1 && line.time().isAfter(started) && matcher.matches()) {
            System.out.println("  --- killing process " + matcher.group(1) + " with SIGKILL");
            ProcessHandle.of(Long.parseLong(matcher.group(1))).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** How many step bodies were begun after the journal held the step's result. */
    static long reExecuted(AgentRun run, List<LogLine> lines) {
        Map<String, Instant> doneAt = new TreeMap<>();
        for (RunEvent event : run.events()) {
            Matcher name = STEP_NAME.matcher(event.json());
            if (event.kind().equals("step_completed") && name.find()) {
                doneAt.put(name.group(1), event.time());
            }
        }
        return lines.stream()
                .filter(line -> line.text().startsWith(RUNNING))
                .filter(line ->
                        line.time().isAfter(doneAt.getOrDefault(line.text().substring(RUNNING.length()), Instant.MAX)))
                .count();
    }
}
