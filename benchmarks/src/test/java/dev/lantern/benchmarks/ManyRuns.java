package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Sixty-four runs at once, against groups of the same bytes from the same callers that are inserted without looking
 * at any fence, and against the same agents on DBOS.
 */
final class ManyRuns {
    private static final int RUNS = 64;
    private static final int ENGINE_STEPS = 200;
    private static final Duration TURN = Duration.ofSeconds(2);
    private static final String RAW = "raw grouped commits";
    private static final String JOURNAL = "Lantern's journal behind the group commit";
    private static final String ENGINE = "Lantern's engine";
    private static final String DBOS = "DBOS Transact";

    private ManyRuns() {}

    static void measure(Postgres server, int rounds) throws Exception {
        server.create("many_runs");
        server.create("many_runs_dbos");
        try (HikariDataSource pool = server.pool("many_runs");
                HikariDataSource dbosPool = server.pool("many_runs_dbos");
                JdbcJournal journal = JdbcJournal.on(pool);
                DbosAgents dbos = new DbosAgents(dbosPool)) {
            dbos.launch();
            RawTable raw = RawTable.empty(pool);
            BareRuns imagined = BareRuns.imagined(RUNS);
            BareRuns runs = BareRuns.create(journal, RUNS, 1);
            Map<String, Double> medians = new Rounds(RUNS + " runs", "steps/s")
                    .with(RAW, () -> Callers.appendsPerSecond(raw::insert, imagined, RUNS, TURN))
                    .with(
                            JOURNAL,
                            () -> Callers.appendsPerSecond(
                                    group -> journal.append(group, BareRuns.SOON), runs, RUNS, TURN))
                    .with(ENGINE, () -> EngineSteps.perSecond(pool, RUNS, ENGINE_STEPS))
                    .with(DBOS, () -> dbos.stepsPerSecond(RUNS, TURN))
                    .take(rounds);
            raw.close();
            report(medians);
        }
        server.drop("many_runs");
        server.drop("many_runs_dbos");
    }

    private static void report(Map<String, Double> medians) {
        double raw = medians.getOrDefault(RAW, Double.NaN);
        double dbos = medians.getOrDefault(DBOS, Double.NaN);
        double journal = medians.getOrDefault(JOURNAL, Double.NaN);
        double engine = medians.getOrDefault(ENGINE, Double.NaN);
        System.out.printf(
                Locale.ROOT,
                "%d runs: %s %.2f of raw, %s %.2f, %s %.2f%n",
                RUNS,
                JOURNAL,
                journal / raw,
                ENGINE,
                engine / raw,
                DBOS,
                dbos / raw);
        Figure.atLeast("journal_pg_64_runs", journal / raw, "of_raw_grouped_commits", 0.55)
                .print();
        Figure.atLeast("journal_pg_64_runs_to_dbos", journal / dbos, "times", 5).print();
        Figure.atLeast("engine_pg_64_runs_to_dbos", engine / dbos, "times", 5).print();
    }
}
