package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The orderly end of an H2 database: everything written, its file compacted a little. */
final class Shutdown {
    private Shutdown() {}

    static void of(Connections source) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
        }
    }
}
