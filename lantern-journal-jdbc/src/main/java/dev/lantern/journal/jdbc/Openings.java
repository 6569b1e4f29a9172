package dev.lantern.journal.jdbc;

import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import java.sql.SQLException;
import java.util.Optional;

/** Payloads too large for an event's row. */
final class Openings {
    private final Transactions transactions;
    private final Dialect dialect;

    Openings(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
    }

    void keep(long key, Commitment commitment, byte[] body, Deadline deadline) {
        transactions.write(deadline, session -> {
            if (session.one("select 1 from lantern_head where run_key = ?", rows -> true, key)
                    .isEmpty()) {
                throw new LanternException("keep a payload: there is no run with key " + key);
            }
            return insert(session, key, commitment, body);
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

    /** @return whether it was not there yet; what was stored first stands */
    private boolean insert(Session session, long key, Commitment commitment, byte[] body) throws SQLException {
        try {
            session.update(
                    "insert into lantern_opening (run_key, commitment, body) values (?, ?, ?)",
                    key,
                    commitment.digest().bytes(),
                    body);
            return true;
        } catch (SQLException e) {
            if (dialect.duplicate(e)) {
                return false;
            }
            throw e;
        }
    }
}
