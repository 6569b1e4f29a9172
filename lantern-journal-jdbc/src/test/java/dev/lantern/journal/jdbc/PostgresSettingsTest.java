package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Durability;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Settings under which the journal would break its promises, wherever they come from, are refused in each call. */
class PostgresSettingsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final String url = PostgresServer.database();
    private Connection shared;
    private Journal journal;
    private long host;
    private RunRow run;

    /** A pool of one, whose only session somebody else has used before. */
    @BeforeEach
    void open() throws SQLException {
        shared = DriverManager.getConnection(url);
        journal = JdbcJournal.on(new TestSource(shared));
        host = journal.join("https://host:1", Duration.ofHours(1), SOON).host();
        CreateResult made = journal.create(List.of(TestEvents.create(new RunRef("acme", "a"), host, "created")), SOON)
                .get(0);
        run = ((CreateResult.Created) made).row();
    }

    @AfterEach
    void close() throws SQLException {
        journal.close();
        shared.close();
    }

    @Test
    void it_is_on_disk() {
        assertThat(journal.durability()).isEqualTo(Durability.DISK);
    }

    @Test
    void a_session_that_commits_without_syncing_is_refused_in_each_write_and_nothing_is_written() throws SQLException {
        sql(shared, "set synchronous_commit = off");

        refusesEveryWrite(
                "this session has synchronous_commit = off",
                "not on disk",
                "any other value is allowed",
                "Nothing was written",
                "who leaves it behind in pooled sessions");
    }

    @Test
    void a_session_with_a_stricter_isolation_is_refused_in_each_write_and_nothing_is_written() throws SQLException {
        sql(shared, "set default_transaction_isolation = 'repeatable read'");

        refusesEveryWrite(
                "this session's transactions are repeatable read",
                "only read committed is allowed",
                "Nothing was written",
                "default_transaction_isolation");
    }

    @Test
    void a_session_that_was_put_right_is_used_again() throws SQLException {
        sql(shared, "set synchronous_commit = off");
        Append append = TestEvents.append(run, "two");
        assertThatThrownBy(() -> journal.append(List.of(append), SOON)).isInstanceOf(LanternException.class);
        sql(shared, "set synchronous_commit = remote_apply");

        assertThat(journal.append(List.of(append), SOON)).containsExactly(new AppendResult.Appended(append.after()));
    }

    @Test
    void a_database_that_is_set_so_is_refused_when_the_journal_is_opened() throws SQLException {
        String name = shared.getCatalog();
        sql(shared, "alter database " + name + " set synchronous_commit = off");
        assertThatThrownBy(() -> JdbcJournal.on(new TestSource(url)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("opening the journal")
                .hasMessageContaining("synchronous_commit = off");
        sql(shared, "alter database " + name + " reset synchronous_commit");
        sql(shared, "alter database " + name + " set default_transaction_isolation = 'serializable'");
        assertThatThrownBy(() -> JdbcJournal.on(new TestSource(url)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("opening the journal")
                .hasMessageContaining("transactions are serializable");
    }

    @Test
    void a_product_that_only_speaks_like_postgresql_is_refused_by_name() throws SQLException {
        sql(shared, "create schema other");
        sql(shared, "create function other.version() returns text language sql as 'select ''CockroachDB v26''::text'");

        assertThatThrownBy(() -> JdbcJournal.on(new TestSource(url + "&currentSchema=other,pg_catalog")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("the journal needs PostgreSQL itself")
                .hasMessageContaining("\"CockroachDB v26\"");
    }

    @Test
    void a_connection_goes_back_as_it_came() throws SQLException {
        shared.setNetworkTimeout(Runnable::run, 4711);
        shared.setAutoCommit(false);

        journal.find(run.run(), SOON);
        journal.put(new InboxMessage(0, run.key(), "cancel", new byte[1]), SOON);
        journal.append(List.of(TestEvents.append(run, "two")), SOON);

        assertThat(shared.getNetworkTimeout()).isEqualTo(4711);
        assertThat(shared.getAutoCommit()).isFalse();
    }

    @Test
    void an_append_that_waits_for_a_lock_gives_up_in_time_and_says_that_nothing_is_known() throws SQLException {
        Append append = TestEvents.append(run, "two");
        try (Connection rival = DriverManager.getConnection(url)) {
            rival.setAutoCommit(false);
            sql(rival, "select 1 from lantern_head for update");

            assertThatThrownBy(() -> journal.append(List.of(append), Duration.ofMillis(300)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("append to 1 runs")
                    .hasMessageContaining("SQLSTATE 55P03")
                    .hasMessageContaining("whether it took effect is not known");
            rival.rollback();
        }

        assertThat(journal.append(List.of(append), SOON)).containsExactly(new AppendResult.Appended(append.after()));
    }

    private void refusesEveryWrite(String... message) throws SQLException {
        List<Runnable> writes = List.of(
                () -> journal.append(List.of(TestEvents.append(run, "two")), SOON),
                () -> journal.append(List.of(TestEvents.closing(run, "the end")), SOON),
                () -> journal.create(List.of(TestEvents.create(new RunRef("acme", "b"), host, "created")), SOON),
                () -> journal.put(new InboxMessage(0, run.key(), "cancel", new byte[1]), SOON),
                () -> journal.claim(run.key(), host, host + 1, SOON),
                () -> journal.claimLapsed(host, 10, SOON),
                () -> journal.release(run.key(), host, SOON),
                () -> journal.join("https://other:1", SOON, SOON),
                () -> journal.renew(host, SOON, SOON),
                () -> journal.leave(host, SOON));
        for (Runnable write : writes) {
            AbstractThrowableAssert<?, ?> refused =
                    assertThatThrownBy(write::run).isInstanceOf(LanternException.class);
            for (String part : message) {
                refused.hasMessageContaining(part);
            }
        }
        sql(shared, "reset all");
        assertThat(journal.find(run.run(), SOON)).contains(run);
        assertThat(journal.find(new RunRef("acme", "b"), SOON)).isEmpty();
        assertThat(journal.inbox(host, 10, SOON)).isEmpty();
        assertThat(journal.address(host, SOON)).isPresent();
    }

    private static void sql(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
