package dev.lantern.journal.jdbc;

import dev.lantern.journal.Create;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Making runs on PostgreSQL: names, heads, labels and first events in one statement. */
final class PostgresCreates {
    /** Names are taken in their order: whoever waits for a name another group is taking waits in one direction only. */
    private static final String CREATE = "with asked as materialized ("
            + " select * from unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bytea[],"
            + " ?::text[], ?::bigint[]) as a(place, tenant, run, agent, host, seq, hash, status, created) where "
            + PostgresGuard.SQL
            + "), made as ("
            + " insert into lantern_run (tenant, run, agent, created_at)"
            + " select tenant, run, agent, timestamptz 'epoch' + created * interval '1 microsecond' from asked"
            + " order by tenant collate \"C\", run collate \"C\""
            + " on conflict (tenant, run) do nothing returning run_key, tenant, run"
            + "), won as materialized ("
            + " select made.run_key, asked.* from made join asked using (tenant, run)"
            + "), heads as ("
            + " insert into lantern_head (run_key, host, epoch, seq, hash, status)"
            + " select run_key, host, 0, seq, hash, status from won"
            + "), labelled as ("
            + " insert into lantern_label (run_key, name, content) select won.run_key, l.name, l.content"
            + " from unnest(?::int[], ?::text[], ?::text[]) as l(place, name, content) join won using (place)"
            + "), written as ("
            + " insert into lantern_event (run_key, seq, hash, bytes, salts, body)"
            + " select won.run_key, e.seq, e.hash, e.bytes, e.salts, e.body"
            + " from unnest(?::int[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])"
            + " as e(place, seq, hash, bytes, salts, body) join won using (place)"
            + ") select place, run_key from won";

    private PostgresCreates() {}

    static Map<Integer, Long> create(Session session, List<Create> group, List<Integer> places) throws SQLException {
        List<Create> creates = places.stream().map(group::get).toList();
        PreparedStatement statement = session.prepare(CREATE);
        set(session, statement, creates);
        Map<Integer, Long> made = new LinkedHashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                made.put(places.get(rows.getInt(1)), rows.getLong(2));
            }
        }
        return made;
    }

    private static void set(Session session, PreparedStatement statement, List<Create> creates) throws SQLException {
        statement.setArray(
                1,
                session.array(
                        "integer", IntStream.range(0, creates.size()).boxed().toArray()));
        statement.setArray(2, session.array("text", column(creates, c -> c.run().tenant())));
        statement.setArray(3, session.array("text", column(creates, c -> c.run().run())));
        statement.setArray(4, session.array("text", column(creates, Create::agent)));
        statement.setArray(5, session.array("bigint", column(creates, Create::host)));
        statement.setArray(
                6, session.array("bigint", column(creates, c -> c.after().seq())));
        statement.setArray(
                7,
                session.array(
                        "bytea",
                        creates.stream().map(c -> c.after().hash().bytes()).toArray(byte[][]::new)));
        statement.setArray(
                8, session.array("text", column(creates, c -> c.status().name())));
        statement.setArray(
                9,
                session.array("bigint", column(creates, c -> ChronoUnit.MICROS.between(Instant.EPOCH, c.created()))));
        statement.setInt(10, session.limitMillis());
        setLabels(session, statement, creates);
        PostgresEvents events = new PostgresEvents();
        for (int i = 0; i < creates.size(); i++) {
            events.add(i, creates.get(i).events());
        }
        events.set(session, statement, "integer", 14);
    }

    private static void setLabels(Session session, PreparedStatement statement, List<Create> creates)
            throws SQLException {
        List<Integer> places = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < creates.size(); i++) {
            for (Map.Entry<String, String> label :
                    creates.get(i).labels().asMap().entrySet()) {
                places.add(i);
                names.add(label.getKey());
                contents.add(label.getValue());
            }
        }
        statement.setArray(11, session.array("integer", places.toArray()));
        statement.setArray(12, session.array("text", names.toArray()));
        statement.setArray(13, session.array("text", contents.toArray()));
    }

    private static Object[] column(List<Create> creates, Function<Create, Object> value) {
        return creates.stream().map(value).toArray();
    }
}
