package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.Create;
import dev.lantern.journal.Durability;
import dev.lantern.journal.Event;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PostgreSQL from 14 on. What is done for each step of each run is one statement and by that one transaction: one
 * round trip. Nothing is set in a session beyond its transaction and nothing expected of one, so it does not matter
 * which session of a pool the next call gets.
 */
final class PostgresDialect implements Dialect {
    private static final int OLDEST = 14;
    /** How much longer than the server the client waits, so that it is the server that says no. */
    private static final int LAST_WORD_MILLIS = 500;
    /** Arbitrary, and the same in every version: who changes the schema holds the lock of this number. */
    private static final long SCHEMA_LOCK = 0x4c616e7465726eL;

    @Override
    public String product() {
        return "PostgreSQL";
    }

    @Override
    public void check(Connection connection) throws SQLException {
        String version = version(connection);
        if (!version.startsWith("PostgreSQL ")) {
            throw new LanternException("the journal needs PostgreSQL itself; its driver has reached \"" + version
                    + "\", whose locks and commits nobody has tried with the journal");
        }
        if (connection.getMetaData().getDatabaseMajorVersion() < OLDEST) {
            throw new LanternException("the journal needs PostgreSQL " + OLDEST + " or newer, found "
                    + connection.getMetaData().getDatabaseProductVersion() + "; upgrade the server");
        }
    }

    private static String version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select version()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public Session session(Connection connection) throws SQLException {
        return Session.ofStatements(connection);
    }

    @Override
    public Durability durability(Session session, Durability wanted) throws SQLException {
        begin(session);
        String fsync = session.one("select current_setting('fsync')", rows -> rows.getString(1))
                .orElseThrow();
        if (fsync.equals("on")) {
            return Durability.DISK;
        }
        if (wanted == Durability.DISK) {
            throw new LanternException("opening the journal with durability DISK: this server runs with fsync = "
                    + fsync + " and may lose acknowledged commits when its machine dies; set fsync = on,"
                    + " or ask for durability PROCESS");
        }
        return Durability.PROCESS;
    }

    @Override
    public void begin(Session session) throws SQLException {
        session.begin();
        session.one("select " + PostgresGuard.SQL, rows -> true, session.limitMillis());
    }

    @Override
    public boolean commitsStatements() {
        return true;
    }

    /** A commit is on disk when it returns: the guard sees to it. */
    @Override
    public void sync(Session session) {}

    /**
     * The server bounds its waiting for locks by what the guard is told, the client its waiting for the server.
     * Both are known before anything is sent, so they cost no round trip.
     */
    @Override
    public void limit(Session session, int millis) throws SQLException {
        if (session.waitFound() < 0) {
            session.waitFound(session.networkTimeout());
        }
        if (session.limitMillis() != millis) {
            session.networkTimeout((int) Math.min(Integer.MAX_VALUE, (long) millis + LAST_WORD_MILLIS));
            session.limitMillis(millis);
        }
    }

    @Override
    public void unlimit(Session session) throws SQLException {
        session.networkTimeout(session.waitFound());
        session.limitMillis(0);
    }

    // -- schema --------------------------------------------------------------------------------------------

    @Override
    public String books() {
        return Migrator.HISTORY + ";\n";
    }

    /** All of it is one transaction: the lock ends with it, and half a change never stands. */
    @Override
    public void alone(Connections source, Connection work, Change change) throws SQLException {
        work.setAutoCommit(false);
        try {
            // What was waited for must be seen.
            Migrator.run(work, "set transaction isolation level read committed");
            Migrator.run(work, "select pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
            Migrator.run(work, Migrator.HISTORY);
            change.make();
            work.commit();
        } catch (SQLException | RuntimeException e) {
            work.rollback();
            throw e;
        } finally {
            work.setAutoCommit(true);
        }
    }

    // -- hosts ---------------------------------------------------------------------------------------------

    @Override
    public String join() {
        return "insert into lantern_host (address, renewed_at, lease_until)"
                + " values (?, now(), now() + ? * interval '1 microsecond')"
                + " returning host, renewed_at, lease_until, taken";
    }

    @Override
    public String renew() {
        return "update lantern_host set renewed_at = now(), lease_until = now() + ? * interval '1 microsecond'"
                + " where host = ? and not departed"
                + " returning host, renewed_at, lease_until, taken";
    }

    @Override
    public String now() {
        return "now()";
    }

    @Override
    public String aDayAgo() {
        return "now() - interval '1 day'";
    }

    /** An append changes no column of the key, so it does not meet this lock. */
    @Override
    public String pinned() {
        return " for key share";
    }

    // -- runs ----------------------------------------------------------------------------------------------

    @Override
    public Map<Integer, Long> create(Session session, List<Create> group, List<Integer> places) throws SQLException {
        return PostgresCreates.create(session, group, places);
    }

    @Override
    public Set<Long> append(Session session, List<Append> group, List<Integer> places) throws SQLException {
        return PostgresAppends.append(session, group, places);
    }

    @Override
    public String bodies() {
        return "body";
    }

    @Override
    public void replace(Session session, long key, long seq, Event.Erasable next) throws SQLException {
        session.update(
                "update lantern_event set salts = ?, body = ? where run_key = ? and seq = ?",
                next.salts(),
                next.body(),
                key,
                seq);
    }

    @Override
    public void keep(Session session, long key, Commitment commitment, byte[] body) throws SQLException {
        session.update(
                "insert into lantern_opening (run_key, commitment, body) values (?, ?, ?)" + " on conflict do nothing",
                key,
                commitment.digest().bytes(),
                body);
    }

    @Override
    public void nameLog(Session session, RunRef run) throws SQLException {
        session.update(LogRows.NAME + " on conflict do nothing", run.tenant(), run.run());
    }

    @Override
    public void hurry(Session session) throws SQLException {
        session.one("select set_config('synchronous_commit', 'off', true)", rows -> true);
    }

    @Override
    public List<RunRow> takeLapsed(Session session, long host, int max) throws SQLException {
        return PostgresClaims.takeLapsed(session, host, max);
    }

    @Override
    public Ear ear(Connections source, Connection connection) throws SQLException {
        return PostgresEar.over(source, connection);
    }

    @Override
    public String put() {
        return "with put as (insert into lantern_inbox (run_key, kind, body) select run_key, ?, ? from lantern_head"
                + " where run_key = ? and host is not null returning id, run_key)"
                + " select put.id, " + PostgresEar.NOTIFY.formatted("h.host")
                + " from put join lantern_head h on h.run_key = put.run_key";
    }
}
