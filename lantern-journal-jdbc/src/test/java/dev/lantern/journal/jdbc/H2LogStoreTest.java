package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

class H2LogStoreTest extends JdbcLogStoreContract {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final TestSource source =
            new TestSource("jdbc:h2:mem:logs-" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");

    @Override
    DataSource source() {
        return source;
    }

    @AfterEach
    void endDatabase() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
        }
    }
}
