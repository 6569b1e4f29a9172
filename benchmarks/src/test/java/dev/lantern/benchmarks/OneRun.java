package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One run whose steps come one after the other, against an insert and a commit for each of them: the same bytes, one
 * caller, turns of the same length.
 */
final class OneRun {
    private static final Duration TURN = Duration.ofMillis(1500);
    private static final String RAW = "raw single-row commits";
    private static final String CALLS = "Lantern's journal, called directly";
    private static final String GROUPED = "Lantern's journal behind the group commit";
    private static final String ENGINE = "Lantern's engine";
    private static final String DBOS = "DBOS Transact";

    private OneRun() {}

    static void measure(Postgres server, double syncSeconds, int rounds) throws Exception {
        server.create("one_run");
        server.create("one_run_dbos");
        try (HikariDataSource pool = server.pool("one_run");
                HikariDataSource dbosPool = server.pool("one_run_dbos");
                JdbcJournal journal = JdbcJournal.on(pool);
                DbosAgents dbos = new DbosAgents(dbosPool)) {
            dbos.launch();
            RawTable raw = RawTable.empty(pool);
            BareRuns imagined = BareRuns.imagined(1);
            BareRuns direct = BareRuns.create(journal, 1, 1);
            BareRuns grouped = BareRuns.create(journal, 1, 1);
            int engineSteps = (int) (TURN.toMillis() / (1000 * syncSeconds + 0.4));
            Map<String, Double> medians = new Rounds("one run", "steps/s")
                    .with(RAW, () -> raw.singleCommitsPerSecond(imagined, TURN))
                    .with(CALLS, () -> callsPerSecond(journal, direct))
                    .with(
                            GROUPED,
                            () -> Callers.appendsPerSecond(
                                    group -> journal.append(group, BareRuns.SOON), grouped, 1, TURN))
                    .with(ENGINE, () -> EngineSteps.perSecond(pool, 1, engineSteps))
                    .with(DBOS, () -> dbos.stepsPerSecond(1, TURN))
                    .take(rounds);
            raw.close();
            report(medians, syncSeconds);
        }
        server.drop("one_run");
        server.drop("one_run_dbos");
    }

    private static double callsPerSecond(Journal journal, BareRuns runs) {
        long begun = System.nanoTime();
        long until = begun + TURN.toNanos();
        int calls = 0;
        while (System.nanoTime() < until) {
            Append append = runs.next(0);
            List<AppendResult> results = journal.append(List.of(append), BareRuns.SOON);
            runs.written(0, results.get(0));
            calls++;
        }
        return calls / Rounds.seconds(begun);
    }

    private static void report(Map<String, Double> medians, double syncSeconds) {
        boolean slow = DiskSync.isSlow(syncSeconds);
        double raw = medians.getOrDefault(RAW, Double.NaN);
        medians.forEach(
                (name, rate) -> System.out.printf(Locale.ROOT, "one run: %s: %.2f of %s%n", name, rate / raw, RAW));
        Figure.atLeast(
                        slow ? "journal_pg_one_run_slow_disk" : "journal_pg_one_run_fast_disk",
                        medians.getOrDefault(GROUPED, Double.NaN) / raw,
                        "of_raw_single_commits",
                        slow ? 0.85 : 0.70)
                .print();
    }
}
