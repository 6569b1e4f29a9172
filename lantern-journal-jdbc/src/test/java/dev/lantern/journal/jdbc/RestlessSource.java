package dev.lantern.journal.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;

/** A pool of sessions that gives out the one that has rested for longest, after it forgot all that was set or prepared. */
final class RestlessSource extends PlainSource implements AutoCloseable {
    private static final int SESSIONS = 3;

    private final String url;
    private final Deque<Connection> idle = new ArrayDeque<>();

    RestlessSource(String url) {
        this.url = url;
    }

    @Override
    public Connection getConnection() throws SQLException {
        synchronized (idle) {
            if (idle.size() >= SESSIONS) {
                return lent(idle.removeFirst());
            }
        }
        return lent(DriverManager.getConnection(url));
    }

    private Connection lent(Connection session) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, call, args) -> {
                    if (call.getName().equals("close")) {
                        rest(session);
                        return null;
                    }
                    try {
                        return call.invoke(session, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void rest(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            session.setAutoCommit(true);
            statement.execute("discard all");
        }
        synchronized (idle) {
            idle.addLast(session);
        }
    }

    @Override
    public void close() throws SQLException {
        synchronized (idle) {
            for (Connection session : idle) {
                session.close();
            }
            idle.clear();
        }
    }
}
