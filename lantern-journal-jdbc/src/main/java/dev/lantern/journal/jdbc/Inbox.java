package dev.lantern.journal.jdbc;

import dev.lantern.journal.InboxMessage;
import dev.lantern.value.LanternException;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;

/** Messages for the owners of runs. */
final class Inbox {
    private final Transactions transactions;
    private final Dialect dialect;

    Inbox(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
    }

    long put(InboxMessage message, Deadline deadline) {
        return transactions.write(deadline, session -> {
            Optional<Long> id =
                    session.one(dialect.put(), rows -> rows.getLong(1), message.kind(), message.body(), message.key());
            if (id.isEmpty()
                    && session.one("select 1 from lantern_head where run_key = ?", rows -> true, message.key())
                            .isEmpty()) {
                throw new LanternException("put a message: there is no run with key " + message.key());
            }
            return id.orElse(0L);
        });
    }

    List<InboxMessage> read(long host, int max, Deadline deadline) {
        return transactions.read(
                deadline,
                session -> session.list(
                        "select i.id, i.run_key, i.kind, i.body from lantern_inbox i"
                                + " join lantern_head h on h.run_key = i.run_key"
                                + " where h.host = ? order by i.id fetch first ? rows only",
                        rows -> new InboxMessage(rows.getLong(1), rows.getLong(2), rows.getString(3), rows.getBytes(4)),
                        host,
                        max));
    }

    void discard(List<Long> ids, Deadline deadline) {
        if (ids.isEmpty()) {
            return;
        }
        transactions.write(deadline, session -> {
            PreparedStatement delete = session.prepare("delete from lantern_inbox where id = ?");
            for (long id : ids) {
                delete.setLong(1, id);
                delete.addBatch();
            }
            return delete.executeBatch();
        });
    }
}
