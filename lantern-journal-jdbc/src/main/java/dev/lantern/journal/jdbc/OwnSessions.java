package dev.lantern.journal.jdbc;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Sessions of a database that is all ours: kept open, with their statements, for as long as the journal is. */
final class OwnSessions implements Sessions {
    private final Connections source;
    private final Object lock = new Object();
    private final Deque<Session> idle = new ArrayDeque<>();
    private boolean closed;

    OwnSessions(Connections source) {
        this.source = source;
    }

    @Override
    public Session borrow(Deadline deadline) throws SQLException {
        synchronized (lock) {
            if (closed) {
                throw new SQLException("this journal is closed", "08003");
            }
            Session known = idle.pollFirst();
            if (known != null) {
                return known;
            }
        }
        return new Session(source.open());
    }

    @Override
    public void giveBack(Session session, boolean sound) {
        synchronized (lock) {
            if (sound && !closed) {
                idle.addFirst(session);
                return;
            }
        }
        Quietly.close(session);
    }

    /** Sessions still in use are closed when they are given back. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            idle.forEach(Quietly::close);
            idle.clear();
        }
    }
}
