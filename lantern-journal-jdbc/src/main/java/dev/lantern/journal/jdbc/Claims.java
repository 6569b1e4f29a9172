package dev.lantern.journal.jdbc;

import dev.lantern.journal.RunRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Moving runs from one host to another, one compare-and-set each. */
final class Claims {
    private static final String TAKE = "update lantern_head set host = ? where run_key = ? and host = ?"
            + " and exists (select 1 from lantern_host l where l.host = ? and not l.departed)";

    private static final String OWNED = "select " + Rows.RUN
            + " from lantern_run r join lantern_head h on h.run_key = r.run_key"
            + " where h.host = ? and h.run_key > ? order by h.run_key fetch first ? rows only";

    private record Left(long key, long owner) {
        static Left read(ResultSet rows) throws SQLException {
            return new Left(rows.getLong(1), rows.getLong(2));
        }
    }

    private final Transactions transactions;
    private final String lapsed;

    Claims(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.lapsed = "select h.run_key, h.host from lantern_host l join lantern_head h on h.host = l.host"
                + " where l.lease_until <= " + dialect.now() + " and l.host <> ?"
                + " union all select h.run_key, h.host from lantern_head h where h.host < 0 and h.host <> ?"
                + " order by 1 fetch first ? rows only";
    }

    List<RunRow> claimLapsed(long host, int max, Deadline deadline) {
        List<Left> left = transactions.read(deadline, session -> session.list(lapsed, Left::read, host, -host, max));
        if (left.isEmpty()) {
            return List.of();
        }
        return transactions.write(deadline, session -> {
            List<RunRow> claimed = new ArrayList<>();
            for (Left run : left) {
                if (take(session, run.key(), run.owner(), host)) {
                    claimed.add(row(session, run.key()).orElseThrow());
                }
            }
            return claimed;
        });
    }

    Optional<RunRow> claim(long key, long from, long host, Deadline deadline) {
        return transactions.write(deadline, session -> {
            take(session, key, from, host);
            return row(session, key);
        });
    }

    /** Hosts have positive numbers: the negative one is nobody's, and tells who gave the run up. */
    void release(long key, long host, Deadline deadline) {
        transactions.write(
                deadline,
                session -> session.update(
                        "update lantern_head set host = ? where run_key = ? and host = ?", -host, key, host));
    }

    List<RunRow> owned(long host, long afterKey, int max, Deadline deadline) {
        if (max < 1) {
            throw new IllegalArgumentException(
                    "list the runs of host " + host + ": at least one is asked for, found " + max);
        }
        return transactions.read(deadline, session -> session.list(OWNED, Rows::run, host, afterKey, max));
    }

    private static boolean take(Session session, long key, long from, long host) throws SQLException {
        return session.update(TAKE, host, key, from, host) == 1;
    }

    private static Optional<RunRow> row(Session session, long key) throws SQLException {
        return session.one(
                "select " + Rows.RUN + " from lantern_run r join lantern_head h on h.run_key = r.run_key"
                        + " where h.run_key = ?",
                Rows::run,
                key);
    }
}
