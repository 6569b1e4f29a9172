package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of messages in the inbox, on a connection of its own from the first call on. Only an acceleration: whoever
 * listens looks into the inbox now and then as well.
 */
final class PostgresEar implements Ear {
    /** The payload is the number of the host that owned the run. Other journals in the same database share the channel. */
    static final String NOTIFY = "pg_notify('lantern_inbox', %s::text)";

    /** After so long a thread that was interrupted notices. */
    private static final int SLICE_MILLIS = 200;

    private final Connections source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> heard = new TreeSet<>();
    private @Nullable Connection connection;
    private boolean closed;

    private PostgresEar(Connections source) {
        this.source = source;
    }

    /**
     * An ear, or {@link Ear#DEAF} where something stands between client and server that may give each transaction
     * another session: then the session that the driver was given at the start is none that the server knows.
     */
    static Ear over(Connections source, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
            rows.next();
            return connection.isWrapperFor(PGConnection.class)
                            && connection.unwrap(PGConnection.class).getBackendPID() == rows.getInt(1)
                    ? new PostgresEar(source)
                    : Ear.DEAF;
        } catch (NoClassDefFoundError e) {
            // Another driver than PostgreSQL's own.
            return Ear.DEAF;
        }
    }

    @Override
    public boolean hears() {
        return true;
    }

    /** Right after it began to listen it answers yes: nobody knows what was said before. */
    @Override
    public boolean await(long host, Deadline deadline) throws SQLException {
        deadline.enter(lock);
        try {
            if (closed) {
                throw new SQLException("this journal is closed", "08003");
            }
            if (connection == null) {
                connection = listening();
                return true;
            }
            return await(connection, Long.toString(host), deadline);
        } catch (SQLException | RuntimeException e) {
            release();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            release();
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Connection listening, String host, Deadline deadline) throws SQLException {
        PGConnection notified = listening.unwrap(PGConnection.class);
        while (!heard.remove(host)) {
            long left = deadline.remainingNanos() / 1_000_000;
            if (left <= 0) {
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw deadline.interrupted(null);
            }
            PGNotification[] notifications = notified.getNotifications((int) Math.min(left, SLICE_MILLIS));
            if (notifications != null) {
                for (PGNotification notification : notifications) {
                    heard.add(notification.getParameter());
                }
            }
        }
        return true;
    }

    private Connection listening() throws SQLException {
        Connection opened = source.open();
        try (Statement statement = opened.createStatement()) {
            opened.setAutoCommit(true);
            statement.execute("listen lantern_inbox");
            return opened;
        } catch (SQLException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** A pool may hand the session to somebody who listens to nothing. */
    private void release() {
        Connection listening = connection;
        connection = null;
        heard.clear();
        if (listening != null) {
            try (listening;
                    Statement statement = listening.createStatement()) {
                statement.execute("unlisten lantern_inbox");
            } catch (SQLException e) {
                // It is broken, and with it goes the listening.
            }
        }
    }
}
