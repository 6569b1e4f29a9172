package dev.lantern.benchmarks;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The embedded journal on disk: groups of single-event appends to 64 runs against the disk's own sync, the file
 * after 100,000 single appends, and one long run read at once.
 *
 * <p>Rounds of the raw limit and of the journal take turns; the ratio is that of their medians.
 */
final class BenchJournal {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int RUNS = 64;
    private static final int EVENT_BYTES = 400;
    private static final int SALT_BYTES = 32;
    private static final int BODY_BYTES = 200;
    private static final int ROUNDS = 7;
    private static final int GROUPS_PER_ROUND = 1500;
    private static final int SINGLE_APPENDS = 100_000;
    private static final int LONG_RUN = 10_000;

    private final Random random = new Random(64);
    private final List<RunRow> runs = new ArrayList<>();
    private final Journal journal;

    private BenchJournal(Path directory) {
        this.journal = JdbcJournal.embedded(directory);
    }

    /** Arguments: where the files go, and which of {@code groups singles long} to measure; all without any. */
    public static void main(String[] args) throws IOException {
        Path parent = Path.of(args.length > 0 ? args[0] : System.getProperty("java.io.tmpdir"));
        List<String> parts =
                args.length > 1 ? List.of(args).subList(1, args.length) : List.of("groups", "singles", "long");
        for (String part : parts) {
            Path place = Files.createTempDirectory(parent, "lantern-bench-" + part);
            switch (part) {
                case "groups" -> groups(place);
                case "singles" -> singles(place);
                case "long" -> longRun(place);
                default -> throw new IllegalArgumentException("measured are groups, singles and long, not " + part);
            }
            delete(place);
        }
    }

    private static void groups(Path directory) throws IOException {
        BenchJournal bench = new BenchJournal(directory);
        bench.createRuns(RUNS);
        double[] syncs = new double[ROUNDS];
        double[] rates = new double[ROUNDS];
        bench.group(GROUPS_PER_ROUND);
        for (int round = 0; round < ROUNDS; round++) {
            syncs[round] = syncSeconds(directory);
            long begun = System.nanoTime();
            bench.group(GROUPS_PER_ROUND);
            rates[round] = GROUPS_PER_ROUND * RUNS / seconds(begun);
        }
        bench.end();
        double sync = median(syncs);
        double rate = median(rates);
        System.out.printf(
                Locale.ROOT,
                "groups of %d on disk: %.0f steps/s, %.0f µs a group; the disk syncs a small append in %.0f µs%n",
                RUNS,
                rate,
                RUNS / rate * 1e6,
                sync * 1e6);
        Figure.atLeast("journal_h2_steps_per_synced_step", rate * sync / RUNS, "of_64_per_fsync", 0.5)
                .print();
    }

    private static void singles(Path directory) throws IOException {
        BenchJournal bench = new BenchJournal(directory);
        bench.createRuns(RUNS);
        long largest = 0;
        double worstRatio = 0;
        double slowest = 0;
        long begun = System.nanoTime();
        for (int i = 1; i <= SINGLE_APPENDS; i++) {
            long one = System.nanoTime();
            bench.append(List.of(bench.random.nextInt(RUNS)));
            slowest = Math.max(slowest, seconds(one));
            if (i % 1000 == 0) {
                long size = Files.size(directory.resolve("journal.mv.db"));
                largest = Math.max(largest, size);
                worstRatio = i >= SINGLE_APPENDS / 2 ? Math.max(worstRatio, size / liveBytes(i)) : worstRatio;
            }
        }
        double took = seconds(begun);
        double ratio = Files.size(directory.resolve("journal.mv.db")) / liveBytes(SINGLE_APPENDS);
        bench.end();
        System.out.printf(
                Locale.ROOT,
                "%d single appends: %.0f/s, the slowest took %.2f s; the file was at most %d MiB for %.0f MiB at the end,"
                        + " at most %.1f times its content in the second half, %d MiB after closing%n",
                SINGLE_APPENDS,
                SINGLE_APPENDS / took,
                slowest,
                largest >> 20,
                liveBytes(SINGLE_APPENDS) / (1 << 20),
                worstRatio,
                Files.size(directory.resolve("journal.mv.db")) >> 20);
        Figure.atMost("journal_h2_file_to_live_data", ratio, "times", 10).print();
    }

    private static void longRun(Path directory) throws IOException {
        BenchJournal bench = new BenchJournal(directory);
        bench.createRuns(1);
        for (int i = 1; i < LONG_RUN; i++) {
            bench.append(List.of(0));
        }
        long key = bench.runs.get(0).key();
        double[] reads = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            if (bench.journal.read(key, 0, LONG_RUN, SOON).size() != LONG_RUN) {
                throw new IllegalStateException("the run is not whole");
            }
            reads[round] = seconds(begun);
        }
        bench.end();
        System.out.printf(Locale.ROOT, "one run of %d events: first read %.0f ms%n", LONG_RUN, reads[0] * 1000);
        Figure.atMost("journal_h2_read_10000_events", median(reads) * 1000, "ms", 250)
                .print();
    }

    /** What must be kept of so many events, without any index or page. */
    private static double liveBytes(int events) {
        return (double) events * (EVENT_BYTES + SALT_BYTES + BODY_BYTES + 32 + 16);
    }

    private void createRuns(int count) {
        long host = journal.join("bench", Duration.ofHours(1), SOON).host();
        for (int i = 0; i < count; i++) {
            RunRef ref = new RunRef("bench", "run-" + i);
            Create create = new Create(ref, host, "bench", RunStatus.RUNNING, List.of(event(Chain.genesis(ref))));
            CreateResult made = journal.create(List.of(create), SOON).get(0);
            runs.add(((CreateResult.Created) made).row());
        }
    }

    private void group(int groups) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            all.add(i);
        }
        for (int i = 0; i < groups; i++) {
            append(all);
        }
    }

    private void append(List<Integer> which) {
        List<Append> group = new ArrayList<>(which.size());
        for (int i : which) {
            RunRow row = runs.get(i);
            Fence fence = new Fence(row.host().getAsLong(), row.epoch(), row.head());
            group.add(new Append(row.key(), fence, List.of(event(row.head())), row.epoch(), row.status(), false));
        }
        List<AppendResult> results = journal.append(group, SOON);
        for (int i = 0; i < which.size(); i++) {
            if (!(results.get(i) instanceof AppendResult.Appended appended)) {
                throw new IllegalStateException("an append of the only writer lost: " + results.get(i));
            }
            RunRow row = runs.get(which.get(i));
            runs.set(
                    which.get(i),
                    new RunRow(row.run(), row.key(), row.host(), row.epoch(), appended.head(), row.status()));
        }
    }

    private Event event(Head head) {
        byte[] bytes = bytes(EVENT_BYTES);
        Head after = Chain.append(head, bytes);
        Event.Erasable erasable = new Event.Erasable(bytes(SALT_BYTES), bytes(BODY_BYTES));
        return new Event(after.seq(), bytes, after.hash(), Optional.of(erasable));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void end() {
        journal.close();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static double syncSeconds(Path directory) throws IOException {
        Path file = directory.resolve("sync-probe");
        double[] syncs = new double[200];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < syncs.length; i++) {
                channel.write(ByteBuffer.allocate(512));
                long begun = System.nanoTime();
                channel.force(true);
                syncs[i] = seconds(begun);
            }
        }
        Files.delete(file);
        return median(syncs);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
