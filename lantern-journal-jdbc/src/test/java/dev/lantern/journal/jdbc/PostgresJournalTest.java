package dev.lantern.journal.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** PostgreSQL through the pool that most hosts use. */
class PostgresJournalTest extends JournalContract {
    private final HikariDataSource pool = PostgresServer.pool();

    @Override
    protected Journal open() {
        return JdbcJournal.on(pool);
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(open());
    }

    @AfterEach
    void closePool() {
        pool.close();
    }
}
