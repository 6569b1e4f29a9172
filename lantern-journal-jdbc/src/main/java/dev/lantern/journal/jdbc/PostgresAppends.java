package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.Event;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Appending on PostgreSQL: fence, heads and events in one statement. Three shapes, so that each has one plan for ever. */
final class PostgresAppends {
    /** One event of one run, what an agent alone does all day. The update takes the lock and tests the fence again. */
    private static final String ONE = "with won as ("
            + " update lantern_head set epoch = ?, seq = ?, hash = ?, status = ?"
            + " where run_key = ? and host = ? and epoch = ? and seq = ? and hash = ? and " + PostgresGuard.SQL
            + " returning run_key"
            + ") insert into lantern_event (run_key, seq, hash, bytes, salts, body)"
            + " select run_key, ?, ?, ?, ?, ? from won returning run_key";

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

    private static final String MANY = HELD + EVENTS + ") select run_key from won";

    /** Apart from the others, whose hot updates never mention an indexed column. */
    private static final String MANY_AND_CLOSE = HELD + ", host = case when w.closes then null else h.host end" + EVENTS
            + "), emptied as ("
            + " delete from lantern_inbox i using won where i.run_key = won.run_key and won.closes"
            + ") select run_key from won";

    private PostgresAppends() {}

    static Set<Long> append(Session session, List<Append> group, List<Integer> places) throws SQLException {
        Set<Long> won = new LinkedHashSet<>();
        List<Append> appends = places.stream().map(group::get).toList();
        for (List<Append> part : PostgresParts.of(appends, Append::events)) {
            try (ResultSet rows = statement(session, part).executeQuery()) {
                while (rows.next()) {
                    won.add(rows.getLong(1));
                }
            }
        }
        return won;
    }

    private static PreparedStatement statement(Session session, List<Append> appends) throws SQLException {
        boolean closing = appends.stream().anyMatch(Append::closes);
        Append first = appends.get(0);
        return appends.size() == 1 && first.events().size() == 1 && !closing
                ? one(session, first)
                : many(session, closing ? MANY_AND_CLOSE : MANY, appends);
    }

    private static PreparedStatement one(Session session, Append append) throws SQLException {
        Event event = append.events().get(0);
        PreparedStatement statement = session.prepare(
                ONE,
                append.epoch(),
                event.seq(),
                event.hash().bytes(),
                append.status().name(),
                append.key(),
                append.fence().host(),
                append.fence().epoch(),
                append.fence().head().seq(),
                append.fence().head().hash().bytes(),
                session.limitMillis(),
                event.seq(),
                event.hash().bytes(),
                event.bytes());
        // Not as objects: a null without a type would make another statement of it, parsed and planned anew.
        statement.setBytes(14, event.erasable().map(Event.Erasable::salts).orElse(null));
        statement.setBytes(15, event.erasable().map(Event.Erasable::body).orElse(null));
        return statement;
    }

    private static PreparedStatement many(Session session, String sql, List<Append> appends) throws SQLException {
        PostgresColumns<Append> columns = new PostgresColumns<>(session, appends);
        PreparedStatement statement = session.prepare(sql);
        statement.setArray(1, columns.ofLongs(Append::key));
        statement.setArray(2, columns.ofLongs(a -> a.fence().host()));
        statement.setArray(3, columns.ofInts(a -> a.fence().epoch()));
        statement.setArray(4, columns.ofLongs(a -> a.fence().head().seq()));
        statement.setArray(5, columns.ofBytes(a -> a.fence().head().hash().bytes()));
        statement.setArray(6, columns.ofInts(Append::epoch));
        statement.setArray(7, columns.ofLongs(a -> a.after().seq()));
        statement.setArray(8, columns.ofBytes(a -> a.after().hash().bytes()));
        statement.setArray(9, columns.ofTexts(a -> a.status().name()));
        statement.setArray(10, columns.ofBooleans(Append::closes));
        statement.setInt(11, session.limitMillis());
        PostgresEvents events = new PostgresEvents();
        appends.forEach(append -> events.add(append.key(), append.events()));
        events.set(session, statement, 12);
        return statement;
    }
}
