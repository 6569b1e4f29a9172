package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Durability;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real processes, real SIGKILL, one file: after every kill everything that was acknowledged before is there.
 *
 * <p>Short by default; {@code -Dlantern.kills=100} is the long form.
 */
@Tag("long")
class KillTest {
    private static final int KILLS = Integer.getInteger("lantern.kills", 6);
    private static final int FEWEST_ACKNOWLEDGED_PER_KILL = 20;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Map<Long, TreeMap<Long, Digest>> events = new LinkedHashMap<>();
    private final Map<Long, Set<Commitment>> kept = new LinkedHashMap<>();
    private final Set<Long> messages = new LinkedHashSet<>();
    private final Set<Long> hosts = new LinkedHashSet<>();
    private int acknowledged;

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"PROCESS", "DISK"})
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nothing_acknowledged_is_lost_in_a_kill(Durability durability) throws Exception {
        Random random = new Random(4711);
        for (int kill = 1; kill <= KILLS; kill++) {
            writeUntilKilled(durability, kill, random);
            verify();
        }
        assertThat(acknowledged).isGreaterThan(KILLS * FEWEST_ACKNOWLEDGED_PER_KILL);
        System.out.printf(
                "%s: %d kills, %d acknowledged writes to %d runs, 0 lost%n",
                durability, KILLS, acknowledged, events.size());
    }

    private void writeUntilKilled(Durability durability, int kill, Random random) throws Exception {
        Process writer = start(durability, kill);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
            int enough = 1 + random.nextInt(400);
            for (int seen = 0; seen < enough; seen++) {
                note(lines.readLine());
            }
            LockSupport.parkNanos(random.nextInt(3_000_000));
            assertThat(writer.isAlive())
                    .as("the writer runs until it is killed")
                    .isTrue();
            // Through the handle: Process.destroyForcibly would close the pipe with acknowledgements still in it.
            writer.toHandle().destroyForcibly();
            noteWholeLines(lines);
        }
        assertThat(writer.waitFor()).as("ended by SIGKILL").isEqualTo(128 + 9);
    }

    private Process start(Durability durability, int kill) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-Xshare:auto"));
        command.addAll(List.of("-cp", classPath(), KilledWriter.class.getName()));
        command.addAll(List.of(directory.toString(), durability.name(), Integer.toString(kill)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Wherever this JVM has its classes from, module path or class path. */
    private static String classPath() {
        return String.join(
                java.io.File.pathSeparator,
                location(JdbcJournal.class, "/dev/lantern/journal/jdbc/JdbcJournal.class"),
                location(KilledWriter.class, "/dev/lantern/journal/jdbc/KilledWriter.class"),
                location(Journal.class, "/dev/lantern/journal/Journal.class"),
                location(org.h2.Driver.class, "/org/h2/Driver.class"));
    }

    private static String location(Class<?> type, String resource) {
        String url = type.getResource(resource).toString();
        String root = url.substring(0, url.length() - resource.length());
        if (root.startsWith("jar:")) {
            root = root.substring("jar:".length(), root.length() - 1);
        }
        return Path.of(java.net.URI.create(root)).toString();
    }

    /** A line that the kill cut short has not been acknowledged. */
    private void noteWholeLines(BufferedReader lines) throws IOException {
        StringWriter rest = new StringWriter();
        lines.transferTo(rest);
        String whole = rest.toString();
        whole.substring(0, whole.lastIndexOf('\n') + 1).lines().forEach(this::note);
    }

    private void note(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "host" ->
                assertThat(hosts.add(Long.parseLong(words[1])))
                        .as("host %s is new", words[1])
                        .isTrue();
            case "message" -> assertThat(messages.add(Long.parseLong(words[1]))).isTrue();
            case "kept" ->
                kept.computeIfAbsent(Long.parseLong(words[1]), key -> new LinkedHashSet<>())
                        .add(Commitment.ofHex(words[2]));
            case "event" ->
                events.computeIfAbsent(Long.parseLong(words[1]), key -> new TreeMap<>())
                        .put(Long.parseLong(words[2]), Digest.ofHex(words[3]));
            default -> throw new AssertionError("the writer said \"" + line + "\"");
        }
        acknowledged++;
    }

    private void verify() {
        try (Journal journal = JdbcJournal.embedded(directory)) {
            long host = journal.join("https://verifier:1", Duration.ofHours(1), SOON)
                    .host();
            assertThat(hosts).doesNotContain(host);
            Map<Long, RunRow> rows = new LinkedHashMap<>();
            journal.claimLapsed(host, 10_000, SOON).forEach(row -> rows.put(row.key(), row));
            assertThat(rows.keySet()).containsAll(events.keySet());
            rows.values().forEach(row -> verifyChain(journal, row));
            kept.forEach((key, commitments) -> commitments.forEach(commitment -> assertThat(
                            Digest.sha256(journal.kept(key, commitment, SOON).orElseThrow()))
                    .isEqualTo(commitment.digest())));
            assertThat(journal.inbox(host, 1_000_000, SOON).stream()
                            .map(InboxMessage::id)
                            .toList())
                    .containsAll(messages);
            journal.leave(host, SOON);
        }
    }

    private void verifyChain(Journal journal, RunRow row) {
        Head at = TestEvents.genesis(row.run());
        Map<Long, Digest> acknowledgedHere = events.getOrDefault(row.key(), new TreeMap<>());
        int found = 0;
        for (Event event : journal.read(row.key(), 0, Integer.MAX_VALUE, SOON)) {
            at = TestEvents.next(at, event.bytes());
            assertThat(new Head(event.seq(), event.hash())).isEqualTo(at);
            if (acknowledgedHere.containsKey(event.seq())) {
                assertThat(event.hash()).isEqualTo(acknowledgedHere.get(event.seq()));
                found++;
            }
        }
        assertThat(row.head()).isEqualTo(at);
        assertThat(found).as("acknowledged events of %s", row.run()).isEqualTo(acknowledgedHere.size());
    }
}
