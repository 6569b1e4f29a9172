package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Appending on PostgreSQL: fence, heads and events in one statement. */
final class PostgresAppends {
    /** Rows are locked in the order of their keys, and the fence is tested again on the newest version after a wait. */
    private static final String HELD = "with held as materialized ("
            + " select r.run_key, r.new_epoch, r.new_seq, r.new_hash, r.new_status, r.closes"
            + " from unnest(?::bigint[], ?::bigint[], ?::int[], ?::bigint[], ?::bytea[],"
            + " ?::int[], ?::bigint[], ?::bytea[], ?::text[], ?::boolean[])"
            + " as r(run_key, host, epoch, seq, hash, new_epoch, new_seq, new_hash, new_status, closes)"
            + " join lantern_head h using (run_key)"
            + " where h.host = r.host and h.epoch = r.epoch and h.seq = r.seq and h.hash = r.hash"
            + " and " + PostgresGuard.SQL
            + " order by h.run_key for no key update of h"
            + "), won as ("
            + " update lantern_head h set epoch = w.new_epoch, seq = w.new_seq, hash = w.new_hash,"
            + " status = w.new_status";

    private static final String EVENTS = " from held w where h.run_key = w.run_key returning h.run_key, w.closes"
            + "), written as ("
            + " insert into lantern_event (run_key, seq, hash, bytes, salts, body)"
            + " select e.run_key, e.seq, e.hash, e.bytes, e.salts, e.body"
            + " from unnest(?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])"
            + " as e(run_key, seq, hash, bytes, salts, body) join won using (run_key)";

    private static final String APPEND = HELD + EVENTS + ") select run_key from won";

    /** Apart from the other, whose hot updates never mention an indexed column. */
    private static final String APPEND_AND_CLOSE = HELD + ", host = case when w.closes then null else h.host end"
            + EVENTS
            + "), emptied as ("
            + " delete from lantern_inbox i using won where i.run_key = won.run_key and won.closes"
            + ") select run_key from won";

    private PostgresAppends() {}

    static Set<Long> append(Session session, List<Append> group, List<Integer> places) throws SQLException {
        List<Append> appends = places.stream().map(group::get).toList();
        boolean closing = appends.stream().anyMatch(Append::closes);
        PreparedStatement statement = session.prepare(closing ? APPEND_AND_CLOSE : APPEND);
        set(session, statement, appends);
        Set<Long> won = new LinkedHashSet<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                won.add(rows.getLong(1));
            }
        }
        return won;
    }

    private static void set(Session session, PreparedStatement statement, List<Append> appends) throws SQLException {
        statement.setArray(1, session.array("bigint", column(appends, Append::key)));
        statement.setArray(
                2, session.array("bigint", column(appends, a -> a.fence().host())));
        statement.setArray(
                3, session.array("integer", column(appends, a -> a.fence().epoch())));
        statement.setArray(
                4, session.array("bigint", column(appends, a -> a.fence().head().seq())));
        statement.setArray(
                5,
                session.array(
                        "bytea", bytes(appends, a -> a.fence().head().hash().bytes())));
        statement.setArray(6, session.array("integer", column(appends, Append::epoch)));
        statement.setArray(
                7, session.array("bigint", column(appends, a -> a.after().seq())));
        statement.setArray(
                8, session.array("bytea", bytes(appends, a -> a.after().hash().bytes())));
        statement.setArray(
                9, session.array("text", column(appends, a -> a.status().name())));
        statement.setArray(10, session.array("boolean", column(appends, Append::closes)));
        statement.setInt(11, session.limitMillis());
        PostgresEvents events = new PostgresEvents();
        appends.forEach(append -> events.add(append.key(), append.events()));
        events.set(session, statement, "bigint", 12);
    }

    private static Object[] column(List<Append> appends, Function<Append, Object> value) {
        return appends.stream().map(value).toArray();
    }

    private static byte[][] bytes(List<Append> appends, Function<Append, byte[]> value) {
        return appends.stream().map(value).toArray(byte[][]::new);
    }
}
