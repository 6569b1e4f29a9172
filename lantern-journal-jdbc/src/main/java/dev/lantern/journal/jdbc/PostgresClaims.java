package dev.lantern.journal.jdbc;

import dev.lantern.journal.RunRow;
import java.sql.SQLException;
import java.util.List;

/** Taking over runs on PostgreSQL. */
final class PostgresClaims {
    /**
     * An owner that is renewing has its lease row locked and is passed by; one that renews a moment later waits until
     * this has committed. Several claimants share an owner's row and pass by each other's runs. A released run bears
     * the negative number of who released it.
     */
    private static final String TAKE_LAPSED = "with me as materialized ("
            + " select host from lantern_host where host = ? and not departed and " + PostgresGuard.SQL
            + "), lapsed as materialized ("
            + " select l.host from lantern_host l, me where l.lease_until <= now() and l.host <> me.host"
            + " for share of l skip locked"
            + "), chosen as materialized ("
            + " select h.run_key from lantern_head h where exists (select 1 from me)"
            + " and (h.host = any (array(select host from lapsed)) or h.host < 0 and h.host <> ?)"
            + " order by h.run_key limit ? for no key update of h skip locked"
            + "), taken as ("
            + " update lantern_head h set host = ? from chosen where h.run_key = chosen.run_key returning h.*"
            + ") select " + Rows.RUN + " from taken h join lantern_run r on r.run_key = h.run_key order by h.run_key";

    private PostgresClaims() {}

    static List<RunRow> takeLapsed(Session session, long host, int max) throws SQLException {
        return session.list(TAKE_LAPSED, Rows::run, host, session.limitMillis(), -host, max, host);
    }
}
