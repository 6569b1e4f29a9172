package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings a database to this version's schema, or says why it is not there. */
final class Migrator {
    static final String HISTORY = "create table if not exists lantern_schema ("
            + "version integer not null primary key, name varchar(64) not null, checksum varchar(64) not null,"
            + " applied_at timestamp with time zone default current_timestamp not null)";

    private record Applied(String name, String checksum) {}

    private final Connections source;

    Migrator(Connections source) {
        this.source = source;
    }

    /** Everything that {@link #create} would run on an empty database, as one script. */
    static String script(Dialect dialect) {
        StringBuilder script = new StringBuilder(dialect.books()).append('\n');
        for (Schema.Step step : Schema.of(dialect)) {
            script.append(step.script().strip()).append('\n');
            script.append(record(step)).append(";\n\n");
        }
        return script.toString();
    }

    void create() {
        try (Connection work = source.open()) {
            work.setAutoCommit(true);
            Dialect dialect = Dialect.of(work);
            List<Schema.Step> steps = Schema.of(dialect);
            if (applied(work).size() == steps.size()) {
                verify(steps, applied(work));
                return;
            }
            dialect.alone(source, work, () -> applyMissing(work, steps));
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

    static void run(Connection work, String sql) throws SQLException {
        try (Statement statement = work.createStatement()) {
            statement.execute(sql);
        }
    }
}
