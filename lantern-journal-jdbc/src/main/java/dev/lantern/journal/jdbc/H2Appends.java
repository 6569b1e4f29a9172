package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Appending on H2: move the heads whose fences hold, insert the events of those that moved, in one transaction. */
final class H2Appends {
    private static final String FENCE = " where run_key = ? and host = ? and epoch = ? and seq = ? and hash = ?";
    private static final String MOVE = "update lantern_head set epoch = ?, seq = ?, hash = ?, status = ?" + FENCE;
    private static final String CLOSE =
            "update lantern_head set epoch = ?, seq = ?, hash = ?, status = ?, host = null" + FENCE;

    private H2Appends() {}

    static Set<Long> append(Session session, List<Append> group, List<Integer> places) throws SQLException {
        List<Append> open = new ArrayList<>();
        List<Append> closing = new ArrayList<>();
        places.stream().map(group::get).forEach(append -> (append.closes() ? closing : open).add(append));
        List<Append> won = new ArrayList<>(move(session, MOVE, open));
        List<Append> closed = move(session, CLOSE, closing);
        won.addAll(closed);
        insert(session, won);
        Set<Long> keys = new LinkedHashSet<>();
        won.forEach(append -> keys.add(append.key()));
        for (Append append : closed) {
            session.update("delete from lantern_inbox where run_key = ?", append.key());
        }
        return keys;
    }

    /** @return those whose heads moved */
    private static List<Append> move(Session session, String sql, List<Append> group) throws SQLException {
        if (group.isEmpty()) {
            return List.of();
        }
        PreparedStatement move = session.prepare(sql);
        for (Append append : group) {
            addMove(move, append);
        }
        int[] moved = move.executeBatch();
        return IntStream.range(0, moved.length)
                .filter(i -> moved[i] == 1)
                .mapToObj(group::get)
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

    private static void insert(Session session, List<Append> won) throws SQLException {
        if (won.isEmpty()) {
            return;
        }
        PreparedStatement insert = H2Events.insert(session);
        for (Append append : won) {
            H2Events.add(insert, append.key(), append.events());
        }
        insert.executeBatch();
    }
}
