package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Journal;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A payload that is to be kept while its run is closed and erased, held up between its statement's look and its lock. Races
 * find that seldom; here it comes each time.
 */
class PostgresKeepTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String HOLD = " and pg_advisory_xact_lock_shared(42) is not null";

    private final String url = PostgresServer.database();

    @Test
    void payload_that_looked_before_the_run_was_closed_and_locked_after_it_was_erased_is_not_kept() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Journal journal = JdbcJournal.on(new HeldUp(url));
                Connection rival = DriverManager.getConnection(url);
                Statement statement = rival.createStatement()) {
            long host =
                    journal.join("https://host:1", Duration.ofHours(1), SOON).host();
            CreateResult created = journal.create(
                            List.of(TestEvents.create(new RunRef("acme", "a"), host, "created")), SOON)
                    .get(0);
            long key = ((CreateResult.Created) created).row().key();
            Commitment commitment = new Commitment(Digest.sha256(new byte[] {1}));
            statement.execute("select pg_advisory_lock(42)");

            Future<?> keeping = threads.submit(() -> journal.keep(key, commitment, new byte[20_000], SOON));
            awaitWaiting();
            statement.execute("update lantern_head set host = null where run_key = " + key);
            statement.execute("delete from lantern_opening where run_key = " + key);
            statement.execute("select pg_advisory_unlock(42)");
            keeping.get();

            assertThat(journal.keptOf(key, Optional.empty(), 10, SOON)).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** A database in which whoever pins a run waits between the look and the lock. */
    private static final class HeldUp extends PlainSource {
        private final String url;

        HeldUp(String url) {
            this.url = url;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection real = DriverManager.getConnection(url);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, call, args) -> {
                        try {
                            if (call.getName().equals("prepareStatement")) {
                                args[0] = ((String) args[0]).replace(" for key share", HOLD + " for key share");
                            }
                            return call.invoke(real, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    private void awaitWaiting() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            long end = System.nanoTime() + SOON.toNanos();
            int found = 0;
            while (found == 0) {
                assertThat(System.nanoTime()).as("nobody waits for the lock").isLessThan(end);
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                try (ResultSet waiting = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'")) {
                    waiting.next();
                    found = waiting.getInt(1);
                }
            }
        }
    }
}
