package dev.lantern.benchmarks;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The embedded journal on disk: groups of single-event appends to 64 runs against the disk's own sync, the file
 * after 100,000 single appends, and one long run read at once.
 */
final class H2Journal {
    private static final int RUNS = 64;
    private static final int ROUNDS = 7;
    private static final int GROUPS_PER_ROUND = 1000;
    private static final int SINGLE_APPENDS = 100_000;
    private static final int LONG_RUN = 10_000;

    private final Random random = new Random(64);
    private final Journal journal;
    private final BareRuns runs;

    private H2Journal(Path directory, int count) {
        this.journal = JdbcJournal.embedded(directory);
        this.runs = BareRuns.create(journal, count, 1);
    }

    /** Rounds of the raw limit and of the journal take turns; the ratio is that of their medians. */
    static void groups() throws IOException {
        Path directory = Files.createTempDirectory("lantern-bench-groups");
        H2Journal bench = new H2Journal(directory, RUNS);
        double[] syncs = new double[ROUNDS];
        double[] rates = new double[ROUNDS];
        bench.group(GROUPS_PER_ROUND);
        for (int round = 0; round < ROUNDS; round++) {
            syncs[round] = DiskSync.seconds(directory);
            long begun = System.nanoTime();
            bench.group(GROUPS_PER_ROUND);
            rates[round] = GROUPS_PER_ROUND * RUNS / Rounds.seconds(begun);
        }
        bench.journal.close();
        double sync = Rounds.median(syncs);
        double rate = Rounds.median(rates);
        System.out.printf(
                Locale.ROOT,
                "H2, groups of %d on disk: %.0f steps/s, %.0f µs a group; the disk syncs a small append in %.0f µs%n",
                RUNS,
                rate,
                RUNS / rate * 1e6,
                sync * 1e6);
        Figure.atLeast(
                        DiskSync.isSlow(sync)
                                ? "journal_h2_steps_per_synced_step_slow_disk"
                                : "journal_h2_steps_per_synced_step",
                        rate * sync / RUNS,
                        "of_64_per_fsync",
                        0.5)
                .print();
        Directories.delete(directory);
    }

    static void singles() throws IOException {
        Path directory = Files.createTempDirectory("lantern-bench-singles");
        H2Journal bench = new H2Journal(directory, RUNS);
        Path file = directory.resolve("journal.mv.db");
        long largest = 0;
        double worstRatio = 0;
        double slowest = 0;
        long begun = System.nanoTime();
        for (int i = 1; i <= SINGLE_APPENDS; i++) {
            long one = System.nanoTime();
            bench.append(List.of(bench.random.nextInt(RUNS)));
            slowest = Math.max(slowest, Rounds.seconds(one));
            if (i % 1000 == 0) {
                long size = Files.size(file);
                largest = Math.max(largest, size);
                worstRatio = i >= SINGLE_APPENDS / 2 ? Math.max(worstRatio, size / keptBytes(i)) : worstRatio;
            }
        }
        double took = Rounds.seconds(begun);
        double ratio = Files.size(file) / keptBytes(SINGLE_APPENDS);
        bench.journal.close();
        System.out.printf(
                Locale.ROOT,
                "H2, %d single appends: %.0f/s, the slowest took %.2f s; the file was at most %d MiB for %.0f MiB at the"
                        + " end, at most %.1f times its content in the second half, %d MiB after closing%n",
                SINGLE_APPENDS,
                SINGLE_APPENDS / took,
                slowest,
                largest >> 20,
                keptBytes(SINGLE_APPENDS) / (1 << 20),
                worstRatio,
                Files.size(file) >> 20);
        Figure.atMost("journal_h2_file_to_live_data", ratio, "times", 10).print();
        Directories.delete(directory);
    }

    static void longRun() throws IOException {
        Path directory = Files.createTempDirectory("lantern-bench-long");
        H2Journal bench = new H2Journal(directory, 1);
        for (int i = 1; i < LONG_RUN; i++) {
            bench.append(List.of(0));
        }
        double[] reads = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            if (bench.journal
                            .read(bench.runs.key(0), 0, LONG_RUN, BareRuns.SOON)
                            .size()
                    != LONG_RUN) {
                throw new IllegalStateException("the run is not whole");
            }
            reads[round] = Rounds.seconds(begun);
        }
        bench.journal.close();
        System.out.printf(Locale.ROOT, "H2, one run of %d events: first read %.0f ms%n", LONG_RUN, reads[0] * 1000);
        Figure.atMost("journal_h2_read_10000_events", Rounds.median(reads) * 1000, "ms", 250)
                .print();
        Directories.delete(directory);
    }

    private static double keptBytes(int events) {
        return (double) events * SampleEvents.KEPT_BYTES;
    }

    private void group(int groups) {
        List<Integer> all = IntStream.range(0, RUNS).boxed().toList();
        for (int i = 0; i < groups; i++) {
            append(all);
        }
    }

    private void append(List<Integer> which) {
        List<Append> group = new ArrayList<>(which.size());
        which.forEach(run -> group.add(runs.next(run)));
        List<AppendResult> results = journal.append(group, BareRuns.SOON);
        for (int i = 0; i < which.size(); i++) {
            runs.written(which.get(i), results.get(i));
        }
    }
}
