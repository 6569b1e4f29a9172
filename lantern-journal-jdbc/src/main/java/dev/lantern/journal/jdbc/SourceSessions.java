package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Sessions over somebody else's data source: one connection per call, given back as it came. */
final class SourceSessions implements Sessions {
    private final Connections source;
    private final Dialect dialect;
    private volatile boolean closed;

    SourceSessions(Connections source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
    }

    @Override
    public Session borrow(Deadline deadline) throws SQLException {
        if (closed) {
            throw new SQLException("this journal is closed", "08003");
        }
        return lent(source.open());
    }

    @Override
    public void giveBack(Session session, boolean sound) {
        if (sound) {
            try {
                dialect.unlimit(session);
                session.restore();
            } catch (SQLException e) {
                // Closing hands a broken connection to its pool, which finds out what it is.
            }
        }
        Quietly.close(session);
    }

    /** The data source stays open: it is not ours. */
    @Override
    public void close() {
        closed = true;
    }

    /** A connection that cannot be used is closed again. */
    private Session lent(Connection connection) throws SQLException {
        try {
            return dialect.session(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }
}
