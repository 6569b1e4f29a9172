package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Durability;
import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An H2 without a file keeps the contract and does not claim to survive anything. */
class H2MemoryJournalTest extends JournalContract {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final TestSource source =
            new TestSource("jdbc:h2:mem:journal-" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");

    @Override
    protected Journal open() {
        return JdbcJournal.on(source);
    }

    @AfterEach
    void endDatabase() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
        }
    }

    @Test
    void it_says_that_it_survives_nothing() {
        assertThat(journal().durability()).isEqualTo(Durability.MEMORY);
    }
}
