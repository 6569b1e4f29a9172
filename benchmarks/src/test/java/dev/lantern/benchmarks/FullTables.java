package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What an append costs when the tables hold a million events of ten thousand runs, against tables that are empty but
 * for the runs that append. The full side appends to runs drawn from all ten thousand.
 */
final class FullTables {
    private static final int RUNS = 10_000;
    private static final int EVENTS = 100;
    private static final int CALLERS = 64;
    private static final Duration TURN = Duration.ofMillis(1500);
    private static final String EMPTY = "empty tables";
    private static final String FULL = "a million events";

    private FullTables() {}

    static void measure(Postgres server, int rounds) throws Exception {
        server.create("few_events");
        server.create("many_events");
        try (HikariDataSource fewPool = server.pool("few_events");
                HikariDataSource manyPool = server.pool("many_events");
                JdbcJournal few = JdbcJournal.on(fewPool);
                JdbcJournal many = JdbcJournal.on(manyPool)) {
            long begun = System.nanoTime();
            BareRuns fullRuns = BareRuns.create(many, RUNS, EVENTS);
            System.out.printf(
                    Locale.ROOT,
                    "full tables: %d events of %d runs created in %.0f s%n",
                    RUNS * EVENTS,
                    RUNS,
                    Rounds.seconds(begun));
            BareRuns fewRuns = BareRuns.create(few, CALLERS, 1);
            settle(manyPool);
            settle(fewPool);
            // The many come first: after a checkpoint each page is logged whole once, and one caller alone would take
            // all its turns for that.
            compare(CALLERS, CALLERS + " callers", rounds, few, fewRuns, many, fullRuns);
            compare(1, "one caller", rounds, few, fewRuns, many, fullRuns);
        }
        server.drop("few_events");
        server.drop("many_events");
    }

    /** Does at once what the server would do behind the first rounds: vacuum what was loaded, and write it out. */
    private static void settle(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
            statement.execute("checkpoint");
        }
    }

    private static void compare(
            int callers, String who, int rounds, Journal few, BareRuns fewRuns, Journal many, BareRuns fullRuns)
            throws Exception {
        Map<String, Double> medians = new Rounds("full tables, " + who, "appends/s")
                .with(EMPTY, () -> rate(few, fewRuns, callers))
                .with(FULL, () -> rate(many, fullRuns, callers))
                .take(rounds);
        Figure.atMost(
                        "journal_pg_million_events_" + callers + (callers == 1 ? "_caller" : "_callers"),
                        medians.getOrDefault(EMPTY, Double.NaN) / medians.getOrDefault(FULL, Double.NaN),
                        "times_the_cost_when_empty",
                        1.2)
                .print();
    }

    private static double rate(Journal journal, BareRuns runs, int callers) throws InterruptedException {
        return Callers.appendsPerSecond(group -> journal.append(group, BareRuns.SOON), runs, callers, TURN);
    }
}
