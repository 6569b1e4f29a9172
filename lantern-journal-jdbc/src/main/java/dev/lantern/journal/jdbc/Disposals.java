package dev.lantern.journal.jdbc;

import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Disposed;
import dev.lantern.journal.Head;
import dev.lantern.run.Retained;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Erasing and deleting closed runs. The head's row is locked first, if it is closed: nothing opens a run again, a second
 * disposal waits, and a payload that is being kept is waited for and then goes too. Open runs are not even locked.
 */
final class Disposals {
    private static final String LOCK =
            "select seq, hash from lantern_head where run_key = ? and host is null for update";

    private final Transactions transactions;
    private final Dialect dialect;
    private final String erase;

    Disposals(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.erase = "update lantern_event set salts = null, "
                + dialect.bodies().replace(",", " = null,")
                + " = null where run_key = ? and salts is not null";
    }

    List<DisposalResult> dispose(List<Disposal> group, Deadline deadline) {
        return transactions.write(deadline, session -> {
            DisposalResult[] results = new DisposalResult[group.size()];
            for (int i : inLockingOrder(group)) {
                results[i] = dispose(session, group.get(i));
            }
            return Arrays.asList(results);
        });
    }

    List<Disposed> disposed(long key, Deadline deadline) {
        return transactions.read(
                deadline,
                session -> session.list(
                        "select kind, disposed_at, reason from lantern_disposal where run_key = ?"
                                + " order by disposed_at, case kind when 'ERASE' then 0 else 1 end",
                        rows -> new Disposed(
                                Disposal.Kind.valueOf(rows.getString(1)),
                                rows.getObject(2, OffsetDateTime.class).toInstant(),
                                rows.getString(3)),
                        key));
    }

    /** Two groups that meet in several runs wait for each other in one order only. */
    private static List<Integer> inLockingOrder(List<Disposal> group) {
        return IntStream.range(0, group.size())
                .boxed()
                .sorted(Comparator.comparingLong(i -> group.get(i).key()))
                .toList();
    }

    private DisposalResult dispose(Session session, Disposal disposal) throws SQLException {
        long key = disposal.key();
        Optional<Head> head = session.one(LOCK, rows -> new Head(rows.getLong(1), Rows.digest(rows, 2)), key);
        if (head.isEmpty()) {
            return session.one("select host from lantern_head where run_key = ?", rows -> Rows.host(rows, 1), key)
                    .<DisposalResult>map(DisposalResult.Open::new)
                    .orElseGet(DisposalResult.Unknown::new);
        }
        if (!head.get().equals(disposal.head())) {
            return new DisposalResult.Conflict(head.get());
        }
        Retained left = disposal.kind().left();
        if (left.compareTo(retained(session, key)) > 0) {
            remove(session, key, left);
            session.update("update lantern_run set retained = ? where run_key = ?", left.name(), key);
            session.update(
                    "insert into lantern_disposal (run_key, kind, disposed_at, reason) values (?, ?, " + dialect.now()
                            + ", ?)",
                    key,
                    disposal.kind().name(),
                    disposal.reason());
        }
        return new DisposalResult.Done();
    }

    private static Retained retained(Session session, long key) throws SQLException {
        return session.one(
                        "select retained from lantern_run where run_key = ?",
                        rows -> Retained.valueOf(rows.getString(1)),
                        key)
                .orElseThrow(() -> new SQLException("a run has a head and no name"));
    }

    private void remove(Session session, long key, Retained left) throws SQLException {
        session.update("delete from lantern_opening where run_key = ?", key);
        if (left == Retained.CHAIN) {
            session.update(erase, key);
        } else {
            session.update("delete from lantern_event where run_key = ?", key);
            session.update("delete from lantern_label where run_key = ?", key);
        }
    }
}
