package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Append;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * What the server and the network are asked to do for one more step, and for one more run of one step: statements as
 * the server counts them, round trips as they cross the sockets, syncs of the write-ahead log by any process of the
 * server. Each is done few times and many times over fresh connections; the difference counts. All connections are open
 * before the work begins: a pool opens the rest of its own meanwhile, and more of them the longer the work takes.
 */
final class CostPerStep {
    private static final String DATABASE = "cost";
    private static final int FEW = 100;
    private static final int MANY = 1100;

    /** Something that can be done any number of times on a database, opening and closing what it needs. */
    private interface Work {
        void times(DataSource source, int count) throws Exception;
    }

    private record Cost(double statements, double roundTrips, double syncs) {
        Cost perOneMore(Cost few) {
            int more = MANY - FEW;
            return new Cost(
                    (statements - few.statements) / more,
                    (roundTrips - few.roundTrips) / more,
                    (syncs - few.syncs) / more);
        }
    }

    private final Postgres server;
    private final ServerCounters counters;
    private final boolean statementsCounted;

    private CostPerStep(Postgres server, ServerCounters counters) throws SQLException {
        this.server = server;
        this.counters = counters;
        this.statementsCounted = counters.statements().isPresent();
    }

    static void measure(Postgres server) throws Exception {
        server.create(DATABASE);
        try (ServerCounters counters = new ServerCounters(server, DATABASE)) {
            new CostPerStep(server, counters).measure();
        }
        server.drop(DATABASE);
    }

    private void measure() throws Exception {
        if (!statementsCounted) {
            System.out.println("cost: this server has no pg_stat_statements to count statements with");
        }
        System.out.println("cost: of one more, left out what is done once: to open, migrate, prepare and connect");
        Cost step = cost("a step of Lantern's journal", CostPerStep::lanternSteps);
        if (statementsCounted) {
            Figure.atMost("journal_pg_statements_per_step", step.statements, "statements", 1)
                    .print();
        }
        Figure.atMost("journal_pg_round_trips_per_step", step.roundTrips, "round_trips", 1)
                .print();
        Figure.atMost("journal_pg_wal_syncs_per_step", step.syncs, "syncs", 1).print();
        Cost run = cost("a run of create, step and finish in Lantern's journal", CostPerStep::lanternRuns);
        if (statementsCounted) {
            Figure.atMost("journal_pg_statements_per_run_of_one_step", run.statements, "statements", 3)
                    .print();
        }
        cost("a step of DBOS Transact", CostPerStep::dbosSteps);
    }

    private Cost cost(String what, Work work) throws Exception {
        costOf(work, FEW);
        Cost few = costOf(work, FEW);
        Cost one = costOf(work, MANY).perOneMore(few);
        System.out.printf(
                Locale.ROOT,
                "cost: %s: %s statements, %.2f round trips, %.2f syncs%n",
                what,
                statementsCounted ? String.format(Locale.ROOT, "%.2f", one.statements) : "uncounted",
                one.roundTrips,
                one.syncs);
        return one;
    }

    private Cost costOf(Work work, int count) throws Exception {
        Cost before = soFar();
        try (HikariDataSource pool = server.pool(DATABASE, "&socketFactory=" + CountingSockets.class.getName())) {
            Pools.awaitFull(pool);
            work.times(pool, count);
        }
        counters.awaitDisconnected();
        Cost after = soFar();
        return new Cost(
                after.statements - before.statements, after.roundTrips - before.roundTrips, after.syncs - before.syncs);
    }

    private Cost soFar() throws SQLException {
        return new Cost(counters.statements().orElse(0), CountingSockets.roundTrips(), counters.walSyncs());
    }

    private static void lanternSteps(DataSource source, int count) {
        try (Journal journal = JdbcJournal.on(source)) {
            BareRuns runs = BareRuns.create(journal, 1, 1);
            for (int i = 0; i < count; i++) {
                write(journal, runs, 0, runs.next(0));
            }
        }
    }

    private static void lanternRuns(DataSource source, int count) {
        try (Journal journal = JdbcJournal.on(source)) {
            BareRuns runs = BareRuns.of(journal);
            for (int run = 0; run < count; run++) {
                runs.createOne(journal);
                write(journal, runs, run, runs.next(run));
                write(journal, runs, run, runs.last(run));
            }
        }
    }

    private static void write(Journal journal, BareRuns runs, int run, Append append) {
        runs.written(run, journal.append(List.of(append), BareRuns.SOON).get(0));
    }

    private static void dbosSteps(DataSource source, int count) {
        try (DbosAgents dbos = new DbosAgents(source)) {
            dbos.launch();
            dbos.oneWorkflow(count);
        }
    }
}
