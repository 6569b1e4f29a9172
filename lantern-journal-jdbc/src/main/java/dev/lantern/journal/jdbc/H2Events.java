package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Writing events on H2, whose byte columns are too short for the input of a run. */
final class H2Events {
    private H2Events() {}

    static PreparedStatement insert(Session session) throws SQLException {
        return session.prepare("insert into lantern_event (run_key, seq, bytes, hash, salts, body, large_body)"
                + " values (?, ?, ?, ?, ?, ?, ?)");
    }

    /** Adds rows to a batch of {@link #insert}. */
    static void add(PreparedStatement insert, long key, List<Event> events) throws SQLException {
        for (Event event : events) {
            insert.setLong(1, key);
            insert.setLong(2, event.seq());
            insert.setBytes(3, event.bytes());
            insert.setBytes(4, event.hash().bytes());
            setErasable(insert, 5, event.erasable());
            insert.addBatch();
        }
    }

    static void replace(Session session, long key, long seq, Event.Erasable next) throws SQLException {
        PreparedStatement update = session.prepare(
                "update lantern_event set salts = ?, body = ?, large_body = ? where run_key = ? and seq = ?");
        setErasable(update, 1, Optional.of(next));
        update.setLong(4, key);
        update.setLong(5, seq);
        update.executeUpdate();
    }

    /** Sets {@code salts, body, large_body}. */
    private static void setErasable(PreparedStatement statement, int first, Optional<Event.Erasable> erasable)
            throws SQLException {
        byte[] body = erasable.map(Event.Erasable::body).orElse(null);
        boolean large = body != null && body.length > Event.MAX_BYTES;
        statement.setBytes(first, erasable.map(Event.Erasable::salts).orElse(null));
        statement.setBytes(first + 1, large ? null : body);
        statement.setBytes(first + 2, large ? body : null);
    }
}
