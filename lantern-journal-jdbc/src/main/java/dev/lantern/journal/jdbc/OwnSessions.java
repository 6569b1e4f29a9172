package dev.lantern.journal.jdbc;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Sessions of a database that is all ours: kept open, with their statements, for as long as the journal is.
 *
 * <p>A session in use holds the shared side of a fair lock; rewriting the file and closing take the other side.
 */
final class OwnSessions implements Sessions {
    /** How long compaction waits for calls under way before it leaves it to a later call. */
    private static final long PATIENCE_MILLIS = 1000;

    private final Connections source;
    private final Compaction compaction;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock(true);
    private final Object lock = new Object();
    private final Deque<Session> idle = new ArrayDeque<>();
    private volatile boolean closed;

    OwnSessions(Connections source, Compaction compaction) {
        this.source = source;
        this.compaction = compaction;
    }

    @Override
    public Session borrow(Deadline deadline) throws SQLException {
        deadline.enter(use.readLock());
        try {
            return session();
        } catch (SQLException | RuntimeException e) {
            use.readLock().unlock();
            throw e;
        }
    }

    @Override
    public void giveBack(Session session, boolean sound) {
        try {
            if (sound) {
                synchronized (lock) {
                    idle.addFirst(session);
                }
            } else {
                Quietly.close(session);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public void tidy() throws SQLException {
        if (!compaction.mayBeDue()) {
            return;
        }
        Lock alone = use.writeLock();
        if (entered(alone)) {
            try {
                if (!closed && compaction.mayBeDue()) {
                    closeIdle();
                    compaction.run(false);
                }
            } finally {
                alone.unlock();
            }
        }
    }

    /** Waits for the calls under way. With its last connection H2 closes the database in order. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            closed = true;
            closeIdle();
        } finally {
            use.writeLock().unlock();
        }
    }

    private Session session() throws SQLException {
        if (closed) {
            throw new SQLException("this journal is closed", "08003");
        }
        synchronized (lock) {
            Session known = idle.pollFirst();
            if (known != null) {
                return known;
            }
        }
        return Session.inTransactions(source.open());
    }

    private void closeIdle() {
        synchronized (lock) {
            idle.forEach(Quietly::close);
            idle.clear();
        }
    }

    private static boolean entered(Lock alone) {
        try {
            return alone.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
