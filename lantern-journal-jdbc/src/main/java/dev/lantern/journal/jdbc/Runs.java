package dev.lantern.journal.jdbc;

import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Head;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Making and finding runs. */
final class Runs {
    private static final String FIND = "select " + Rows.RUN
            + " from lantern_run r join lantern_head h on h.run_key = r.run_key where r.tenant = ? and r.run = ?";

    private final Transactions transactions;
    private final Dialect dialect;

    Runs(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
    }

    Optional<RunRow> find(RunRef run, Deadline deadline) {
        return transactions.read(deadline, session -> find(session, run));
    }

    List<RunRow> behind(long afterKey, int max, Deadline deadline) {
        return transactions.read(
                deadline,
                session -> session.list(
                        "select " + Rows.RUN + " from lantern_run r join lantern_head h on h.run_key = r.run_key"
                                + " where r.run_key > ? order by r.run_key fetch first ? rows only",
                        Rows::run,
                        afterKey,
                        max));
    }

    List<CreateResult> create(List<Create> group, Deadline deadline) {
        return transactions.write(deadline, session -> {
            CreateResult[] results = new CreateResult[group.size()];
            for (int i : inLockingOrder(group)) {
                results[i] = create(session, group.get(i));
            }
            return Arrays.asList(results);
        });
    }

    /** Two groups that meet in several runs wait for each other in one order only. */
    private static List<Integer> inLockingOrder(List<Create> group) {
        return IntStream.range(0, group.size())
                .boxed()
                .sorted(Comparator.comparing(i -> group.get(i).run()))
                .toList();
    }

    private CreateResult create(Session session, Create create) throws SQLException {
        Optional<RunRow> found = find(session, create.run());
        if (found.isEmpty() && name(session, create)) {
            return new CreateResult.Created(find(session, create.run())
                    .orElseThrow(() -> new SQLException("a run that was just made is gone")));
        }
        RunRow row =
                found.isPresent() ? found.get() : find(session, create.run()).orElseThrow();
        return holds(session, row.key(), create.after()) ? new CreateResult.Created(row) : new CreateResult.Exists(row);
    }

    /** @return whether the name was free; a rival may have taken it since it was looked for */
    private boolean name(Session session, Create create) throws SQLException {
        try {
            session.update(
                    "insert into lantern_run (tenant, run, agent) values (?, ?, ?)",
                    create.run().tenant(),
                    create.run().run(),
                    create.agent());
        } catch (SQLException e) {
            if (dialect.duplicate(e)) {
                return false;
            }
            throw e;
        }
        long key = key(session, create.run());
        Head head = create.after();
        session.update(
                "insert into lantern_head (run_key, host, epoch, seq, hash, status) values (?, ?, 0, ?, ?, ?)",
                key,
                create.host(),
                head.seq(),
                head.hash().bytes(),
                create.status().name());
        PreparedStatement events = Events.insert(session);
        Events.add(events, key, create.events());
        events.executeBatch();
        return true;
    }

    private static long key(Session session, RunRef run) throws SQLException {
        return session.one(
                        "select run_key from lantern_run where tenant = ? and run = ?",
                        rows -> rows.getLong(1),
                        run.tenant(),
                        run.run())
                .orElseThrow();
    }

    private static Optional<RunRow> find(Session session, RunRef run) throws SQLException {
        return session.one(FIND, Rows::run, run.tenant(), run.run());
    }

    /** Whether the chain passes through {@code place}: with the hash there, everything before it is the same too. */
    static boolean holds(Session session, long key, Head place) throws SQLException {
        PreparedStatement statement =
                session.prepare("select hash from lantern_event where run_key = ? and seq = ?", key, place.seq());
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() && Rows.digest(rows, 1).equals(place.hash());
        }
    }
}
