package dev.lantern.benchmarks;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The raw limit: the journal's own rows in a table with the same key, without fence, head or history. One statement
 * in one commit, prepared, on one connection that is never given back.
 */
final class RawTable {
    private static final String TABLE = "create table raw_event (run_key bigint not null, seq bigint not null,"
            + " bytes bytea not null, hash bytea not null, salts bytea, body bytea, primary key (run_key, seq))";
    private static final String ONE = "insert into raw_event values (?, ?, ?, ?, ?, ?)";
    private static final String MANY = "insert into raw_event select * from"
            + " unnest(?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])";

    private final Connection connection;
    private final PreparedStatement one;
    private final PreparedStatement many;

    private RawTable(Connection connection) throws SQLException {
        this.connection = connection;
        this.one = connection.prepareStatement(ONE);
        this.many = connection.prepareStatement(MANY);
    }

    /** The table, emptied. */
    static RawTable empty(DataSource source) throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists raw_event");
            statement.execute(TABLE);
        }
        return new RawTable(connection);
    }

    /** Commits per second of one caller that commits one row after the other. */
    double singleCommitsPerSecond(BareRuns runs, Duration time) throws SQLException {
        long begun = System.nanoTime();
        long until = begun + time.toNanos();
        int commits = 0;
        while (System.nanoTime() < until) {
            Append append = runs.next(0);
            insertOne(append);
            runs.written(0, new AppendResult.Appended(append.after()));
            commits++;
        }
        return commits / Rounds.seconds(begun);
    }

    /** Inserts the group's events in one commit: the limit of a group commit that checks nothing. */
    List<AppendResult> insert(List<Append> group) {
        try {
            insertMany(group);
        } catch (SQLException e) {
            throw new IllegalStateException("the raw insert failed", e);
        }
        List<AppendResult> results = new ArrayList<>(group.size());
        group.forEach(append -> results.add(new AppendResult.Appended(append.after())));
        return results;
    }

    void close() throws SQLException {
        connection.close();
    }

    private void insertOne(Append append) throws SQLException {
        Event event = append.events().get(0);
        Event.Erasable erasable = event.erasable().orElseThrow();
        one.setLong(1, append.key());
        one.setLong(2, event.seq());
        one.setBytes(3, event.bytes());
        one.setBytes(4, event.hash().bytes());
        one.setBytes(5, erasable.salts());
        one.setBytes(6, erasable.body());
        one.executeUpdate();
    }

    private void insertMany(List<Append> group) throws SQLException {
        int rows = group.size();
        Long[] keys = new Long[rows];
        Long[] seqs = new Long[rows];
        byte[][] bytes = new byte[rows][];
        byte[][] hashes = new byte[rows][];
        byte[][] salts = new byte[rows][];
        byte[][] bodies = new byte[rows][];
        for (int i = 0; i < rows; i++) {
            Event event = group.get(i).events().get(0);
            Event.Erasable erasable = event.erasable().orElseThrow();
            keys[i] = group.get(i).key();
            seqs[i] = event.seq();
            bytes[i] = event.bytes();
            hashes[i] = event.hash().bytes();
            salts[i] = erasable.salts();
            bodies[i] = erasable.body();
        }
        many.setArray(1, connection.createArrayOf("bigint", keys));
        many.setArray(2, connection.createArrayOf("bigint", seqs));
        many.setArray(3, connection.createArrayOf("bytea", bytes));
        many.setArray(4, connection.createArrayOf("bytea", hashes));
        many.setArray(5, connection.createArrayOf("bytea", salts));
        many.setArray(6, connection.createArrayOf("bytea", bodies));
        many.executeUpdate();
    }
}
