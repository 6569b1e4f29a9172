package dev.lantern.journal.jdbc;

import dev.lantern.journal.RunRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Taking over what lapsed hosts left on H2. */
final class H2Claims {
    /** Waits for owners that are renewing, then looks at them again. */
    private static final String LAPSED = "select host from lantern_host l where lease_until <= current_timestamp"
            + " and host <> ? and exists (select 1 from lantern_head h where h.host = l.host) order by host for update";

    private static final String LEFT = "select run_key from lantern_head where host = ? or host < 0 and host <> ?"
            + " order by run_key fetch first ? rows only for update";

    private static final String ALIVE = "select host from lantern_host where host = ? and not departed";

    private H2Claims() {}

    static List<RunRow> takeLapsed(Session session, long host, int max) throws SQLException {
        List<RunRow> taken = new ArrayList<>();
        if (session.one(ALIVE, H2Claims::first, host).isEmpty()) {
            return taken;
        }
        List<Long> left = new ArrayList<>(session.list(LAPSED, H2Claims::first, host));
        // Nobody's number: what was released is looked for even where nobody has lapsed.
        left.add(0L);
        for (long owner : left) {
            for (long key : session.list(LEFT, H2Claims::first, owner, -host, max - taken.size())) {
                session.update("update lantern_head set host = ? where run_key = ?", host, key);
                taken.add(Claims.row(session, key).orElseThrow());
            }
        }
        return taken;
    }

    private static long first(ResultSet rows) throws SQLException {
        return rows.getLong(1);
    }
}
