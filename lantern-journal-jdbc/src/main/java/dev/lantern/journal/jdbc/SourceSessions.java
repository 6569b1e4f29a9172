package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Sessions over somebody else's data source: one connection per call, given back as it came. */
final class SourceSessions implements Sessions {
    private final Connections source;
    private final Dialect dialect;

    SourceSessions(Connections source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
    }

    @Override
    public Session borrow(Deadline deadline) throws SQLException {
        return new Lent(source.open()).session;
    }

    @Override
    public void giveBack(Session session, boolean sound) {
        if (sound) {
            try {
                dialect.unlimit(session);
                session.connection().setAutoCommit(true);
            } catch (SQLException e) {
                // Closing hands a broken connection to its pool, which finds out what it is.
            }
        }
        Quietly.close(session);
    }

    @Override
    public void close() {}

    /** A connection that is closed again if it cannot be used. */
    private static final class Lent {
        private final Session session;

        Lent(Connection connection) throws SQLException {
            try {
                session = new Session(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }
}
