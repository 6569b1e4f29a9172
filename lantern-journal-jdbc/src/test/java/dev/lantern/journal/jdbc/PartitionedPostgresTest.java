package dev.lantern.journal.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The whole contract on events in partitions, as the page on operations makes them. */
@Tag("long")
class PartitionedPostgresTest extends JournalContract {
    private final HikariDataSource source = PostgresServer.pool();

    @Override
    protected Journal open() throws IOException, SQLException {
        JdbcJournal.migrate(source);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(partitions());
            // The first of them ends early here, so that the contract's runs are in both.
            statement.execute("alter table lantern_event detach partition lantern_event_1;"
                    + "alter table lantern_event detach partition lantern_event_2;"
                    + "alter table lantern_event attach partition lantern_event_1 for values from (minvalue) to (3);"
                    + "alter table lantern_event attach partition lantern_event_2 for values from (3) to (20)");
        }
        return JdbcJournal.on(source, JdbcOptions.defaults().withSchema(SchemaMode.VALIDATE));
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(JdbcJournal.on(source));
    }

    @AfterEach
    void closePool() {
        source.close();
    }

    private static String partitions() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                PartitionedPostgresTest.class.getResourceAsStream("partitions.sql"), "partitions.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
