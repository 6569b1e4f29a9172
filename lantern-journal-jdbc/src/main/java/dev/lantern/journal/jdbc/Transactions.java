package dev.lantern.journal.jdbc;

import java.sql.SQLException;

/** Runs pieces of work in transactions, within a deadline. The one place that commits. */
final class Transactions {
    /** SQL in a transaction; must not commit. */
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final Sessions sessions;
    private final Dialect dialect;
    private final boolean synced;

    Transactions(Sessions sessions, Dialect dialect, boolean synced) {
        this.sessions = sessions;
        this.dialect = dialect;
        this.synced = synced;
    }

    /** The same database through other sessions. */
    Transactions through(Sessions others) {
        return new Transactions(others, dialect, synced);
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
        T written = run(deadline, session -> {
            dialect.begin(session);
            T result = work.in(session);
            deadline.check();
            session.commit();
            if (synced) {
                dialect.sync(session);
            }
            return result;
        });
        tidy();
        return written;
    }

    /** As {@link #write}, for work that is one statement of the dialect's or reads: no transaction around it if none is needed. */
    <T> T statement(Deadline deadline, Work<T> work) {
        return dialect.commitsStatements() ? run(deadline, work) : write(deadline, work);
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

    private void tidy() {
        try {
            sessions.tidy();
        } catch (SQLException e) {
            throw Failures.opening("compacting the journal's file after a write that is durable", e);
        }
    }
}
