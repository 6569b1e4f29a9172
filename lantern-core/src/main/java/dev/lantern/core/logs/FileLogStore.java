package dev.lantern.core.logs;

import dev.lantern.logs.CleanText;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Keeps lines in files under a directory, a folder for each run: capped in size, dropped by age.
 *
 * <p>Thread-safe within one process; two stores must not write to one directory. Lines survive the death of the
 * process that wrote them; what a power failure leaves unfinished is dropped. Old lines are looked for when the
 * store is opened and at most once an hour while it is written to. An exception leaves the lines written so far.
 */
public final class FileLogStore implements LogStore {
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);
    /** How many runs' files are known without looking; the one written to longest ago is forgotten first. */
    private static final int KNOWN_RUNS = 1000;

    private static final int READABLE_NAME = 64;

    private final Path directory;
    private final LogLimits limits;
    private final InstantSource clock;
    private final Map<RunRef, RunLogFiles> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunRef, RunLogFiles> eldest) {
            return size() > KNOWN_RUNS;
        }
    };
    private Instant nextSweep;

    /**
     * Opens the store, and drops what is too old.
     *
     * @param directory where the files are; made if it is missing
     * @param clock decides what is too old
     * @throws LanternException if the directory cannot be used
     */
    public FileLogStore(Path directory, LogLimits limits, InstantSource clock) {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.nextSweep = clock.instant();
        sweep();
    }

    @Override
    public synchronized void append(List<LogEntry> lines) {
        Map<RunRef, List<LogEntry>> byRun = new LinkedHashMap<>();
        lines.forEach(line -> byRun.computeIfAbsent(line.instance().run(), run -> new ArrayList<>())
                .add(line));
        byRun.forEach(this::append);
        if (!clock.instant().isBefore(nextSweep)) {
            sweep();
        }
    }

    @Override
    public synchronized List<LogLine> read(RunRef run, String after, int max) {
        long number = number(after);
        try {
            return RunLogFiles.read(folder(run), number, max).stream()
                    .map(StoredLine::shown)
                    .toList();
        } catch (IOException e) {
            throw new LanternException("reading the log of run " + run + " in " + directory + ": " + e, e);
        }
    }

    @Override
    public synchronized void delete(List<RunRef> runs, Duration within) {
        Instant end = clock.instant().plus(within);
        int done = 0;
        for (RunRef run : runs) {
            DeletionTime.require(runs.size(), done, Duration.between(clock.instant(), end));
            known.remove(run);
            try {
                RunLogFiles.drop(folder(run));
            } catch (IOException e) {
                throw new LanternException(
                        "deleting the log lines of run " + run + " in " + directory + ": " + e
                                + "; calling again goes on",
                        e);
            }
            done++;
        }
    }

    /** Nothing stays open between calls. */
    @Override
    public void close() {}

    private void append(RunRef run, List<LogEntry> lines) {
        try {
            RunLogFiles files = known.get(run);
            if (files == null) {
                files = RunLogFiles.open(folder(run), limits.bytesPerRun());
                known.put(run, files);
            }
            List<StoredLine> stored = new ArrayList<>(lines.size());
            for (LogEntry line : lines) {
                stored.add(StoredLine.of(files.next(), line));
            }
            files.append(stored);
        } catch (IOException e) {
            // What stands in the file now is not known; the next append looks.
            known.remove(run);
            throw new LanternException(
                    "keeping " + lines.size() + " log lines of run " + run + " in " + directory + ": " + e, e);
        }
    }

    private void sweep() {
        Instant oldest = clock.instant().minus(limits.age());
        nextSweep = clock.instant().plus(BETWEEN_SWEEPS);
        known.clear();
        try {
            Files.createDirectories(directory);
            for (Path tenant : folders(directory)) {
                for (Path run : folders(tenant)) {
                    RunLogFiles.dropOlder(run, oldest);
                }
            }
        } catch (IOException e) {
            throw new LanternException("dropping old logs in " + directory + ": " + e, e);
        }
    }

    private Path folder(RunRef run) {
        return directory.resolve(folderName(run.tenant())).resolve(folderName(run.run()));
    }

    /** Readable, and apart from every other name even where a file system takes A for a. */
    private static String folderName(String name) {
        String digest = Digest.sha256(name.getBytes(StandardCharsets.US_ASCII)).hex();
        String readable =
                name.substring(0, Math.min(name.length(), READABLE_NAME)).toLowerCase(Locale.ROOT);
        return readable + "-" + digest.substring(0, 16);
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> found = Files.list(parent)) {
            return found.filter(Files::isDirectory).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static long number(String cursor) {
        if (cursor.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new LanternException(
                    "log cursor \"" + CleanText.of(cursor)
                            + "\" is none of this store; take one from a line that it returned",
                    e);
        }
    }
}
