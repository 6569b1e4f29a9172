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
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** H2 from 2.5 on; earlier versions lose acknowledged commits in ways that no setting prevents. */
final class H2Dialect implements Dialect {
    private static final int DUPLICATE_KEY = 23505;
    private static final String LOCK =
            "create table if not exists lantern_schema_lock (id integer not null primary key)";

    @Override
    public String product() {
        return "H2";
    }

    @Override
    public Session session(Connection connection) throws SQLException {
        return Session.inTransactions(connection);
    }

    @Override
    public void check(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        int major = database.getDatabaseMajorVersion();
        int minor = database.getDatabaseMinorVersion();
        if (major < 2 || (major == 2 && minor < 5)) {
            throw new LanternException("the journal needs H2 2.5 or newer, found "
                    + database.getDatabaseProductVersion() + "; raise the version of com.h2database:h2");
        }
    }

    @Override
    public Durability durability(Session session, Durability wanted) throws SQLException {
        if (session.one("select database_path()", rows -> rows.getString(1) == null)
                .orElse(true)) {
            return Durability.MEMORY;
        }
        requireNoReuse(session);
        if (wanted == Durability.DISK) {
            requireCheckpoints(session);
        } else {
            requireNoDelay(session);
        }
        return wanted;
    }

    /** Sessions are always in one. */
    @Override
    public void begin(Session session) {}

    @Override
    public boolean commitsStatements() {
        return false;
    }

    @Override
    public void sync(Session session) throws SQLException {
        session.execute("checkpoint sync");
    }

    @Override
    public void limit(Session session, int millis) throws SQLException {
        if (session.waitFound() < 0) {
            session.waitFound(
                    session.one("select lock_timeout()", rows -> rows.getInt(1)).orElseThrow());
        }
        if (session.limitMillis() != millis) {
            session.update("set lock_timeout ?", millis);
            session.update("set query_timeout ?", millis);
            session.limitMillis(millis);
        }
    }

    @Override
    public void unlimit(Session session) throws SQLException {
        session.update("set query_timeout ?", 0);
        session.update("set lock_timeout ?", session.waitFound());
        session.limitMillis(0);
    }

    static boolean duplicate(SQLException failure) {
        return failure.getErrorCode() == DUPLICATE_KEY;
    }

    @Override
    public String books() {
        return Migrator.HISTORY + ";\n" + LOCK + ";\n";
    }

    /** DDL commits on its own, so a row is held by a second connection for as long as the first works. */
    @Override
    public void alone(Connections source, Connection work, Change change) throws SQLException {
        Migrator.run(work, Migrator.HISTORY);
        Migrator.run(work, LOCK);
        try (Connection guard = source.open()) {
            hold(guard);
            change.make();
            guard.rollback();
            guard.setAutoCommit(true);
        }
    }

    private static void hold(Connection guard) throws SQLException {
        guard.setAutoCommit(true);
        try {
            Migrator.run(
                    guard,
                    "insert into lantern_schema_lock (id) select 1"
                            + " where not exists (select 1 from lantern_schema_lock)");
        } catch (SQLException e) {
            // Another host that migrates was quicker by a moment.
            if (!duplicate(e)) {
                throw e;
            }
        }
        guard.setAutoCommit(false);
        Migrator.run(guard, "select id from lantern_schema_lock where id = 1 for update");
    }

    @Override
    public String join() {
        return "select host, renewed_at, lease_until, taken from final table (insert into lantern_host"
                + " (address, renewed_at, lease_until)"
                + " values (?, current_timestamp, dateadd(microsecond, ?, current_timestamp)))";
    }

    @Override
    public String renew() {
        return "select host, renewed_at, lease_until, taken from final table (update lantern_host"
                + " set renewed_at = current_timestamp, lease_until = dateadd(microsecond, ?, current_timestamp)"
                + " where host = ? and not departed)";
    }

    @Override
    public String now() {
        return "current_timestamp";
    }

    @Override
    public String aDayAgo() {
        return "dateadd(day, -1, current_timestamp)";
    }

    @Override
    public Ear ear(Connections source, Connection connection) {
        return Ear.DEAF;
    }

    @Override
    public String put() {
        return "select id from final table (insert into lantern_inbox (run_key, kind, body)"
                + " select run_key, ?, ? from lantern_head where run_key = ? and host is not null)";
    }

    @Override
    public Map<Integer, Long> create(Session session, List<Create> group, List<Integer> places) throws SQLException {
        return H2Creates.create(session, group, places);
    }

    @Override
    public Set<Long> append(Session session, List<Append> group, List<Integer> places) throws SQLException {
        return H2Appends.append(session, group, places);
    }

    @Override
    public String bodies() {
        return "body, large_body";
    }

    @Override
    public void replace(Session session, long key, long seq, Event.Erasable next) throws SQLException {
        H2Events.replace(session, key, seq, next);
    }

    @Override
    public void keep(Session session, long key, Commitment commitment, byte[] body) throws SQLException {
        try {
            session.update(
                    "insert into lantern_opening (run_key, commitment, body) values (?, ?, ?)",
                    key,
                    commitment.digest().bytes(),
                    body);
        } catch (SQLException e) {
            if (!duplicate(e)) {
                throw e;
            }
        }
    }

    @Override
    public void nameLog(Session session, RunRef run) throws SQLException {
        try {
            session.update(LogRows.NAME, run.tenant(), run.run());
        } catch (SQLException e) {
            if (!duplicate(e)) {
                throw e;
            }
        }
    }

    /** No commit waits for the disk by itself. */
    @Override
    public void hurry(Session session) {}

    @Override
    public List<RunRow> takeLapsed(Session session, long host, int max) throws SQLException {
        return H2Claims.takeLapsed(session, host, max);
    }

    /** H2 knows no weaker lock; an append to the run waits for it, for as long as storing one payload takes. */
    @Override
    public String pinned() {
        return " for update";
    }

    private void requireCheckpoints(Session session) throws SQLException {
        try {
            sync(session);
        } catch (SQLException e) {
            throw new LanternException(
                    "opening the journal with durability DISK: this database user may not run CHECKPOINT SYNC ("
                            + e.getMessage() + "); make the user an administrator, or ask for durability PROCESS",
                    e);
        }
    }

    private static void requireNoReuse(Session session) throws SQLException {
        String reuse = setting(session, "REUSE_SPACE");
        if (!reuse.equalsIgnoreCase("FALSE")) {
            throw new LanternException("opening the journal: this H2 database reuses space in its file"
                    + " (REUSE_SPACE=" + reuse + ") and may forget its last commits when it is killed;"
                    + " add ;REUSE_SPACE=FALSE to its URL, or use JdbcJournal.embedded(directory)");
        }
    }

    private static void requireNoDelay(Session session) throws SQLException {
        String delay = setting(session, "WRITE_DELAY");
        if (!delay.equals("0")) {
            throw new LanternException("opening the journal with durability PROCESS: this database writes commits "
                    + delay + " ms late and would lose acknowledged ones; add ;WRITE_DELAY=0 to its URL,"
                    + " or ask for durability DISK");
        }
    }

    private static String setting(Session session, String name) throws SQLException {
        return session.one(
                        "select setting_value from information_schema.settings where setting_name = ?",
                        rows -> rows.getString(1),
                        name)
                .orElse("unknown");
    }
}
