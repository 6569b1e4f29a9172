package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import dev.lantern.journal.Replacement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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

    /** Locks one event after another, in one order for every caller. */
    List<Boolean> replace(List<Replacement> group, Deadline deadline) {
        List<Integer> inLockingOrder = IntStream.range(0, group.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> group.get(i).key())
                        .thenComparingLong(i -> group.get(i).seq()))
                .toList();
        return transactions.write(deadline, session -> {
            Boolean[] replaced = new Boolean[group.size()];
            for (int i : inLockingOrder) {
                replaced[i] = replace(session, group.get(i));
            }
            return Arrays.asList(replaced);
        });
    }

    private static boolean replace(Session session, Replacement entry) throws SQLException {
        boolean stands = session.one(
                        "select seq, bytes, hash, salts, body, large_body from lantern_event"
                                + " where run_key = ? and seq = ? for update",
                        rows -> Rows.event(rows).erasable().equals(Optional.of(entry.known())),
                        entry.key(),
                        entry.seq())
                .orElse(false);
        if (stands) {
            PreparedStatement update = session.prepare(
                    "update lantern_event set salts = ?, body = ?, large_body = ? where run_key = ? and seq = ?");
            setErasable(update, 1, Optional.of(entry.next()));
            update.setLong(4, entry.key());
            update.setLong(5, entry.seq());
            update.executeUpdate();
        }
        return stands;
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
            setErasable(insert, 5, event.erasable());
            insert.addBatch();
        }
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
