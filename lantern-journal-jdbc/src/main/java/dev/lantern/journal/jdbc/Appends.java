package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.AppendResult.Appended;
import dev.lantern.journal.AppendResult.Conflict;
import dev.lantern.journal.AppendResult.NotOwner;
import dev.lantern.journal.AppendResult.Replayed;
import dev.lantern.journal.AppendResult.StaleEpoch;
import dev.lantern.journal.AppendResult.Unknown;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Appending behind fences.
 *
 * <p>A head that did not move tells nothing about why, so the losers are looked at afterwards; by then the reason
 * may be gone, and such an append is simply tried again.
 */
final class Appends {
    /** One look at each: what stands at the place of its last event, and the fence as it is now. */
    private static final String WHY = "select a.place, e.hash, h.host, h.epoch, h.seq, h.hash, h.run_key"
            + " from unnest(cast(? as integer array), cast(? as bigint array), cast(? as bigint array))"
            + " as a(place, run_key, seq)"
            + " left join lantern_head h on h.run_key = a.run_key"
            + " left join lantern_event e on e.run_key = a.run_key and e.seq = a.seq";

    private final Transactions transactions;
    private final Dialect dialect;

    Appends(Transactions transactions, Dialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
    }

    List<AppendResult> append(List<Append> group, Deadline deadline) {
        @Nullable AppendResult[] results = new @Nullable AppendResult[group.size()];
        List<Integer> open = inLockingOrder(group);
        while (!open.isEmpty()) {
            List<Integer> trying = open;
            Set<Long> won = transactions.statement(deadline, session -> dialect.append(session, group, trying));
            for (int i : trying) {
                if (won.contains(group.get(i).key())) {
                    results[i] = new Appended(group.get(i).after());
                }
            }
            List<Integer> losers = without(trying, results);
            if (!losers.isEmpty()) {
                transactions.statement(deadline, session -> {
                    explain(session, group, losers, results);
                    return results;
                });
            }
            open = without(losers, results);
        }
        return Arrays.asList(results);
    }

    /** Two groups that meet in several runs wait for each other in one order only. */
    private static List<Integer> inLockingOrder(List<Append> group) {
        return IntStream.range(0, group.size())
                .boxed()
                .sorted(Comparator.comparingLong(i -> group.get(i).key()))
                .toList();
    }

    private static List<Integer> without(List<Integer> places, @Nullable AppendResult[] results) {
        return places.stream().filter(i -> results[i] == null).toList();
    }

    /** Sets no result for an append that nothing stands in the way of any more. */
    private static void explain(
            Session session, List<Append> group, List<Integer> losers, @Nullable AppendResult[] results)
            throws SQLException {
        PreparedStatement why = session.prepare(WHY);
        why.setArray(1, session.array("integer", losers.toArray()));
        why.setArray(
                2,
                session.array(
                        "bigint", losers.stream().map(i -> group.get(i).key()).toArray()));
        why.setArray(
                3,
                session.array(
                        "bigint",
                        losers.stream().map(i -> group.get(i).after().seq()).toArray()));
        try (ResultSet rows = why.executeQuery()) {
            while (rows.next()) {
                int place = rows.getInt(1);
                results[place] = why(rows, group.get(place));
            }
        }
    }

    private static @Nullable AppendResult why(ResultSet rows, Append append) throws SQLException {
        byte[] standing = rows.getBytes(2);
        if (standing != null && Arrays.equals(standing, append.after().hash().bytes())) {
            return new Replayed(append.after());
        }
        rows.getLong(7);
        return rows.wasNull() ? new Unknown() : broken(rows, append.fence());
    }

    private static @Nullable AppendResult broken(ResultSet rows, Fence fence) throws SQLException {
        OptionalLong host = Rows.host(rows, 3);
        if (host.isEmpty() || host.getAsLong() != fence.host()) {
            return new NotOwner(host);
        }
        int epoch = rows.getInt(4);
        if (epoch != fence.epoch()) {
            return new StaleEpoch(epoch);
        }
        Head head = new Head(rows.getLong(5), Rows.digest(rows, 6));
        return head.equals(fence.head()) ? null : new Conflict(head);
    }
}
