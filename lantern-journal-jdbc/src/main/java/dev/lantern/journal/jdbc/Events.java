package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import dev.lantern.journal.Replacement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The rows of the chains. */
final class Events {
    private final Transactions transactions;
    private final Dialect dialect;
    private final String page;
    private final String held;

    Events(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
        String columns = "select seq, bytes, hash, salts, " + dialect.bodies() + " from lantern_event";
        this.page = columns + " where run_key = ? and seq > ? order by run_key, seq fetch first ? rows only";
        this.held = columns + " where run_key = ? and seq = ? for update";
    }

    List<Event> read(long key, long afterSeq, int max, Deadline deadline) {
        return transactions.read(deadline, session -> session.list(page, Rows::event, key, afterSeq, max));
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

    private boolean replace(Session session, Replacement entry) throws SQLException {
        boolean stands = session.one(
                        held,
                        rows -> Rows.event(rows).erasable().equals(Optional.of(entry.known())),
                        entry.key(),
                        entry.seq())
                .orElse(false);
        if (stands) {
            dialect.replace(session, entry.key(), entry.seq(), entry.next());
        }
        return stands;
    }
}
