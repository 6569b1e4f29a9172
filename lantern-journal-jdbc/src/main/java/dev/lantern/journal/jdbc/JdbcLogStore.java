package dev.lantern.journal.jdbc;

import dev.lantern.logs.CleanText;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Keeps agents' lines in a table, for hosts that have a database and no disk of their own: capped in size for each run
 * and for all, dropped by age. Every host on the data source sees every host's lines.
 *
 * <pre>{@code
 * Lantern.runtime()
 *         .journal(JdbcJournal.on(dataSource))
 *         .logs(JdbcLogStore.on(dataSource))
 *         …
 * }</pre>
 *
 * <p>Thread-safe. Lines that were appended survive the death of this process; on PostgreSQL those of the last moment may
 * be lost with the database server, because no append waits for its disk. Readers wait for nobody and nobody for them.
 * Old lines go while new ones come: at most once an hour, and when a share of the whole was written since, a few runs
 * are dropped with each append until nothing is too much. An exception says nothing about what was appended. Messages
 * of exceptions hold no lines.
 */
public final class JdbcLogStore implements LogStore {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final long BETWEEN_SWEEPS = Duration.ofHours(1).toNanos();
    private static final int RUNS_AT_ONCE = 20;
    /** Runs over their share are cut to this much of it, so that not every append cuts. */
    private static final double KEPT = 7.0 / 8;

    private final Transactions transactions;
    private final Dialect dialect;
    private final Sessions sessions;
    private final JdbcLogOptions options;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private long nextSweep = System.nanoTime();
    private long writtenSinceSweep;

    private JdbcLogStore(Dialect dialect, Sessions sessions, JdbcLogOptions options) {
        this.dialect = dialect;
        this.sessions = sessions;
        this.options = options;
        this.transactions = new Transactions(sessions, dialect, false);
    }

    /** Opens the store on a data source with the default options. Closing the store leaves the data source open. */
    public static JdbcLogStore on(DataSource source) {
        return on(source, JdbcLogOptions.defaults());
    }

    /**
     * As {@link #on(DataSource)}, with options.
     *
     * @throws LanternException if the database is none that the journal knows, or its schema is refused
     */
    public static JdbcLogStore on(DataSource source, JdbcLogOptions options) {
        Objects.requireNonNull(source, "source");
        if (options.bytes() < options.bytesPerRun()) {
            throw new LanternException("log limits: all runs together take at least what one takes, "
                    + options.bytesPerRun() + " bytes, found " + options.bytes());
        }
        Migrator migrator = new Migrator(options.migrations().orElse(source)::getConnection);
        switch (options.schema()) {
            case CREATE -> migrator.create();
            case VALIDATE -> migrator.validate();
            case NONE -> {}
        }
        try (Connection connection = source.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            return new JdbcLogStore(dialect, new SourceSessions(source::getConnection, dialect), options);
        } catch (SQLException e) {
            throw Failures.opening("opening the log store on a data source", e);
        }
    }

    /** One transaction for all lines; runs are locked in one order by everybody. */
    @Override
    public void append(List<LogEntry> lines) {
        if (lines.isEmpty()) {
            return;
        }
        Map<RunRef, List<LogEntry>> byRun = new TreeMap<>();
        lines.forEach(line -> byRun.computeIfAbsent(line.instance().run(), run -> new ArrayList<>())
                .add(line));
        long written = transactions.write(Deadline.start("keep " + lines.size() + " log lines", WITHIN), session -> {
            dialect.hurry(session);
            long bytes = 0;
            for (Map.Entry<RunRef, List<LogEntry>> run : byRun.entrySet()) {
                bytes += append(session, run.getKey(), run.getValue());
            }
            return bytes;
        });
        sweepIfDue(written);
    }

    private long append(Session session, RunRef run, List<LogEntry> lines) throws SQLException {
        LogRows.Log before = LogRows.lock(session, dialect, run);
        LogRows.Log after = LogRows.append(session, before, lines);
        if (after.bytes() > options.bytesPerRun()) {
            LogRows.trim(session, after, (long) (options.bytesPerRun() * KEPT));
        }
        return after.bytes() - before.bytes();
    }

    @Override
    public List<LogLine> read(RunRef run, String after, int max) {
        long behind = number(after);
        return transactions.read(
                Deadline.start("read the log of run " + run, WITHIN),
                session -> LogRows.read(session, run, behind, max));
    }

    /** One transaction; on PostgreSQL, other than appending, it is on disk when the call returns. */
    @Override
    public void delete(List<RunRef> runs, Duration within) {
        transactions.write(Deadline.start("delete the log lines of " + runs.size() + " runs", within), session -> {
            // In the order in which appends lock.
            for (RunRef run : new TreeSet<>(runs)) {
                LogRows.drop(session, LogRows.lockIfThere(session, run));
            }
            return runs.size();
        });
    }

    /** Later calls fail. */
    @Override
    public void close() {
        try {
            sessions.close();
        } catch (SQLException e) {
            throw Failures.opening("closing the log store", e);
        }
    }

    private void sweepIfDue(long written) {
        if (isDue(written) && sweeping.compareAndSet(false, true)) {
            try {
                int dropped = sweep();
                settle(dropped);
            } finally {
                sweeping.set(false);
            }
        }
    }

    private synchronized boolean isDue(long written) {
        writtenSinceSweep += written;
        return System.nanoTime() - nextSweep >= 0 || writtenSinceSweep > options.bytes() / 16;
    }

    /** As long as there was something to drop the next append goes on with it. */
    private synchronized void settle(int dropped) {
        if (dropped == 0) {
            nextSweep = System.nanoTime() + BETWEEN_SWEEPS;
            writtenSinceSweep = 0;
        } else {
            nextSweep = System.nanoTime();
        }
    }

    /** Drops a few runs; waits for no lock, so it cannot be part of a deadlock. */
    private int sweep() {
        return transactions.write(Deadline.start("drop old log lines", WITHIN), session -> {
            dialect.hurry(session);
            List<Long> keys = LogRows.older(session, options.age().toSeconds(), RUNS_AT_ONCE);
            if (keys.isEmpty()) {
                keys = LogRows.beyond(session, options.bytes(), RUNS_AT_ONCE);
            }
            LogRows.drop(session, keys);
            return keys.size();
        });
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
