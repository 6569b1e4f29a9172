package dev.lantern.journal.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is sent to a database: statements, and the ends of transactions that were begun apart from them. */
final class CountingSource extends PlainSource {
    private final String url;
    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();

    CountingSource(String url) {
        this.url = url;
    }

    void reset() {
        statements.set(0);
        commits.set(0);
    }

    int statements() {
        return statements.get();
    }

    int commits() {
        return commits.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = DriverManager.getConnection(url);
        return counting(Connection.class, real);
    }

    private <T> T counting(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, call, args) -> {
            try {
                String name = call.getName();
                if (real instanceof Statement && name.startsWith("execute")) {
                    statements.incrementAndGet();
                }
                if (real instanceof Connection && (name.equals("commit") || name.equals("rollback"))) {
                    commits.incrementAndGet();
                }
                Object answer = call.invoke(real, args);
                if (answer instanceof PreparedStatement prepared) {
                    return counting(PreparedStatement.class, prepared);
                }
                return answer instanceof Statement made ? counting(Statement.class, made) : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
