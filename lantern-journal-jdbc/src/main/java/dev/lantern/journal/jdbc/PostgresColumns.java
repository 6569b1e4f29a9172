package dev.lantern.journal.jdbc;

import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * The entries of a group as columns, each an array of its very type: those the driver sends in binary, any other as
 * text that the server has to parse.
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

    Array ofLongs(Function<T, Long> value) throws SQLException {
        return array("bigint", new Long[length], value);
    }

    Array ofInts(Function<T, Integer> value) throws SQLException {
        return array("integer", new Integer[length], value);
    }

    Array ofTexts(Function<T, String> value) throws SQLException {
        return array("text", new String[length], value);
    }

    Array ofBooleans(Function<T, Boolean> value) throws SQLException {
        return array("boolean", new Boolean[length], value);
    }

    Array ofBytes(Function<T, byte[]> value) throws SQLException {
        return array("bytea", new byte[length][], value);
    }

    private <V> Array array(String type, V[] column, Function<T, V> value) throws SQLException {
        for (int i = 0; i < entries.size(); i++) {
            column[i] = value.apply(entries.get(i));
        }
        return session.array(type, column);
    }
}
