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

/** Making runs on PostgreSQL: names, heads, labels and first events in one statement. */
final class PostgresCreates {
    /** Names are taken in their order: whoever waits for a name another group is taking waits in one direction only. */
    private static final String CREATE = "with asked as materialized ("
            + " select * from unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bytea[],"
            + " ?::text[], ?::bigint[]) as a(place, tenant, run, agent, host, seq, hash, status, created)"
            + " where place is not null and " + PostgresGuard.SQL
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
            + " from unnest(?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])"
            + " as e(place, seq, hash, bytes, salts, body) join won using (place)"
            + ") select place, run_key from won";

    private PostgresCreates() {}

    static Map<Integer, Long> create(Session session, List<Create> group, List<Integer> places) throws SQLException {
        Map<Integer, Long> made = new LinkedHashMap<>();
        for (List<Integer> part : PostgresParts.of(places, i -> group.get(i).events())) {
            try (ResultSet rows = statement(session, group, part).executeQuery()) {
                while (rows.next()) {
                    made.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        return made;
    }

    private static PreparedStatement statement(Session session, List<Create> group, List<Integer> places)
            throws SQLException {
        PostgresColumns<Integer> columns = new PostgresColumns<>(session, places);
        PreparedStatement statement = session.prepare(CREATE);
        statement.setArray(1, columns.ofInts(i -> i));
        statement.setArray(2, columns.ofTexts(i -> group.get(i).run().tenant()));
        statement.setArray(3, columns.ofTexts(i -> group.get(i).run().run()));
        statement.setArray(4, columns.ofTexts(i -> group.get(i).agent()));
        statement.setArray(5, columns.ofLongs(i -> group.get(i).host()));
        statement.setArray(6, columns.ofLongs(i -> group.get(i).after().seq()));
        statement.setArray(7, columns.ofBytes(i -> group.get(i).after().hash().bytes()));
        statement.setArray(8, columns.ofTexts(i -> group.get(i).status().name()));
        statement.setArray(
                9,
                columns.ofLongs(i ->
                        ChronoUnit.MICROS.between(Instant.EPOCH, group.get(i).created())));
        statement.setInt(10, session.limitMillis());
        setLabels(session, statement, group, places);
        PostgresEvents events = new PostgresEvents();
        places.forEach(i -> events.add(i, group.get(i).events()));
        events.set(session, statement, 14);
        return statement;
    }

    private static void setLabels(
            Session session, PreparedStatement statement, List<Create> group, List<Integer> places)
            throws SQLException {
        List<Integer> owners = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> contents = new ArrayList<>();
        for (int i : places) {
            for (Map.Entry<String, String> label : group.get(i).labels().asMap().entrySet()) {
                owners.add(i);
                names.add(label.getKey());
                contents.add(label.getValue());
            }
        }
        statement.setArray(11, session.array("integer", owners.toArray(Integer[]::new)));
        statement.setArray(12, session.array("text", names.toArray(String[]::new)));
        statement.setArray(13, session.array("text", contents.toArray(String[]::new)));
    }
}
