package dev.lantern.journal.jdbc;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs pieces of work in transactions, within a deadline. The one place that commits.
 *
 * <p>Commit and sync happen one at a time. Not for throughput, which the engine's groups give, but for what a
 * power failure leaves: H2 reuses the space of a dead chunk in the next chunk but one, so no two chunks may be
 * on their way to the disk at once.
 */
final class Transactions {
    /** SQL in a transaction; must not commit. */
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final Sessions sessions;
    private final Dialect dialect;
    private final boolean synced;
    private final ReentrantLock committing;

    Transactions(Sessions sessions, Dialect dialect, boolean synced) {
        this(sessions, dialect, synced, new ReentrantLock());
    }

    private Transactions(Sessions sessions, Dialect dialect, boolean synced, ReentrantLock committing) {
        this.sessions = sessions;
        this.dialect = dialect;
        this.synced = synced;
        this.committing = committing;
    }

    /** The same database through other sessions. */
    Transactions through(Sessions others) {
        return new Transactions(others, dialect, synced, committing);
    }

    <T> T read(Deadline deadline, Work<T> work) {
        return run(deadline, session -> {
            T result = work.in(session);
            session.rollback();
            return result;
        });
    }

    /** On return everything the work wrote <em>or saw</em> is durable: what it saw may be another's unsynced commit. */
    <T> T write(Deadline deadline, Work<T> work) {
        return run(deadline, session -> {
            T result = work.in(session);
            deadline.check();
            commit(session, deadline);
            return result;
        });
    }

    private void commit(Session session, Deadline deadline) throws SQLException {
        enter(deadline);
        try {
            session.commit();
            if (synced) {
                dialect.sync(session);
            }
        } finally {
            committing.unlock();
        }
    }

    private <T> T run(Deadline deadline, Work<T> work) {
        deadline.check();
        try {
            Session session = sessions.borrow(deadline);
            boolean sound = false;
            try {
                dialect.limit(session, deadline.limitMillis());
                T result = work.in(session);
                sound = true;
                return result;
            } finally {
                sessions.giveBack(session, sound || Quietly.rollback(session));
            }
        } catch (SQLException e) {
            throw Failures.during(deadline, e);
        }
    }

    private void enter(Deadline deadline) {
        try {
            if (!committing.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.passed();
            }
        } catch (InterruptedException e) {
            throw deadline.interrupted(e);
        }
    }
}
