package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A host process with a thousand live runs is killed; another host, which is idle, takes them up. Counted is from the
 * kill to the first claim that brought runs, and from there until every run's next instance has enrolled and holds its
 * resume document. The first round warms up.
 */
final class Takeover {
    private static final int RUNS = 1000;
    private static final int STEPS = 10;
    private static final String DATABASE = "takeover";

    private record Round(double noticed, double resumed, double readsPerRun) {}

    private Takeover() {}

    static void measure(Postgres server, int rounds) throws Exception {
        once(server);
        List<Round> taken = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Round one = once(server);
            System.out.printf(
                    Locale.ROOT,
                    "takeover of %d runs: noticed after %.2f s, all adopted and resumed %.2f s later,"
                            + " %.2f range reads a run%n",
                    RUNS,
                    one.noticed,
                    one.resumed,
                    one.readsPerRun);
            taken.add(one);
        }
        report(taken);
    }

    /** In a database of its own, so that nothing is taken over but what was killed. */
    private static Round once(Postgres server) throws Exception {
        server.create(DATABASE);
        try (HikariDataSource pool = server.pool(DATABASE)) {
            return takeover(server, pool);
        } finally {
            server.drop(DATABASE);
        }
    }

    private static Round takeover(Postgres server, HikariDataSource pool) throws Exception {
        ScriptedInstances instances = new ScriptedInstances(RUNS, 0, SampleEvents.BODY_BYTES, true);
        WatchedJournal journal = new WatchedJournal(JdbcJournal.on(pool));
        LanternRuntime survivor = Lantern.runtime()
                .journal(journal.watched())
                .substrate(instances)
                .heartbeat(Duration.ofMinutes(5), Duration.ofMinutes(30))
                .start();
        try {
            Process doomed = startDoomed(server);
            long killedAt = System.nanoTime();
            doomed.destroyForcibly().waitFor();
            instances.awaitSteps();
            return new Round(
                    (journal.claimedAt() - killedAt) / 1e9,
                    (instances.firstStepAt() - journal.claimedAt()) / 1e9,
                    (double) journal.reads() / RUNS);
        } finally {
            survivor.close();
        }
    }

    private static Process startDoomed(Postgres server) throws IOException {
        List<String> command = new ArrayList<>(BenchJournal.command(DoomedHost.class));
        command.addAll(List.of(server.urlOf(DATABASE), "" + RUNS, "" + STEPS));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!DoomedHost.READY.equals(out.readLine())) {
            throw new IllegalStateException("the host to be killed did not get ready");
        }
        return process;
    }

    private static void report(List<Round> rounds) {
        Figure.atMost("takeover_1000_runs_noticed", worst(rounds, Round::noticed), "s_at_worst", 10)
                .print();
        Figure.atMost("takeover_1000_runs_resumed", median(rounds, Round::resumed), "s_after_that", 1)
                .print();
        Figure.atMost("takeover_1000_runs_reads", worst(rounds, Round::readsPerRun), "range_reads_a_run", 1)
                .print();
    }

    private static double worst(List<Round> rounds, java.util.function.ToDoubleFunction<Round> what) {
        return rounds.stream().mapToDouble(what).max().orElseThrow();
    }

    private static double median(List<Round> rounds, java.util.function.ToDoubleFunction<Round> what) {
        return Rounds.median(rounds.stream().mapToDouble(what).toArray());
    }

    /**
     * DBOS beside it: as many workflows of as many steps, set back to pending as after a crash, recovered by a new
     * instance of their executor, from its launch until all have found their steps recorded and ended.
     */
    static void dbos(Postgres server, int rounds) throws Exception {
        server.create(DATABASE);
        try (HikariDataSource pool = server.pool(DATABASE)) {
            try (DbosAgents before = new DbosAgents(pool)) {
                before.launch();
                before.workflows("crashed-", RUNS, STEPS);
            }
            double[] took = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                took[round] = recovery(pool);
            }
            System.out.printf(
                    Locale.ROOT,
                    "takeover beside it: DBOS Transact recovers %d workflows %.2f s after its restart (median of %d rounds)%n",
                    RUNS,
                    Rounds.median(took),
                    rounds);
        }
        server.drop(DATABASE);
    }

    private static double recovery(HikariDataSource pool) throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update dbos.workflow_status set status = 'PENDING', output = null");
        }
        try (DbosAgents after = new DbosAgents(pool)) {
            long begun = System.nanoTime();
            after.launch();
            while (after.carriedOut() < RUNS) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return Rounds.seconds(begun);
        }
    }
}
