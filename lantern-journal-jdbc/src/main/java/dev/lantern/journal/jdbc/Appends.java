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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Appending behind fences.
 *
 * <p>One transaction: move the heads whose fences hold, insert the events of those that moved. A head that did
 * not move tells nothing about why, so the losers are looked at in a second transaction; by then the reason may
 * be gone, and such an append is simply tried again.
 */
final class Appends {
    private static final String FENCE = " where run_key = ? and host = ? and epoch = ? and seq = ? and hash = ?";
    private static final String MOVE = "update lantern_head set epoch = ?, seq = ?, hash = ?, status = ?" + FENCE;
    private static final String CLOSE =
            "update lantern_head set epoch = ?, seq = ?, hash = ?, status = ?, host = null" + FENCE;

    private final Transactions transactions;

    Appends(Transactions transactions) {
        this.transactions = transactions;
    }

    List<AppendResult> append(List<Append> group, Deadline deadline) {
        @Nullable AppendResult[] results = new @Nullable AppendResult[group.size()];
        List<Integer> open = inLockingOrder(group);
        while (!open.isEmpty()) {
            List<Integer> trying = open;
            transactions.write(deadline, session -> {
                write(session, group, trying, results);
                return results;
            });
            List<Integer> losers = without(trying, results);
            if (!losers.isEmpty()) {
                transactions.write(deadline, session -> {
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

    private static void write(
            Session session, List<Append> group, List<Integer> places, @Nullable AppendResult[] results)
            throws SQLException {
        List<Integer> won = new ArrayList<>(places.size());
        won.addAll(move(
                session,
                MOVE,
                group,
                places.stream().filter(i -> !group.get(i).closes()).toList()));
        List<Integer> closed = move(
                session,
                CLOSE,
                group,
                places.stream().filter(i -> group.get(i).closes()).toList());
        won.addAll(closed);
        insert(session, group, won);
        for (int i : closed) {
            session.update(
                    "delete from lantern_inbox where run_key = ?", group.get(i).key());
        }
        // Only now: a batch that failed half-way has set no result.
        won.forEach(i -> results[i] = new Appended(group.get(i).after()));
    }

    /** @return the places whose heads moved */
    private static List<Integer> move(Session session, String sql, List<Append> group, List<Integer> places)
            throws SQLException {
        if (places.isEmpty()) {
            return List.of();
        }
        PreparedStatement move = session.prepare(sql);
        for (int i : places) {
            addMove(move, group.get(i));
        }
        int[] moved = move.executeBatch();
        return IntStream.range(0, moved.length)
                .filter(i -> moved[i] == 1)
                .mapToObj(places::get)
                .toList();
    }

    private static void addMove(PreparedStatement move, Append append) throws SQLException {
        Head after = append.after();
        Fence fence = append.fence();
        move.setInt(1, append.epoch());
        move.setLong(2, after.seq());
        move.setBytes(3, after.hash().bytes());
        move.setString(4, append.status().name());
        move.setLong(5, append.key());
        move.setLong(6, fence.host());
        move.setInt(7, fence.epoch());
        move.setLong(8, fence.head().seq());
        move.setBytes(9, fence.head().hash().bytes());
        move.addBatch();
    }

    private static void insert(Session session, List<Append> group, List<Integer> won) throws SQLException {
        if (won.isEmpty()) {
            return;
        }
        PreparedStatement insert = Events.insert(session);
        for (int i : won) {
            Events.add(insert, group.get(i).key(), group.get(i).events());
        }
        insert.executeBatch();
    }

    private static void explain(
            Session session, List<Append> group, List<Integer> losers, @Nullable AppendResult[] results)
            throws SQLException {
        for (int i : losers) {
            why(session, group.get(i)).ifPresent(reason -> results[i] = reason);
        }
    }

    /** Why the append lost; empty if nothing stands in its way any more. */
    private static Optional<AppendResult> why(Session session, Append append) throws SQLException {
        if (Runs.holds(session, append.key(), append.after())) {
            return Optional.of(new Replayed(append.after()));
        }
        PreparedStatement statement =
                session.prepare("select host, epoch, seq, hash from lantern_head where run_key = ?", append.key());
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.ofNullable(broken(rows, append.fence())) : Optional.of(new Unknown());
        }
    }

    private static @Nullable AppendResult broken(ResultSet rows, Fence fence) throws SQLException {
        OptionalLong host = Rows.host(rows, 1);
        if (host.isEmpty() || host.getAsLong() != fence.host()) {
            return new NotOwner(host);
        }
        int epoch = rows.getInt(2);
        if (epoch != fence.epoch()) {
            return new StaleEpoch(epoch);
        }
        Head head = new Head(rows.getLong(3), Rows.digest(rows, 4));
        return head.equals(fence.head()) ? null : new Conflict(head);
    }
}
