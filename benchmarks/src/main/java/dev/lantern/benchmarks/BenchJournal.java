package dev.lantern.benchmarks;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.format.Chain;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The journal on H2 with disk durability: steps per second of 64 runs against what the disk's fsync allows, by the
 * journal alone and through the engine, and the size of the file after many single appends.
 *
 * <p>Rounds of fsync and of appends take turns, and medians are compared. How many acknowledged steps SIGKILL loses
 * is the business of {@code KillTest} in {@code lantern-journal-jdbc}.
 */
public final class BenchJournal {
    private static final int RUNS = 64;
    private static final int ROUNDS = 7;
    private static final int GROUPS = 150;
    private static final int SINGLE_APPENDS = 100_000;
    private static final int EVENT_BYTES = 420;
    private static final int BODY_BYTES = 200;
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private BenchJournal() {}

    public static void main(String[] args) throws Exception {
        int single = args.length > 0 ? Integer.parseInt(args[0]) : SINGLE_APPENDS;
        groups();
        engine();
        fileSize(single);
    }

    private static void groups() throws IOException {
        Path directory = Files.createTempDirectory("lantern-bench-journal");
        try (Journal journal = Journals.h2(directory.resolve("journal"))) {
            List<Writer> writers = writers(journal, RUNS);
            double[] steps = new double[ROUNDS];
            double[] syncs = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                syncs[round] = medianSyncSeconds(directory);
                long begun = System.nanoTime();
                for (int i = 0; i < GROUPS; i++) {
                    append(journal, writers);
                }
                steps[round] = (double) GROUPS * RUNS / ((System.nanoTime() - begun) / 1e9);
            }
            double sync = median(syncs);
            double allowed = RUNS / sync;
            System.out.printf(
                    Locale.ROOT,
                    "fsync takes %.3f ms here, so groups of %d allow %.0f steps/s; the journal does %.0f%n",
                    sync * 1e3,
                    RUNS,
                    allowed,
                    median(steps));
            Figure.atLeast("journal.h2_steps_64_runs", median(steps), "steps/s", 0.5 * allowed)
                    .print();
            Figure.atLeast("journal.h2_ratio_to_fsync", median(steps) / allowed, "of 64/fsync", 0.5)
                    .print();
        } finally {
            Directories.delete(directory);
        }
    }

    /** The same through spawn, gateway door, signatures and mailboxes; without a goal, for the whole picture. */
    private static void engine() throws Exception {
        int steps = 200;
        Path directory = Files.createTempDirectory("lantern-bench-engine");
        ScriptedInstances instances = new ScriptedInstances(RUNS, steps, BODY_BYTES, false);
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(Journals.h2(directory.resolve("journal")))
                .substrate(instances)
                .start()) {
            for (int i = 0; i < RUNS; i++) {
                Lantern.spawn(Specs.scripted()).runId("run-" + i).on(runtime);
            }
            instances.awaitSteps();
            double seconds = (System.nanoTime() - instances.firstStepAt()) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "through the engine, agents' and host's Ed25519 included: %.0f steps/s with %d runs%n",
                    RUNS * steps / seconds,
                    RUNS);
        } finally {
            Directories.delete(directory);
        }
    }

    private static void fileSize(int appends) throws IOException {
        Path directory = Files.createTempDirectory("lantern-bench-file");
        try (Journal journal = Journals.h2(directory.resolve("journal"))) {
            List<Writer> writer = writers(journal, 1);
            long begun = System.nanoTime();
            for (int i = 0; i < appends; i++) {
                append(journal, writer);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            double live = (double) appends * (EVENT_BYTES + BODY_BYTES + 2 * 32);
            double size = Directories.size(directory);
            System.out.printf(
                    Locale.ROOT,
                    "%d single appends in %.1f s (%.0f/s): %.1f MB of content in %.1f MB of file%n",
                    appends,
                    seconds,
                    appends / seconds,
                    live / 1e6,
                    size / 1e6);
            Figure.atMost("journal.h2_file_to_live_data", size / live, "times", 10)
                    .print();
        } finally {
            Directories.delete(directory);
        }
    }

    private static double medianSyncSeconds(Path directory) throws IOException {
        double[] seconds = new double[60];
        Path file = directory.resolve("sync");
        ByteBuffer block = ByteBuffer.allocate(4096);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < seconds.length; i++) {
                block.clear();
                channel.write(block);
                long begun = System.nanoTime();
                channel.force(false);
                seconds[i] = (System.nanoTime() - begun) / 1e9;
            }
        }
        Files.delete(file);
        return median(seconds);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<Writer> writers(Journal journal, int runs) {
        long host = journal.join("bench", Duration.ofMinutes(30), WITHIN).host();
        List<Create> creates = new ArrayList<>();
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            Writer writer = new Writer(new RunRef("bench", "run-" + i), host);
            writers.add(writer);
            creates.add(new Create(writer.run, host, "bench", RunStatus.RUNNING, List.of(writer.next())));
        }
        List<CreateResult> results = journal.create(creates, WITHIN);
        for (int i = 0; i < runs; i++) {
            writers.get(i).key = ((CreateResult.Created) results.get(i)).row().key();
            writers.get(i).acknowledged();
        }
        return writers;
    }

    private static void append(Journal journal, List<Writer> writers) {
        List<AppendResult> results =
                journal.append(writers.stream().map(Writer::append).toList(), WITHIN);
        for (int i = 0; i < results.size(); i++) {
            if (!(results.get(i) instanceof AppendResult.Appended)) {
                throw new IllegalStateException("an append came to " + results.get(i));
            }
            writers.get(i).acknowledged();
        }
    }

    private static final class Writer {
        private final RunRef run;
        private final long host;
        private long key;
        private Head head;
        private Head written;

        Writer(RunRef run, long host) {
            this.run = run;
            this.host = host;
            this.head = Chain.genesis(run);
            this.written = head;
        }

        Event next() {
            byte[] bytes = ("{\"seq\":" + (head.seq() + 1) + ",\"x\":\"" + "e".repeat(EVENT_BYTES - 30) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            written = Chain.append(head, bytes);
            return new Event(
                    written.seq(),
                    bytes,
                    written.hash(),
                    Optional.of(new Event.Erasable(new byte[32], new byte[BODY_BYTES])));
        }

        Append append() {
            Event event = next();
            return new Append(key, new Fence(host, 0, head), List.of(event), 0, RunStatus.RUNNING, false);
        }

        void acknowledged() {
            head = written;
        }
    }
}
