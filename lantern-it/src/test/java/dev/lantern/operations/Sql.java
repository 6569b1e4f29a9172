package dev.lantern.operations;

import dev.lantern.run.AgentRun;
import dev.lantern.value.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What a database administrator can do to a run behind Lantern's back. */
final class Sql {
    private final DataSource source;
    private final long key;

    private Sql(DataSource source, long key) {
        this.source = source;
        this.key = key;
    }

    static Sql on(DataSource source, AgentRun run) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select run_key from lantern_run where tenant = ? and run = ?")) {
            statement.setString(1, run.ref().tenant());
            statement.setString(2, run.ref().run());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new Sql(source, rows.getLong(1));
            }
        }
    }

    long key() {
        return key;
    }

    /** Runs a statement whose last parameter is the run's key, and which must change something. */
    void change(String sql, Object... parameters) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.setLong(parameters.length + 1, key);
            if (statement.executeUpdate() == 0) {
                throw new AssertionError("nothing was changed by " + sql);
            }
        }
    }

    byte[] bytes(String column, long seq) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select " + column + " from lantern_event where seq = ? and run_key = ?")) {
            statement.setLong(1, seq);
            statement.setLong(2, key);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBytes(1);
            }
        }
    }

    /** Hashes everything from an event on anew, as somebody would who knows the format. */
    Digest rehash(long from, long to) throws SQLException {
        Digest hash = Digest.ofBytes(bytes("hash", from - 1));
        for (long seq = from; seq <= to; seq++) {
            Digest leaf = Digest.sha256(new byte[] {0}, bytes("bytes", seq));
            hash = Digest.sha256(new byte[] {2}, hash.bytes(), leaf.bytes());
            change("update lantern_event set hash = ? where seq = ? and run_key = ?", hash.bytes(), seq);
        }
        return hash;
    }

    void head(long seq, Digest hash) throws SQLException {
        change("update lantern_head set seq = ?, hash = ? where run_key = ?", seq, hash.bytes());
    }
}
