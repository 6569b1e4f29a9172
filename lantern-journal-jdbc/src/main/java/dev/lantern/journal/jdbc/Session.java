package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One connection with the statements prepared on it; always in a transaction. One thread at a time. */
final class Session implements AutoCloseable {
    /** Reads the row that a result set stands on. */
    interface Row<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();
    private final boolean autoCommitFound;
    private final int isolationFound;
    private int limitMillis;
    private int lockTimeoutFound = -1;

    /** At stricter levels a rival's commit would break a whole group instead of one append. */
    Session(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommitFound = connection.getAutoCommit();
        this.isolationFound = connection.getTransactionIsolation();
        connection.setAutoCommit(false);
        if (isolationFound != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    /** The statement, prepared once per connection. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    int update(String sql, Object... parameters) throws SQLException {
        return prepare(sql, parameters).executeUpdate();
    }

    <T> Optional<T> one(String sql, Row<T> row, Object... parameters) throws SQLException {
        return list(sql, row, parameters).stream().findFirst();
    }

    <T> List<T> list(String sql, Row<T> row, Object... parameters) throws SQLException {
        try (ResultSet rows = prepare(sql, parameters).executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(row.read(rows));
            }
            return list;
        }
    }

    /** Runs a statement of the database itself, outside any counting of rows. */
    void execute(String sql) throws SQLException {
        prepare(sql).execute();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    /** The limit in milliseconds that was set last on this connection; 0 before the first. */
    int limitMillis() {
        return limitMillis;
    }

    void limitMillis(int set) {
        limitMillis = set;
    }

    /** The time in milliseconds to wait for locks that this connection came with; negative while nobody asked. */
    int lockTimeoutFound() {
        return lockTimeoutFound;
    }

    void lockTimeoutFound(int found) {
        lockTimeoutFound = found;
    }

    /** Makes the connection what it was before, for whoever uses it next. */
    void restore() throws SQLException {
        if (isolationFound != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(isolationFound);
        }
        connection.setAutoCommit(autoCommitFound);
    }

    @Override
    public void close() throws SQLException {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
        } finally {
            statements.clear();
            connection.close();
        }
    }
}
