package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Durability;
import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that the host opens in its own way, through a data source that opens a connection for each call. */
class H2DataSourceJournalTest extends JournalContract {
    @TempDir
    Path directory;

    @Override
    protected Journal open() {
        return JdbcJournal.on(source());
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(open());
    }

    private TestSource source() {
        return new TestSource("jdbc:h2:retry:" + directory.resolve("host") + ";REUSE_SPACE=FALSE;DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void endDatabase() throws SQLException {
        sql(source(), "shutdown");
    }

    @Test
    void it_is_on_disk_by_checkpoints_whatever_the_write_delay() {
        assertThat(journal().durability()).isEqualTo(Durability.DISK);
    }

    @Test
    void process_durability_is_refused_while_commits_are_written_late() {
        JdbcOptions options = JdbcOptions.defaults().withDurability(Durability.PROCESS);

        assertThatThrownBy(() -> JdbcJournal.on(source(), options))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("500 ms late")
                .hasMessageContaining(";WRITE_DELAY=0");
    }

    @Test
    void process_durability_is_taken_where_commits_are_written_at_once() throws SQLException {
        sql(source(), "set write_delay 0");

        try (Journal process = JdbcJournal.on(source(), JdbcOptions.defaults().withDurability(Durability.PROCESS))) {
            assertThat(process.durability()).isEqualTo(Durability.PROCESS);
        }
    }

    @Test
    void a_file_whose_gaps_are_filled_is_refused() throws SQLException {
        TestSource reusing = new TestSource("jdbc:h2:" + directory.resolve("reusing"));

        assertThatThrownBy(() -> JdbcJournal.on(reusing))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("REUSE_SPACE=true")
                .hasMessageContaining("may forget its last commits when it is killed")
                .hasMessageContaining("JdbcJournal.embedded(directory)");
    }

    @Test
    void a_user_who_may_not_checkpoint_is_refused_with_both_ways_out() throws SQLException {
        sql(source(), "create user clerk password 'x'; grant all on schema public to clerk");
        TestSource clerk = new TestSource(
                "jdbc:h2:retry:" + directory.resolve("host") + ";REUSE_SPACE=FALSE;USER=clerk;PASSWORD=x");

        assertThatThrownBy(() -> JdbcJournal.on(clerk))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("CHECKPOINT SYNC")
                .hasMessageContaining("administrator")
                .hasMessageContaining("PROCESS");
    }

    @Test
    void memory_durability_is_refused() {
        assertThatThrownBy(() -> JdbcOptions.defaults().withDurability(Durability.MEMORY))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("PROCESS and DISK");
    }

    @Test
    void a_connection_goes_back_as_it_came() throws SQLException {
        try (Connection one = source().getConnection()) {
            TestSource shared = new TestSource(one);
            try (Statement statement = one.createStatement()) {
                statement.execute("set lock_timeout 4711");
            }
            one.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            try (Journal other = JdbcJournal.on(shared)) {
                other.installation(java.time.Duration.ofSeconds(5));
            }

            assertThat(one.getAutoCommit()).isTrue();
            assertThat(one.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(number(one, "select lock_timeout()")).isEqualTo(4711);
            assertThat(one.createStatement().getQueryTimeout()).isZero();
        }
    }

    @Test
    void a_closed_journal_refuses_and_names_the_call() {
        journal().close();

        assertThatThrownBy(() -> journal().address(7, java.time.Duration.ofSeconds(5)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("read the address of host 7");
    }

    @Test
    void closing_the_journal_leaves_the_data_source_open() throws SQLException {
        journal().close();

        try (Connection connection = source().getConnection()) {
            assertThat(number(connection, "select count(*) from lantern_installation"))
                    .isEqualTo(1);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void sql(TestSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
