package dev.lantern.journal.jdbc;

import dev.lantern.journal.Create;
import dev.lantern.journal.Head;
import dev.lantern.value.RunRef;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Making runs on H2: names first, one by one, then what stands under them. */
final class H2Creates {
    private H2Creates() {}

    static Map<Integer, Long> create(Session session, List<Create> group, List<Integer> places) throws SQLException {
        Map<Integer, Long> made = new LinkedHashMap<>();
        for (int i : places) {
            Create create = group.get(i);
            if (name(session, create)) {
                long key = key(session, create.run());
                insert(session, key, create);
                made.put(i, key);
            }
        }
        return made;
    }

    /** @return whether the name was free */
    private static boolean name(Session session, Create create) throws SQLException {
        try {
            return session.update(
                            "insert into lantern_run (tenant, run, agent, created_at) select t, n, a, c"
                                    + " from (values (cast(? as varchar), cast(? as varchar), cast(? as varchar),"
                                    + " cast(? as timestamp(6) with time zone)))"
                                    + " as asked(t, n, a, c) where not exists"
                                    + " (select 1 from lantern_run where tenant = t and run = n)",
                            create.run().tenant(),
                            create.run().run(),
                            create.agent(),
                            Rows.time(create.created()))
                    == 1;
        } catch (SQLException e) {
            if (H2Dialect.duplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private static void insert(Session session, long key, Create create) throws SQLException {
        Head head = create.after();
        session.update(
                "insert into lantern_head (run_key, host, epoch, seq, hash, status) values (?, ?, 0, ?, ?, ?)",
                key,
                create.host(),
                head.seq(),
                head.hash().bytes(),
                create.status().name());
        PreparedStatement events = H2Events.insert(session);
        H2Events.add(events, key, create.events());
        events.executeBatch();
        Labels.insert(session, key, create.labels());
    }

    private static long key(Session session, RunRef run) throws SQLException {
        return session.one(
                        "select run_key from lantern_run where tenant = ? and run = ?",
                        rows -> rows.getLong(1),
                        run.tenant(),
                        run.run())
                .orElseThrow();
    }
}
