package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/postgresql.md shows. */
class PostgresManualTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    // tag::grants[]
    private static final List<String> GRANTS = List.of(
            "grant usage on schema lantern to clerk",
            "grant select, insert, update, delete on all tables in schema lantern to clerk",
            "grant execute on all functions in schema lantern to clerk");
    // end::grants[]

    @Test
    void a_pool_is_all_it_needs() {
        String url = PostgresServer.database();
        // tag::open[]
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        HikariDataSource pool = new HikariDataSource(config);

        Journal journal = JdbcJournal.on(pool);
        // end::open[]
        try (pool;
                journal) {
            everythingWorks(journal);
            assertThat(journal.hearsMessages()).isTrue();
        }
    }

    @Test
    void a_user_that_may_change_no_schema_works_with_one_that_another_made() throws SQLException {
        String url = PostgresServer.database();
        try (Connection owner = DriverManager.getConnection(url);
                Statement statement = owner.createStatement()) {
            statement.execute("create schema lantern");
            statement.execute("set search_path = lantern");
            statement.execute(JdbcJournal.script("PostgreSQL"));
            statement.execute("drop role if exists clerk");
            statement.execute("create role clerk login");
            statement.execute("revoke execute on all functions in schema lantern from public");
            for (String grant : GRANTS) {
                statement.execute(grant);
            }
        }
        TestSource clerk = new TestSource(url.replace("user=postgres", "user=clerk") + "&currentSchema=lantern");
        // tag::validate[]
        Journal journal = JdbcJournal.on(clerk, JdbcOptions.defaults().withSchema(SchemaMode.VALIDATE));
        // end::validate[]
        try (journal) {
            everythingWorks(journal);
        } finally {
            try (Connection owner = DriverManager.getConnection(url);
                    Statement statement = owner.createStatement()) {
                statement.execute("drop owned by clerk");
                statement.execute("drop role clerk");
            }
        }
    }

    @Test
    void a_newer_schema_is_refused() throws SQLException {
        String url = PostgresServer.schema();
        JdbcJournal.migrate(new TestSource(url));
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into lantern_schema (version, name, checksum) values (99, 'future', 'x')");
        }

        for (SchemaMode mode : List.of(SchemaMode.CREATE, SchemaMode.VALIDATE)) {
            assertThatThrownBy(() -> JdbcJournal.on(
                            new TestSource(url), JdbcOptions.defaults().withSchema(mode)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("its schema has version 99, made by a newer Lantern")
                    .hasMessageContaining("upgrade this process");
        }
    }

    private static void everythingWorks(Journal journal) {
        assertThat(journal.installation(SOON)).isNotBlank();
        long host = journal.join("https://host:1", SOON, SOON).host();
        RunRow run = ((CreateResult.Created) journal.create(
                                List.of(TestEvents.create(new RunRef("acme", "a"), host, "created")), SOON)
                        .get(0))
                .row();
        Append append = TestEvents.append(run, "two");
        assertThat(journal.append(List.of(append), SOON)).containsExactly(new AppendResult.Appended(append.after()));
        journal.keep(run.key(), new Commitment(Digest.sha256(new byte[1])), new byte[1], SOON);
        journal.put(new InboxMessage(0, run.key(), "cancel", new byte[1]), SOON);
        assertThat(journal.inbox(host, 10, SOON)).hasSize(1);
        Append last = TestEvents.closing(TestEvents.after(run, append), "the end");
        assertThat(journal.append(List.of(last), SOON)).containsExactly(new AppendResult.Appended(last.after()));
        assertThat(journal.inbox(host, 10, SOON)).isEmpty();
        journal.leave(host, SOON);
    }
}
