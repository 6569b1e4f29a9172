package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.contract.LogStoreContract;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the log store does on every database beyond what every log store does. */
abstract class JdbcLogStoreContract extends LogStoreContract {
    private static final JdbcLogOptions OPTIONS =
            JdbcLogOptions.defaults().withBytesPerRun(1024 * 1024).withAge(Duration.ofDays(7));
    private static final RunRef RUN = new RunRef("acme", "run-1");
    private static final RunRef OTHER = new RunRef("acme", "other");

    /** An empty database, the same for the whole test. */
    abstract DataSource source();

    @Override
    protected LogStore open() {
        return JdbcLogStore.on(source(), OPTIONS);
    }

    @Test
    void lines_and_cursors_outlive_the_store_and_are_seen_by_other_hosts() {
        store().append(List.of(line("one"), line("two")));
        List<LogLine> before = all();

        try (LogStore other = open()) {
            other.append(List.of(line("three")));
            assertThat(other.read(RUN, before.get(0).cursor(), 10))
                    .extracting(LogLine::text)
                    .containsExactly("two", "three");
        }
        assertThat(all()).extracting(LogLine::text).containsExactly("one", "two", "three");
        assertThat(all()).extracting(LogLine::cursor).doesNotHaveDuplicates();
    }

    /** Numbers are given out under the run's lock, or a line would become visible behind a cursor that passed it. */
    @Test
    void a_reader_that_follows_several_writers_misses_no_line_and_sees_none_twice() throws Exception {
        int writers = 3;
        int each = 60;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<String> seen = new ArrayList<>();
        try (LogStore second = open()) {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                String own = w + "/";
                LogStore to = w == 0 ? second : store();
                running.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        to.append(List.of(line(own + i)));
                    }
                }));
            }
            String cursor = "";
            boolean last = false;
            while (!last) {
                last = running.stream().allMatch(Future::isDone);
                for (LogLine line : second.read(RUN, cursor, 7)) {
                    seen.add(line.text());
                    cursor = line.cursor();
                    last = false;
                }
            }
            for (Future<?> writer : running) {
                writer.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(seen).hasSize(writers * each).doesNotHaveDuplicates();
        for (int w = 0; w < writers; w++) {
            String own = w + "/";
            assertThat(seen.stream().filter(text -> text.startsWith(own)))
                    .isEqualTo(IntStream.range(0, each).mapToObj(i -> own + i).toList());
        }
    }

    @Test
    void what_an_agent_writes_is_kept_in_any_encoding_of_it() {
        String all = "NUL \u0000, bell \u0007, half \uD83D, whole \uD83C\uDF01, line \u2028, last \uFFFF";
        store().append(List.of(new LogEntry(
                new InstanceRef(RUN, 3), Instant.parse("2026-01-02T03:04:05.123456789Z"), "std out\n", all)));

        assertThat(all()).singleElement().satisfies(line -> {
            assertThat(line.text())
                    .isEqualTo("NUL \uFFFD, bell \uFFFD, half \uFFFD, whole \uD83C\uDF01, line \uFFFD, last \uFFFF");
            assertThat(line.stream()).isEqualTo("std_out_");
            assertThat(line.time()).isEqualTo(Instant.parse("2026-01-02T03:04:05.123456789Z"));
            assertThat(line.epoch()).isEqualTo(3);
        });
    }

    @Test
    void a_run_never_takes_more_than_its_share_however_fast_it_writes() throws SQLException {
        for (int i = 0; i < 12; i++) {
            store().append(IntStream.range(0, 200)
                    .mapToObj(n -> line("z".repeat(2000)))
                    .toList());
            assertThat(number("select sum(bytes) from lantern_log_chunk")).isLessThanOrEqualTo(1024 * 1024);
            assertThat(number("select sum(bytes) from lantern_log"))
                    .isEqualTo(number("select sum(bytes) from lantern_log_chunk"));
        }
        store().append(IntStream.range(0, 30)
                .mapToObj(n -> line("\u6F22".repeat(64 * 1024)))
                .toList());

        assertThat(number("select sum(bytes) from lantern_log_chunk")).isLessThanOrEqualTo(1024 * 1024);
        assertThat(all().get(all().size() - 1).text()).startsWith("\u6F22");
    }

    @Test
    void lines_that_came_together_take_few_rows() throws SQLException {
        store().append(IntStream.range(0, 5_000)
                .mapToObj(i -> line("line " + i))
                .toList());

        assertThat(number("select count(*) from lantern_log_chunk")).isEqualTo(1);
        assertThat(all()).hasSize(5_000);
        String middle = all().get(2_499).cursor();
        assertThat(store().read(RUN, middle, 2)).extracting(LogLine::text).containsExactly("line 2500", "line 2501");
    }

    @Test
    void what_is_too_old_goes_and_its_numbers_never_come_back() throws SQLException {
        store().append(List.of(line("old")));
        String old = all().get(0).cursor();
        execute("update lantern_log set written_at = written_at - "
                + Duration.ofDays(8).toSeconds());

        try (LogStore next = open()) {
            next.append(List.of(line(OTHER, 1, "new")));
        }

        assertThat(all()).isEmpty();
        assertThat(number("select count(*) from lantern_log")).isEqualTo(1);
        assertThat(number("select count(*) from lantern_log_chunk")).isEqualTo(1);
        assertThat(store().read(OTHER, "", 10)).extracting(LogLine::text).containsExactly("new");

        store().append(List.of(line("again")));
        assertThat(store().read(RUN, old, 10)).extracting(LogLine::text).containsExactly("again");
    }

    @Test
    void many_old_runs_go_a_few_with_each_append() throws SQLException {
        store().append(IntStream.range(0, 50)
                .mapToObj(i -> line(new RunRef("acme", "old-" + i), 1, "old"))
                .toList());
        execute("update lantern_log set written_at = written_at - "
                + Duration.ofDays(8).toSeconds());

        try (LogStore next = open()) {
            next.append(List.of(line("new")));
            assertThat(number("select count(*) from lantern_log")).isEqualTo(31);
            next.append(List.of(line("new")));
            next.append(List.of(line("new")));
            assertThat(number("select count(*) from lantern_log")).isEqualTo(1);
        }
    }

    @Test
    void of_too_much_in_all_the_runs_written_to_longest_ago_go() throws SQLException {
        JdbcLogOptions small = OPTIONS.withBytes(2 * 1024 * 1024);
        List<LogEntry> much = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            RunRef ref = new RunRef("acme", "run-" + run);
            IntStream.range(0, 12).forEach(i -> much.add(line(ref, 1, "x".repeat(64_000))));
        }
        try (LogStore wide = open()) {
            wide.append(much);
        }
        execute("update lantern_log set written_at = written_at - 60 where run = 'run-0'");
        execute("update lantern_log set written_at = written_at - 30 where run = 'run-1'");

        try (LogStore narrow = JdbcLogStore.on(source(), small)) {
            narrow.append(List.of(line(OTHER, 1, "new")));

            assertThat(narrow.read(new RunRef("acme", "run-0"), "", 1)).isEmpty();
            assertThat(narrow.read(new RunRef("acme", "run-1"), "", 1)).isNotEmpty();
            assertThat(narrow.read(new RunRef("acme", "run-2"), "", 1)).isNotEmpty();
            assertThat(narrow.read(OTHER, "", 1)).isNotEmpty();
        }
    }

    @Test
    void a_reader_in_the_middle_of_a_transaction_holds_up_no_writer() throws SQLException {
        store().append(List.of(line("one")));
        try (Connection reader = source().getConnection()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(number(reader, "select count(*) from lantern_log_chunk")).isEqualTo(1);
            assertThat(number(reader, "select count(*) from lantern_log")).isEqualTo(1);

            store().append(List.of(line("two")));

            assertThat(all()).hasSize(2);
            reader.rollback();
        }
    }

    @Test
    void a_writer_that_waits_holds_up_no_reader_and_no_other_run() throws Exception {
        store().append(List.of(line("one")));
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try (Connection rival = source().getConnection()) {
            rival.setAutoCommit(false);
            assertThat(number(rival, "select log_key from lantern_log where run = 'run-1' for update"))
                    .isPositive();
            CountDownLatch begun = new CountDownLatch(1);
            Future<?> waiting = threads.submit(() -> {
                begun.countDown();
                store().append(List.of(line("two")));
            });
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

            store().append(List.of(line(OTHER, 1, "elsewhere")));
            assertThat(all()).extracting(LogLine::text).containsExactly("one");

            rival.rollback();
            waiting.get(60, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        assertThat(all()).extracting(LogLine::text).containsExactly("one", "two");
    }

    @Test
    void failures_hold_codes_and_no_lines() throws SQLException {
        store().append(List.of(line("one")));
        execute("drop table lantern_log_chunk");
        StringWriter shown = new StringWriter();

        assertThatThrownBy(() -> store().append(List.of(line("canary-4711"))))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("keep 1 log lines: the database answered with SQLSTATE ")
                .satisfies(failure -> failure.printStackTrace(new PrintWriter(shown)));
        assertThatThrownBy(this::all).hasMessageStartingWith("read the log of run acme/run-1: ");

        assertThat(shown.toString()).doesNotContain("canary");
    }

    @Test
    void limits_that_leave_no_room_are_refused() {
        JdbcLogOptions options = JdbcLogOptions.defaults();

        assertThatThrownBy(() -> options.withBytesPerRun(1000))
                .hasMessage("log limits: a run takes at least 1048576 bytes, found 1000");
        assertThatThrownBy(() -> options.withBytes(1000))
                .hasMessage("log limits: all runs take at least 1048576 bytes, found 1000");
        assertThatThrownBy(() -> options.withAge(Duration.ZERO))
                .hasMessage("log limits: the age is at least a second, found PT0S");
        assertThatThrownBy(() -> JdbcLogStore.on(source(), options.withBytes(1024 * 1024)))
                .hasMessage("log limits: all runs together take at least what one takes, 8388608 bytes, found 1048576");
    }

    @Test
    void closing_leaves_the_data_source_open_and_the_store_unusable() throws SQLException {
        store().close();
        store().close();

        assertThatThrownBy(() -> store().append(List.of(line("late")))).isInstanceOf(LanternException.class);
        assertThat(number("select count(*) from lantern_log")).isZero();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = source().getConnection()) {
            return number(connection, sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
