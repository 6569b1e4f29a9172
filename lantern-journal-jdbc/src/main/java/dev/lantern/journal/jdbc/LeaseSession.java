package dev.lantern.journal.jdbc;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One session of a pool held for leases alone: a pool exhausted by other work must not cost a host its lease.
 * Opened by the first use, and again after a failure.
 */
final class LeaseSession implements Sessions {
    private final Sessions sessions;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session held;

    LeaseSession(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Session borrow(Deadline deadline) throws SQLException {
        deadline.enter(lock);
        try {
            if (held == null) {
                held = sessions.borrow(deadline);
            }
            return held;
        } catch (SQLException | RuntimeException e) {
            lock.unlock();
            throw e;
        }
    }

    @Override
    public void giveBack(Session session, boolean sound) {
        if (!sound) {
            held = null;
            sessions.giveBack(session, false);
        }
        lock.unlock();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (held != null) {
                sessions.giveBack(held, true);
                held = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
