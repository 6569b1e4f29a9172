package dev.lantern.journal.jdbc;

import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Making and finding runs.
 *
 * <p>As with appends, those whose name was taken are looked at afterwards; if the name is free again by then, the
 * create is tried again.
 */
final class Runs {
    private static final String FIND = "select " + Rows.RUN
            + " from lantern_run r join lantern_head h on h.run_key = r.run_key where r.tenant = ? and r.run = ?";

    /** The row of each name that was taken, and what stands at the place of the create's last event. */
    private static final String TAKEN = "select " + Rows.RUN + ", a.place, e.hash"
            + " from unnest(cast(? as integer array), cast(? as varchar array), cast(? as varchar array),"
            + " cast(? as bigint array)) as a(place, tenant, run, seq)"
            + " join lantern_run r on r.tenant = a.tenant and r.run = a.run"
            + " join lantern_head h on h.run_key = r.run_key"
            + " left join lantern_event e on e.run_key = r.run_key and e.seq = a.seq";

    private final Transactions transactions;
    private final Dialect dialect;

    Runs(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
    }

    Optional<RunRow> find(RunRef run, Deadline deadline) {
        return transactions.read(deadline, session -> session.one(FIND, Rows::run, run.tenant(), run.run()));
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
        @Nullable CreateResult[] results = new @Nullable CreateResult[group.size()];
        List<Integer> open = inLockingOrder(group);
        while (!open.isEmpty()) {
            List<Integer> trying = open;
            Map<Integer, Long> made =
                    transactions.statement(deadline, session -> dialect.create(session, group, trying));
            made.forEach((i, key) -> results[i] = new CreateResult.Created(row(key, group.get(i))));
            List<Integer> losers = without(trying, results);
            if (!losers.isEmpty()) {
                transactions.statement(deadline, session -> {
                    look(session, group, losers, results);
                    return results;
                });
            }
            open = without(losers, results);
        }
        return Arrays.asList(results);
    }

    private static RunRow row(long key, Create create) {
        return new RunRow(create.run(), key, OptionalLong.of(create.host()), 0, create.after(), create.status());
    }

    /** Two groups that meet in several runs wait for each other in one order only. */
    private static List<Integer> inLockingOrder(List<Create> group) {
        return IntStream.range(0, group.size())
                .boxed()
                .sorted(Comparator.comparing(i -> group.get(i).run()))
                .toList();
    }

    private static List<Integer> without(List<Integer> places, @Nullable CreateResult[] results) {
        return places.stream().filter(i -> results[i] == null).toList();
    }

    private static void look(
            Session session, List<Create> group, List<Integer> losers, @Nullable CreateResult[] results)
            throws SQLException {
        List<Create> taken = losers.stream().map(group::get).toList();
        PreparedStatement look = session.prepare(TAKEN);
        look.setArray(1, session.array("integer", losers.toArray()));
        look.setArray(
                2,
                session.array(
                        "varchar", taken.stream().map(c -> c.run().tenant()).toArray()));
        look.setArray(
                3,
                session.array("varchar", taken.stream().map(c -> c.run().run()).toArray()));
        look.setArray(
                4,
                session.array("bigint", taken.stream().map(c -> c.after().seq()).toArray()));
        try (ResultSet rows = look.executeQuery()) {
            while (rows.next()) {
                int place = rows.getInt(10);
                byte[] standing = rows.getBytes(11);
                boolean ours = standing != null
                        && Arrays.equals(
                                standing, group.get(place).after().hash().bytes());
                RunRow row = Rows.run(rows);
                results[place] = ours ? new CreateResult.Created(row) : new CreateResult.Exists(row);
            }
        }
    }
}
