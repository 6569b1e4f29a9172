package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings a database to this version's schema, or says why it is not there.
 *
 * <p>DDL commits on its own on most databases, so the lock against a concurrent migration is a row held by a
 * second connection for as long as the first works.
 */
final class Migrator {
    private static final String HISTORY = "create table if not exists lantern_schema ("
            + "version integer not null primary key, name varchar(64) not null, checksum varchar(64) not null,"
            + " applied_at timestamp with time zone default current_timestamp not null)";
    private static final String LOCK =
            "create table if not exists lantern_schema_lock (id integer not null primary key)";

    private record Applied(String name, String checksum) {}

    private final Connections source;

    Migrator(Connections source) {
        this.source = source;
    }

    /** Everything that {@link #create} would run on an empty database, as one script. */
    static String script(Dialect dialect) {
        StringBuilder script =
                new StringBuilder(HISTORY).append(";\n").append(LOCK).append(";\n\n");
        for (Schema.Step step : Schema.of(dialect)) {
            script.append(step.script().strip()).append('\n');
            script.append(record(step)).append(";\n\n");
        }
        return script.toString();
    }

    void create() {
        try (Connection work = source.open()) {
            work.setAutoCommit(true);
            List<Schema.Step> steps = Schema.of(Dialect.of(work));
            if (applied(work).size() == steps.size()) {
                verify(steps, applied(work));
                return;
            }
            run(work, HISTORY);
            run(work, LOCK);
            try (Connection guard = source.open()) {
                hold(guard);
                applyMissing(work, steps);
                guard.rollback();
                guard.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.opening("creating the journal's schema", e);
        }
    }

    void validate() {
        try (Connection work = source.open()) {
            List<Schema.Step> steps = Schema.of(Dialect.of(work));
            Map<Integer, Applied> applied = applied(work);
            verify(steps, applied);
            if (applied.size() < steps.size()) {
                throw new LanternException("validating the journal's schema: version " + applied.size()
                        + " is applied and version " + steps.size()
                        + " is needed; open once with SchemaMode.CREATE, or run the rest of JdbcJournal.script(…)");
            }
        } catch (SQLException e) {
            throw Failures.opening("validating the journal's schema", e);
        }
    }

    private static void applyMissing(Connection work, List<Schema.Step> steps) throws SQLException {
        Map<Integer, Applied> applied = applied(work);
        verify(steps, applied);
        for (Schema.Step step : steps) {
            if (!applied.containsKey(step.version())) {
                for (String statement : step.statements()) {
                    run(work, statement);
                }
                run(work, record(step));
            }
        }
    }

    private static void hold(Connection guard) throws SQLException {
        guard.setAutoCommit(true);
        run(
                guard,
                "insert into lantern_schema_lock (id) select 1 where not exists (select 1 from lantern_schema_lock)");
        guard.setAutoCommit(false);
        try (Statement statement = guard.createStatement();
                ResultSet rows = statement.executeQuery("select id from lantern_schema_lock where id = 1 for update")) {
            rows.next();
        }
    }

    /** Refuses what was applied by a newer version, or changed since. */
    private static void verify(List<Schema.Step> steps, Map<Integer, Applied> applied) {
        for (Map.Entry<Integer, Applied> entry : applied.entrySet()) {
            int version = entry.getKey();
            if (version > steps.size()) {
                throw new LanternException("opening the journal: its schema has version " + version
                        + ", made by a newer Lantern; this one knows up to version " + steps.size()
                        + "; upgrade this process, an older one must not write here");
            }
            Schema.Step step = steps.get(version - 1);
            if (!step.checksum().equals(entry.getValue().checksum())) {
                throw new LanternException("opening the journal: schema version " + version + " (" + step.name()
                        + ") was applied from another script than this version's: checksum "
                        + entry.getValue().checksum() + ", expected " + step.checksum()
                        + "; compare the tables with JdbcJournal.script(…)");
            }
        }
    }

    private static Map<Integer, Applied> applied(Connection work) throws SQLException {
        Map<Integer, Applied> applied = new LinkedHashMap<>();
        if (!hasHistory(work)) {
            return applied;
        }
        try (Statement statement = work.createStatement();
                ResultSet rows =
                        statement.executeQuery("select version, name, checksum from lantern_schema order by version")) {
            while (rows.next()) {
                applied.put(rows.getInt(1), new Applied(rows.getString(2), rows.getString(3)));
            }
        }
        return applied;
    }

    private static boolean hasHistory(Connection work) throws SQLException {
        String table = work.getMetaData().storesUpperCaseIdentifiers() ? "LANTERN_SCHEMA" : "lantern_schema";
        try (ResultSet tables = work.getMetaData().getTables(null, work.getSchema(), table, null)) {
            return tables.next();
        }
    }

    private static String record(Schema.Step step) {
        return "insert into lantern_schema (version, name, checksum) values (" + step.version() + ", '" + step.name()
                + "', '" + step.checksum() + "')";
    }

    private static void run(Connection work, String sql) throws SQLException {
        try (Statement statement = work.createStatement()) {
            statement.execute(sql);
        }
    }
}
