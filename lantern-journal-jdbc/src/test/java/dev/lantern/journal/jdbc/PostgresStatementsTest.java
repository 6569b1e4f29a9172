package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a step costs: statements, transactions, index entries. */
class PostgresStatementsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final String url = PostgresServer.database();
    private final CountingSource source = new CountingSource(url);
    private Journal journal;
    private long host;

    @BeforeEach
    void open() {
        journal = JdbcJournal.on(source);
        host = journal.join("https://host:1", Duration.ofHours(1), SOON).host();
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void creating_a_run_a_step_and_finishing_it_are_three_statements_and_no_more_round_trips() {
        source.reset();

        RunRow run = create("a");
        Append step = TestEvents.append(run, "step_completed");
        append(List.of(step));
        RunRow after = TestEvents.after(run, step);
        append(List.of(TestEvents.closing(after, "run_succeeded")));

        assertThat(source.statements()).isEqualTo(3);
        assertThat(source.commits())
                .as("statements that only end a transaction")
                .isZero();
    }

    @Test
    void a_group_is_one_statement_whatever_its_size_and_its_losers_one_more() {
        List<RunRow> runs = createAll(64);
        source.reset();

        append(runs.stream().map(run -> TestEvents.append(run, "two")).toList());
        assertThat(source.statements()).isEqualTo(1);

        List<AppendResult> repeated = journal.append(
                runs.stream().map(run -> TestEvents.append(run, "two")).toList(), SOON);
        assertThat(repeated).allMatch(result -> result instanceof AppendResult.Replayed);
        assertThat(source.statements()).isEqualTo(3);
    }

    @Test
    void appends_touch_no_index_of_the_hot_table() throws SQLException {
        List<RunRow> runs = new ArrayList<>(createAll(20));
        for (int round = 0; round < 30; round++) {
            for (List<RunRow> part : List.of(runs.subList(0, 1), runs.subList(1, 20))) {
                List<Append> group = part.stream()
                        .map(run -> TestEvents.append(run, "event"))
                        .toList();
                append(group);
                for (int i = 0; i < part.size(); i++) {
                    part.set(i, TestEvents.after(part.get(i), group.get(i)));
                }
            }
        }

        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            long updates = 0;
            long hot = 0;
            // What a session counted is published once it has ended or has nothing to do.
            while (updates < 600) {
                statement.execute("select pg_stat_clear_snapshot()");
                try (ResultSet rows = statement.executeQuery(
                        "select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname = 'lantern_head'")) {
                    rows.next();
                    updates = rows.getLong(1);
                    hot = rows.getLong(2);
                }
            }
            assertThat(updates).isEqualTo(600);
            assertThat(hot).isGreaterThan(570);
        }
    }

    @Test
    void a_group_too_large_for_one_statement_is_several_and_all_of_it_is_written() {
        List<RunRow> runs = createAll(5);
        byte[] body = new byte[9 * 1024 * 1024];
        List<Append> group = runs.stream()
                .map(run -> TestEvents.append(
                        run,
                        TestEvents.event(
                                run.head(), new byte[10], Optional.of(new Event.Erasable(new byte[32], body)))))
                .toList();
        source.reset();

        append(group);

        assertThat(source.statements()).isEqualTo(2);
        for (RunRow run : runs) {
            assertThat(journal.read(run.key(), 1, 1, SOON)
                            .get(0)
                            .erasable()
                            .orElseThrow()
                            .body())
                    .isEqualTo(body);
        }
    }

    @Test
    void a_message_put_in_the_moment_of_closing_is_forgotten_by_the_next_host() throws SQLException {
        RunRow open = create("open");
        RunRow closed = create("closed");
        append(List.of(TestEvents.closing(closed, "the end")));
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (RunRow run : List.of(open, closed)) {
                statement.execute(
                        "insert into lantern_inbox (run_key, kind, body) values (" + run.key() + ", 'cancel', '')");
            }

            journal.join("https://next:1", SOON, SOON);

            try (ResultSet rows = statement.executeQuery("select run_key from lantern_inbox")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(open.key());
                assertThat(rows.next()).isFalse();
            }
        }
    }

    private List<RunRow> createAll(int count) {
        List<Create> group = IntStream.range(0, count)
                .mapToObj(i -> TestEvents.create(new RunRef("acme", "run-" + i), host, "created"))
                .toList();
        return journal.create(group, SOON).stream()
                .map(result -> ((CreateResult.Created) result).row())
                .toList();
    }

    private RunRow create(String name) {
        Create create = TestEvents.create(new RunRef("acme", name), host, "created");
        return ((CreateResult.Created) journal.create(List.of(create), SOON).get(0)).row();
    }

    private void append(List<Append> group) {
        assertThat(journal.append(group, SOON)).allMatch(result -> result instanceof AppendResult.Appended);
    }
}
