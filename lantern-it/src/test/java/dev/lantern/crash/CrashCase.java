package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.format.ChainVerifier;
import dev.lantern.core.format.JournalExport;
import dev.lantern.journal.Journal;
import dev.lantern.run.ChainVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One case: a host that is killed or kills, the host after it, and what their files prove. */
final class CrashCase {
    private static final Pattern COMPLETED = Pattern.compile(
            "\"epoch\":(\\d+),.*\"step\":\\{\"name\":\"(\\w+)\",\"occurrence\":1\\}.*\"kind\":\"step_completed\"");
    private static final String OUTPUT =
            "result of one, result of two, result of three, result of four, result of five";
    private static final int MOST_HOSTS = 3;

    private final Path directory;
    private final CrashPoint point;

    CrashCase(Path directory, CrashPoint point) {
        this.directory = directory;
        this.point = point;
    }

    /** Runs hosts until one comes to the end; the first one gets the crash. */
    void run() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        CrashPoint next = point;
        for (int host = 1; !Files.exists(directory.resolve("outcome")); host++) {
            assertThat(host).as("%s: hosts that were needed", point).isLessThanOrEqualTo(MOST_HOSTS);
            int exit = host(next);
            boolean killed = exit == 128 + 9;
            assertThat(killed || exit == 0)
                    .as(
                            "%s: host %d exited with %d\n%s",
                            point, host, exit, Files.readString(directory.resolve("host.log")))
                    .isTrue();
            next = CrashPoint.none();
        }
    }

    /** Runs the host in this JVM, for victims beside it. */
    void runHere(Journal store, Runnable database) throws IOException, InterruptedException, ExecutionException {
        Files.createDirectories(directory);
        CrashHost.carryThrough(directory, store, point, database);
    }

    private int host(CrashPoint at) throws IOException, InterruptedException {
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashHost.class.getName(),
                        directory.toString(),
                        at.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("host.log").toFile()))
                .start();
        if (!host.waitFor(120, TimeUnit.SECONDS)) {
            host.destroyForcibly();
            throw new AssertionError(point + ": a host hangs\n" + Files.readString(directory.resolve("host.log")));
        }
        return host.exitValue();
    }

    /** How many journal calls the host made that came to the end. */
    int boundaries() throws IOException {
        return Integer.parseInt(Files.readAllLines(directory.resolve("outcome")).get(2));
    }

    void verify() throws IOException {
        List<String> outcome = Files.readAllLines(directory.resolve("outcome"));
        assertThat(outcome.subList(0, 2)).as("%s: outcome", point).containsExactly("SUCCEEDED", OUTPUT);
        List<String> events = verifiedEvents();
        assertNothingAcknowledgedIsLost(events);
        assertNoCompletedStepRanAgain();
        assertNothingIsLeft();
    }

    private List<String> verifiedEvents() throws IOException {
        Path export = directory.resolve("export.jsonl");
        try (InputStream in = Files.newInputStream(export)) {
            assertThat(JournalExport.verify(in, ChainVerifier::of))
                    .as("%s: chain", point)
                    .isInstanceOf(ChainVerdict.Intact.class);
        }
        List<String> lines = Files.readAllLines(export);
        return lines.subList(1, lines.size());
    }

    private void assertNothingAcknowledgedIsLost(List<String> events) throws IOException {
        List<String> lost = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("acknowledged"))) {
            String[] seqAndHash = line.split(" ", -1);
            String event = events.get(Integer.parseInt(seqAndHash[0]) - 1);
            if (!event.contains(seqAndHash[1])) {
                lost.add(line);
            }
        }
        assertThat(lost)
                .as("%s: acknowledged events that the chain does not hold", point)
                .isEmpty();
    }

    /** A body in an epoch behind the one that completed the step would be a step that was executed again. */
    private void assertNoCompletedStepRanAgain() throws IOException {
        Map<String, Integer> completedIn = new TreeMap<>();
        for (String json : decoded()) {
            Matcher matcher = COMPLETED.matcher(json);
            if (matcher.find()) {
                assertThat(completedIn.put(matcher.group(2), Integer.parseInt(matcher.group(1))))
                        .as("%s: step %s completed twice", point, matcher.group(2))
                        .isNull();
            }
        }
        assertThat(completedIn.keySet())
                .as("%s: completed steps", point)
                .containsExactlyInAnyOrder("one", "two", "three", "four", "five");
        List<String> bodies = Files.readAllLines(directory.resolve("trace"));
        assertThat(bodies).as("%s: a body ran twice in one instance", point).doesNotHaveDuplicates();
        for (String body : bodies) {
            String[] stepAndEpoch = body.split(" ", -1);
            assertThat(Integer.parseInt(stepAndEpoch[1]))
                    .as("%s: the epoch in which the body of step %s ran", point, stepAndEpoch[0])
                    .isLessThanOrEqualTo(completedIn.get(stepAndEpoch[0]));
        }
    }

    private List<String> decoded() throws IOException {
        Pattern bytes = Pattern.compile("\"bytes\":\"([^\"]+)\"");
        List<String> decoded = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("export.jsonl"))) {
            Matcher matcher = bytes.matcher(line);
            if (matcher.find()) {
                decoded.add(new String(
                        java.util.Base64.getDecoder().decode(matcher.group(1)),
                        java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return decoded;
    }

    private void assertNothingIsLeft() throws IOException {
        long pid =
                Long.parseLong(Files.readString(directory.resolve("trace.pid")).strip());
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                .as("%s: the last agent", point)
                .isEmpty();
    }
}
