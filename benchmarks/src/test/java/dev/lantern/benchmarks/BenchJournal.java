package dev.lantern.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The journal against what its database and disk allow, and beside a peer. On H2: groups against the disk's sync, the
 * size of the file, a long read. On PostgreSQL with default durability, contenders taking turns: the cost of a step,
 * one run, 64 runs, a million events, the takeover of a killed host's runs; and H2's groups and one run once more on a
 * slow disk.
 */
public final class BenchJournal {
    private static final List<String> ALL = List.of(
            "h2-groups", "h2-file", "h2-read", "cost", "one-run", "many-runs", "full-tables", "takeover", "slow-disk");

    private BenchJournal() {}

    /** Arguments: which of {@link #ALL} to measure; all without any, or those of {@code -Dlantern.bench.parts=a,b}. */
    public static void main(String[] args) throws Exception {
        List<String> parts = args.length > 0 ? List.of(args) : chosen(System.getProperty("lantern.bench.parts", ""));
        int rounds = Integer.getInteger("lantern.bench.rounds", 5);
        double sync = syncSeconds();
        System.out.printf(
                Locale.ROOT,
                "%d processors, JDK %s; the disk syncs a small append in %.0f µs%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                sync * 1e6);
        if (parts.contains("h2-groups")) {
            H2Journal.groups();
        }
        if (parts.contains("h2-file")) {
            H2Journal.singles();
        }
        if (parts.contains("h2-read")) {
            H2Journal.longRun();
        }
        if (parts.contains("cost")) {
            try (Postgres counting = Postgres.startCounting()) {
                CostPerStep.measure(counting);
            }
        }
        try (Postgres server = Postgres.start()) {
            server.describe();
            for (String part : parts) {
                measure(part, server, sync, rounds);
            }
        }
        if (parts.contains("slow-disk")) {
            SlowDisk.run(List.of("h2-groups", "one-run"));
        }
    }

    private static void measure(String part, Postgres server, double sync, int rounds) throws Exception {
        switch (part) {
            case "one-run" -> OneRun.measure(server, sync, rounds);
            case "many-runs" -> ManyRuns.measure(server, rounds);
            case "full-tables" -> FullTables.measure(server, rounds);
            case "takeover" -> {
                Takeover.measure(server, rounds);
                Takeover.dbos(server, rounds);
            }
            default -> {
                // Measured before or after, on another server.
            }
        }
    }

    private static List<String> chosen(String parts) {
        List<String> chosen = parts.isBlank() ? ALL : List.of(parts.split(",", -1));
        if (!ALL.containsAll(chosen)) {
            throw new IllegalArgumentException("measured are " + ALL + ", not " + chosen);
        }
        return chosen;
    }

    private static double syncSeconds() throws IOException {
        Path directory = Files.createTempDirectory("lantern-bench-sync");
        double sync = DiskSync.seconds(directory);
        Directories.delete(directory);
        return sync;
    }

    /** How to start another process like this one. */
    static List<String> command(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("lantern.bench.") || name.startsWith("org.slf4j."))
                .sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
