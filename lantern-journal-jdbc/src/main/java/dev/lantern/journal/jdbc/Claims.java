package dev.lantern.journal.jdbc;

import dev.lantern.journal.RunRow;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Moving runs from one host to another, one compare-and-set each. */
final class Claims {
    private static final String OWNED = "select " + Rows.RUN
            + " from lantern_run r join lantern_head h on h.run_key = r.run_key"
            + " where h.host = ? and h.run_key > ? order by h.run_key fetch first ? rows only";

    private static final String TAKE = "update lantern_head set host = ? where run_key = ? and host = ?"
            + " and exists (select 1 from lantern_host l where l.host = ? and not l.departed)";

    private final Transactions transactions;
    private final Dialect dialect;

    Claims(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
    }

    List<RunRow> claimLapsed(long host, int max, Deadline deadline) {
        return transactions.statement(deadline, session -> dialect.takeLapsed(session, host, max));
    }

    Optional<RunRow> claim(long key, long from, long host, Deadline deadline) {
        return transactions.write(deadline, session -> {
            // The host's row before the head's, as every other claim locks them.
            session.update("update lantern_host set taken = taken + 1 where host = ?", from);
            session.update(TAKE, host, key, from, host);
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

    static Optional<RunRow> row(Session session, long key) throws SQLException {
        return session.one(
                "select " + Rows.RUN + " from lantern_run r join lantern_head h on h.run_key = r.run_key"
                        + " where h.run_key = ?",
                Rows::run,
                key);
    }
}
