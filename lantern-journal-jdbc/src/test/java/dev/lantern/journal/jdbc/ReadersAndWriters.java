package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Lists do not wait for writers, and writers do not wait for readers, however long the others take. */
abstract class ReadersAndWriters {
    private static final Duration SOON = Duration.ofSeconds(30);

    abstract DataSource source();

    @Test
    void lists_and_reads_do_not_wait_for_a_transaction_that_writes() throws SQLException {
        try (JdbcJournal journal = JdbcJournal.on(source());
                Connection writer = source().getConnection()) {
            RunRow run = created(journal, "a");
            writer.setAutoCommit(false);
            execute(writer, "update lantern_head set seq = seq where run_key = " + run.key());
            execute(writer, "update lantern_run set agent = 'other' where run_key = " + run.key());
            execute(writer, "delete from lantern_event where run_key = " + run.key());

            assertThat(journal.list(RunQuery.all().agent("triage"), Optional.empty(), SOON))
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.row()).isEqualTo(run));
            assertThat(journal.find(run.run(), SOON)).contains(run);
            assertThat(journal.read(run.key(), 0, 10, SOON)).hasSize(1);
            writer.rollback();
        }
    }

    @Test
    void writers_do_not_wait_for_a_reader_in_the_middle_of_a_long_list() throws SQLException {
        try (JdbcJournal journal = JdbcJournal.on(source());
                Connection reader = source().getConnection()) {
            long host = journal.join("https://host", Duration.ofHours(1), SOON).host();
            for (int i = 0; i < 50; i++) {
                journal.create(List.of(TestEvents.create(new RunRef("acme", "run-" + i), host, "created")), SOON);
            }
            RunRow run = journal.find(new RunRef("acme", "run-7"), SOON).orElseThrow();
            reader.setAutoCommit(false);
            try (Statement statement = reader.createStatement()) {
                statement.setFetchSize(5);
                try (ResultSet rows = statement.executeQuery("select r.run, h.status from lantern_run r"
                        + " join lantern_head h on h.run_key = r.run_key join lantern_event e on e.run_key = r.run_key"
                        + " order by r.created_at, r.run_key")) {
                    assertThat(rows.next()).isTrue();

                    Append append = TestEvents.append(run, "next");
                    assertThat(journal.append(List.of(append), SOON))
                            .containsExactly(new AppendResult.Appended(append.after()));
                    RunRow now = TestEvents.after(run, append);
                    Append last = TestEvents.append(now, "last");
                    Append closing = new Append(last.key(), last.fence(), last.events(), 0, RunStatus.SUCCEEDED, true);
                    assertThat(journal.append(List.of(closing), SOON))
                            .containsExactly(new AppendResult.Appended(closing.after()));
                    assertThat(journal.dispose(
                                    List.of(new Disposal(
                                            run.key(), Disposal.Kind.DELETE, closing.after(), "while somebody reads")),
                                    SOON))
                            .containsExactly(new DisposalResult.Done());
                    assertThat(created(journal, "new").run().run()).isEqualTo("new");
                }
            }
            reader.rollback();
        }
    }

    private static RunRow created(JdbcJournal journal, String name) {
        long host = journal.join("https://host", Duration.ofHours(1), SOON).host();
        CreateResult made = journal.create(List.of(TestEvents.create(new RunRef("acme", name), host, "created")), SOON)
                .get(0);
        return ((CreateResult.Created) made).row();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
