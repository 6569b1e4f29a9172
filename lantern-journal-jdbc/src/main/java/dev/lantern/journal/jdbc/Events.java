package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The rows of the chains. */
final class Events {
    private final Transactions transactions;

    Events(Transactions transactions) {
        this.transactions = transactions;
    }

    List<Event> read(long key, long afterSeq, int max, Deadline deadline) {
        return transactions.read(
                deadline,
                session -> session.list(
                        "select seq, bytes, hash, salts, body, large_body from lantern_event"
                                + " where run_key = ? and seq > ? order by run_key, seq fetch first ? rows only",
                        Rows::event,
                        key,
                        afterSeq,
                        max));
    }

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
            insert.setBytes(5, event.erasable().map(Event.Erasable::salts).orElse(null));
            byte[] body = event.erasable().map(Event.Erasable::body).orElse(null);
            boolean large = body != null && body.length > Event.MAX_BYTES;
            insert.setBytes(6, large ? null : body);
            insert.setBytes(7, large ? body : null);
            insert.addBatch();
        }
    }
}
