package dev.lantern.journal.jdbc;

import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * The entries of a group as columns, each an array.
 *
 * <p>A short array is filled up with nulls, which join nothing. The planner takes an array that it cannot see for ten
 * rows; where it sees fewer it thinks a plan for these very values cheaper, and plans each small group anew, which takes
 * ten times as long as carrying it out.
 */
final class PostgresColumns<T> {
    private static final int SHORTEST = 16;

    private final Session session;
    private final List<T> entries;
    private final int length;

    PostgresColumns(Session session, List<T> entries) {
        this.session = session;
        this.entries = entries;
        this.length = Math.max(SHORTEST, entries.size());
    }

    Array of(String type, Function<T, Object> value) throws SQLException {
        Object[] column = new Object[length];
        for (int i = 0; i < entries.size(); i++) {
            column[i] = value.apply(entries.get(i));
        }
        return session.array(type, column);
    }

    Array ofBytes(Function<T, byte[]> value) throws SQLException {
        byte[][] column = new byte[length][];
        for (int i = 0; i < entries.size(); i++) {
            column[i] = value.apply(entries.get(i));
        }
        return session.array("bytea", column);
    }
}
