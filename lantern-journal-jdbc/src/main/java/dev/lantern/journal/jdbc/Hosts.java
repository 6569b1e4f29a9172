package dev.lantern.journal.jdbc;

import dev.lantern.journal.HostLease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Host incarnations and their leases. */
final class Hosts {
    /** A message can be put in the very moment in which its run is closed; nobody would ever read it. */
    private static final String FORGET_MESSAGES = "delete from lantern_inbox where exists"
            + " (select 1 from lantern_head h where h.run_key = lantern_inbox.run_key and h.host is null)";

    private final Transactions transactions;
    private final Dialect dialect;
    private final String forget;
    private final String leave;

    Hosts(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
        // Departed hosts are kept for a day, longer than any of their calls can still be under way.
        this.forget = "delete from lantern_host where departed and lease_until < " + dialect.aDayAgo()
                + " and not exists (select 1 from lantern_head h where h.host = lantern_host.host)";
        this.leave = "update lantern_host set departed = true, lease_until = " + dialect.now() + " where not departed";
    }

    HostLease join(String address, Duration lease, Deadline deadline) {
        return transactions.write(deadline, session -> {
            session.update(forget);
            session.update(FORGET_MESSAGES);
            return session.one(dialect.join(), Rows::lease, address, micros(lease))
                    .orElseThrow();
        });
    }

    Optional<HostLease> renew(long host, Duration lease, Deadline deadline) {
        return transactions.write(deadline, session -> session.one(dialect.renew(), Rows::lease, micros(lease), host));
    }

    void leave(long host, Deadline deadline) {
        transactions.write(deadline, session -> session.update(leave + " and host = ?", host));
    }

    /** Ends every incarnation there is. Only for who knows that no process of theirs lives. */
    void endAll(Deadline deadline) {
        transactions.write(deadline, session -> session.update(leave));
    }

    Optional<String> address(long host, Deadline deadline) {
        return transactions.read(
                deadline,
                session -> session.one(
                        "select address from lantern_host where host = ? and not departed",
                        rows -> rows.getString(1),
                        host));
    }

    private static long micros(Duration lease) {
        return TimeUnit.NANOSECONDS.toMicros(lease.toNanos());
    }
}
