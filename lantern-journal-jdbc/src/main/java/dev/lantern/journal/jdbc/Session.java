package dev.lantern.journal.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One connection with the statements prepared on it; either always in a transaction, or each statement is one unless
 * several are put between {@link #begin} and {@link #commit}. One thread at a time.
 */
final class Session implements AutoCloseable {
    /** Reads the row that a result set stands on. */
    interface Row<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private final Connection connection;
    private final boolean statementsAlone;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();
    private final boolean autoCommitFound;
    private final int isolationFound;
    private int limitMillis;
    private int waitFound = -1;

    private Session(Connection connection, boolean statementsAlone, int isolationFound) throws SQLException {
        this.connection = connection;
        this.statementsAlone = statementsAlone;
        this.autoCommitFound = connection.getAutoCommit();
        this.isolationFound = isolationFound;
    }

    /** Always in a transaction. At stricter levels a rival's commit would break a whole group instead of one append. */
    static Session inTransactions(Connection connection) throws SQLException {
        Session session = new Session(connection, false, connection.getTransactionIsolation());
        connection.setAutoCommit(false);
        if (session.isolationFound != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        return session;
    }

    /** Each statement is a transaction. Asks the database nothing and changes nothing there, so that it costs nothing. */
    static Session ofStatements(Connection connection) throws SQLException {
        Session session = new Session(connection, true, Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(true);
        return session;
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

    /** An SQL array as a parameter; lives as long as the connection. */
    Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    /** As {@link #list}, for a statement that is made from its parameters and not worth keeping. */
    <T> List<T> listOnce(String sql, Row<T> row, List<Object> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            List<T> list = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    list.add(row.read(rows));
                }
            }
            return list;
        }
    }

    /** Runs a statement of the database itself, outside any counting of rows. */
    void execute(String sql) throws SQLException {
        prepare(sql).execute();
    }

    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(statementsAlone);
    }

    /** @throws SQLException if the connection can no longer be used */
    void rollback() throws SQLException {
        if (connection.isClosed()) {
            throw new SQLException("the connection broke", "08006");
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(statementsAlone);
        }
    }

    /** The limit in milliseconds that was set last on this connection; 0 before the first. */
    int limitMillis() {
        return limitMillis;
    }

    void limitMillis(int set) {
        limitMillis = set;
    }

    /** How many milliseconds this connection waited before {@link #limitMillis} was set; negative while nobody asked. */
    int waitFound() {
        return waitFound;
    }

    void waitFound(int found) {
        waitFound = found;
    }

    /** How long the client waits for the server, in milliseconds; 0 for ever. */
    int networkTimeout() throws SQLException {
        return connection.getNetworkTimeout();
    }

    /** Known to this side alone, so setting it costs nothing. */
    void networkTimeout(int millis) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, millis);
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
