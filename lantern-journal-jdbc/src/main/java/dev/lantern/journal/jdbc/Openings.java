package dev.lantern.journal.jdbc;

import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Payloads too large for an event's row. */
final class Openings {
    private static final String OPEN = "select 1 from lantern_head where run_key = ? and host is not null";

    private final Transactions transactions;
    private final Dialect dialect;
    private final String pin;

    Openings(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.pin = "select 1 from lantern_head where run_key = ?" + dialect.pinned();
    }

    void keep(long key, Commitment commitment, byte[] body, Deadline deadline) {
        transactions.write(deadline, session -> {
            if (session.one(pin, rows -> true, key).isEmpty()) {
                throw new LanternException("keep a payload: there is no run with key " + key);
            }
            // What was erased must not come back, and from here on nothing is erased until this is committed. The look
            // is a
            // statement of its own, behind the lock: PostgreSQL gives a lock of this kind on a row as it was when the
            // statement began, though the run was closed and erased since.
            boolean open = session.one(OPEN, rows -> true, key).isPresent();
            if (open) {
                dialect.keep(session, key, commitment, body);
            }
            return open;
        });
    }

    Optional<byte[]> kept(long key, Commitment commitment, Deadline deadline) {
        return transactions.read(
                deadline,
                session -> session.one(
                        "select body from lantern_opening where run_key = ? and commitment = ? and body is not null",
                        rows -> rows.getBytes(1),
                        key,
                        commitment.digest().bytes()));
    }

    List<Commitment> keptOf(long key, Optional<Commitment> after, int max, Deadline deadline) {
        byte[] behind = after.map(commitment -> commitment.digest().bytes()).orElse(new byte[0]);
        return transactions.read(
                deadline,
                session -> session.list(
                        "select commitment from lantern_opening where run_key = ? and commitment > ?"
                                + " and body is not null order by run_key, commitment fetch first ? rows only",
                        rows -> new Commitment(Rows.digest(rows, 1)),
                        key,
                        behind,
                        max));
    }

    /** Compares here and not in SQL: databases differ in whether they compare what is stored apart from its row. */
    boolean replace(long key, Commitment commitment, byte[] known, byte[] next, Deadline deadline) {
        byte[] place = commitment.digest().bytes();
        return transactions.write(deadline, session -> {
            boolean stands = session.one(
                            "select body from lantern_opening where run_key = ? and commitment = ? and body is not null"
                                    + " for update",
                            rows -> Arrays.equals(rows.getBytes(1), known),
                            key,
                            place)
                    .orElse(false);
            if (stands) {
                session.update(
                        "update lantern_opening set body = ? where run_key = ? and commitment = ?", next, key, place);
            }
            return stands;
        });
    }
}
