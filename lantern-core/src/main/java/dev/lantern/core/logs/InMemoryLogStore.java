package dev.lantern.core.logs;

import dev.lantern.logs.CleanText;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Keeps the last lines of each run in memory; gone with the process. Thread-safe. */
public final class InMemoryLogStore implements LogStore {
    /** How many characters are kept of each run. */
    private static final int CHARACTERS_PER_RUN = 1024 * 1024;
    /** How many runs are kept; the one that was written to longest ago goes first. */
    private static final int RUNS = 10_000;

    private final TreeMap<RunRef, Lines> runs = new TreeMap<>();
    private final TreeMap<Long, RunRef> byAge = new TreeMap<>();
    private long writes;

    /** An empty store. */
    public InMemoryLogStore() {}

    @Override
    public synchronized void append(List<LogEntry> lines) {
        for (LogEntry line : lines) {
            RunRef run = line.instance().run();
            Lines kept = runs.computeIfAbsent(run, ref -> new Lines());
            byAge.remove(kept.writtenAt);
            kept.writtenAt = ++writes;
            byAge.put(kept.writtenAt, run);
            kept.add(line);
        }
        while (runs.size() > RUNS) {
            runs.remove(byAge.pollFirstEntry().getValue());
        }
    }

    @Override
    public synchronized List<LogLine> read(RunRef run, String after, int max) {
        long from = number(after);
        List<LogLine> found = new ArrayList<>();
        Lines kept = runs.get(run);
        if (kept == null) {
            return found;
        }
        for (Numbered line : kept.lines) {
            if (line.number > from && found.size() < max) {
                found.add(line.line);
            }
        }
        return found;
    }

    /** Takes no time that could be too long. */
    @Override
    public synchronized void delete(List<RunRef> gone, Duration within) {
        DeletionTime.require(gone.size(), 0, within);
        for (RunRef run : gone) {
            Lines kept = runs.remove(run);
            if (kept != null) {
                byAge.remove(kept.writtenAt);
            }
        }
    }

    @Override
    public void close() {
        // Memory needs no release.
    }

    private static long number(String cursor) {
        if (cursor.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new LanternException(
                    "log cursor \"" + cursor + "\" is none of this store; take one from a line that it returned", e);
        }
    }

    private record Numbered(long number, LogLine line) {}

    private static final class Lines {
        private final ArrayDeque<Numbered> lines = new ArrayDeque<>();
        private long last;
        private long characters;
        private long writtenAt;

        void add(LogEntry entry) {
            last++;
            LogLine line = new LogLine(
                    Long.toString(last),
                    entry.time(),
                    entry.instance().epoch(),
                    entry.stream(),
                    CleanText.of(entry.text()));
            lines.add(new Numbered(last, line));
            characters += line.text().length();
            while (characters > CHARACTERS_PER_RUN) {
                characters -= lines.remove().line.text().length();
            }
        }
    }
}
