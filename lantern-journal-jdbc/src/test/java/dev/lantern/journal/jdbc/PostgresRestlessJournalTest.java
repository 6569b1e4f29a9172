package dev.lantern.journal.jdbc;

import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** Each call meets another session, and nothing that was set or prepared in one is there the next time. */
@Tag("long")
class PostgresRestlessJournalTest extends JournalContract {
    private final RestlessSource source = new RestlessSource(PostgresServer.schema());

    @Override
    protected Journal open() {
        return JdbcJournal.on(source);
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(open());
    }

    @AfterEach
    void closeSessions() throws SQLException {
        source.close();
    }
}
