package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.torture.Postgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A five-step agent in shell, a host JVM, and H2 on disk or PostgreSQL. Host, agent or database are killed with SIGKILL
 * before and after every call that writes to the journal; whoever is left, or comes next, finishes the run.
 */
@Tag("long")
class CrashMatrixTest {
    private static final int FEWEST_CASES = 36;
    private static final int FEWEST_CASES_ON_POSTGRESQL = 18;
    private static final int MEGABYTES = 256;
    private static final int AT_ONCE = 2;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 20, unit = java.util.concurrent.TimeUnit.MINUTES)
    void every_journal_boundary_survives_the_death_of_host_and_agent() throws Exception {
        CrashCase clean = new CrashCase(directory.resolve("clean"), CrashPoint.none());
        clean.run();
        clean.verify();
        List<CrashPoint> points = points(clean.boundaries(), CrashPoint.Victim.HOST, CrashPoint.Victim.AGENT);
        runAll(points);
        System.out.println("CrashMatrixTest: " + points.size() + " cases, at " + clean.boundaries()
                + " journal boundaries, before and after each, host and agent");
        assertThat(points.size()).isGreaterThanOrEqualTo(FEWEST_CASES);
    }

    /** The host lives in this JVM: that it dies at every boundary is the other matrix, and the torture. */
    @Test
    @Timeout(value = 20, unit = java.util.concurrent.TimeUnit.MINUTES)
    void every_journal_boundary_on_postgresql_survives_the_death_of_the_database() throws Exception {
        try (Postgres postgres = Postgres.start(directory, MEGABYTES)) {
            CrashCase clean = new CrashCase(directory.resolve("clean"), CrashPoint.none());
            clean.runHere(JdbcJournal.on(postgres.source()), postgres::killOneBackend);
            clean.verify();
            List<CrashPoint> points = points(clean.boundaries(), CrashPoint.Victim.DATABASE);
            for (CrashPoint point : points) {
                CrashCase one = crashCase(point);
                one.runHere(JdbcJournal.on(postgres.source()), postgres::killOneBackend);
                one.verify();
            }
            System.out.println("CrashMatrixTest: " + points.size() + " cases, at " + clean.boundaries()
                    + " journal boundaries, before and after each, PostgreSQL");
            assertThat(points.size()).isGreaterThanOrEqualTo(FEWEST_CASES_ON_POSTGRESQL);
        }
    }

    private static List<CrashPoint> points(int boundaries, CrashPoint.Victim... victims) {
        List<CrashPoint> points = new ArrayList<>();
        for (CrashPoint.Victim victim : victims) {
            for (int boundary = 1; boundary <= boundaries; boundary++) {
                points.add(new CrashPoint(victim, boundary, false));
                points.add(new CrashPoint(victim, boundary, true));
            }
        }
        return points;
    }

    private CrashCase crashCase(CrashPoint point) {
        return new CrashCase(directory.resolve(point.toString().replace(':', '-')), point);
    }

    private void runAll(List<CrashPoint> points) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> cases = new ArrayList<>();
            for (CrashPoint point : points) {
                cases.add(pool.submit(() -> {
                    CrashCase one = crashCase(point);
                    one.run();
                    one.verify();
                    return null;
                }));
            }
            for (Future<?> one : cases) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
