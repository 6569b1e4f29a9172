package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two groups over the same three runs, in opposite orders, both held up in their middle and then let go. Races find a
 * deadlock sooner or later ({@code JournalRaces}); here it comes at once if it can come at all, which the journal with
 * its order taken away shows.
 */
class PostgresLockOrderTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ORDER = " order by h.run_key for no key update of h";
    /** As the group names the runs: by the other array's order, which the test makes the opposite one. */
    private static final String NO_ORDER = " order by r.new_hash for no key update of h";

    private final String url = PostgresServer.database();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private Journal journal;
    private List<RunRow> runs;

    @BeforeEach
    void open() {
        journal = JdbcJournal.on(new TestSource(url));
        long host = journal.join("https://host:1", Duration.ofHours(1), SOON).host();
        runs = journal
                .create(
                        Stream.of("a", "b", "c")
                                .map(name -> TestEvents.create(new RunRef("acme", name), host, "created"))
                                .toList(),
                        SOON)
                .stream()
                .map(result -> ((CreateResult.Created) result).row())
                .toList();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        journal.close();
    }

    @Test
    void groups_that_are_held_up_in_their_middle_follow_each_other() throws Exception {
        List<Object> answers = appendInOppositeOrders(journal);

        assertThat(answers).allSatisfy(answer -> assertThat(answer).isNotInstanceOf(Exception.class));
        assertThat(answers.stream().flatMap(answer -> ((List<?>) answer).stream()))
                .filteredOn(AppendResult.Appended.class::isInstance)
                .as("each run is written to once")
                .hasSize(3);
    }

    @Test
    void without_the_order_of_keys_they_lock_each_other_out() throws Exception {
        try (Journal unordered = JdbcJournal.on(new Rewriting(url))) {
            List<Object> answers = appendInOppositeOrders(unordered);

            assertThat(answers)
                    .filteredOn(LanternException.class::isInstance)
                    .singleElement()
                    .satisfies(failure -> assertThat(((LanternException) failure).getMessage())
                            .contains("SQLSTATE 40P01"));
        }
    }

    private List<Object> appendInOppositeOrders(Journal target) throws Exception {
        List<Append> up = group(true);
        List<Append> down = group(false);
        List<Future<Object>> calls = new ArrayList<>();
        try (Connection rival = DriverManager.getConnection(url);
                Statement statement = rival.createStatement()) {
            rival.setAutoCommit(false);
            statement.execute(
                    "select 1 from lantern_head where run_key = " + runs.get(1).key() + " for update");
            calls.add(threads.submit(answer(() -> target.append(up, SOON))));
            awaitWaiting(1);
            calls.add(threads.submit(answer(() -> target.append(down, SOON))));
            awaitWaiting(2);
            rival.rollback();
        }
        List<Object> answers = new ArrayList<>();
        for (Future<Object> call : calls) {
            answers.add(call.get());
        }
        return answers;
    }

    private static Callable<Object> answer(Callable<Object> call) {
        return () -> {
            try {
                return call.call();
            } catch (LanternException e) {
                return e;
            }
        };
    }

    /** Of all texts that could be appended, some whose hashes are in this order; so is the group. */
    private List<Append> group(boolean rising) {
        List<Append> group = new ArrayList<>();
        for (RunRow run : rising ? runs : List.of(runs.get(2), runs.get(1), runs.get(0))) {
            // Thirds of what a hash can begin with.
            int third = group.size();
            group.add(Stream.iterate(0, i -> i + 1)
                    .map(i -> TestEvents.append(run, (rising ? "up " : "down ") + i))
                    .filter(append -> Byte.toUnsignedInt(append.after().hash().bytes()[0]) * 3 / 256 == third)
                    .findFirst()
                    .orElseThrow());
        }
        return group;
    }

    private void awaitWaiting(int sessions) throws SQLException {
        long end = System.nanoTime() + SOON.toNanos();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet rows = statement.executeQuery("select count(*) from pg_stat_activity where datname ="
                        + " current_database() and wait_event_type = 'Lock'")) {
                    rows.next();
                    if (rows.getInt(1) == sessions) {
                        return;
                    }
                }
                assertThat(System.nanoTime())
                        .as("no " + sessions + " sessions wait for locks")
                        .isLessThan(end);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    /** A database to which groups are sent without the order of keys. */
    private static final class Rewriting extends PlainSource {
        private final String url;

        Rewriting(String url) {
            this.url = url;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection real = DriverManager.getConnection(url);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, call, args) -> {
                        try {
                            if (call.getName().equals("prepareStatement")) {
                                args[0] = ((String) args[0]).replace(ORDER, NO_ORDER);
                            }
                            return call.invoke(real, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
