package dev.lantern.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/** What the server itself counted. Backends hand in their counts when they end, so their pools are closed first. */
final class ServerCounters implements AutoCloseable {
    private final Connection connection;
    private final String database;

    ServerCounters(Postgres server, String database) throws SQLException {
        this.connection = DriverManager.getConnection(server.url());
        this.database = database;
    }

    /** Statements executed in the database, commits and settings included; empty where the server does not count them. */
    OptionalLong statements() throws SQLException {
        if (value("select count(*) from pg_extension where extname = 'pg_stat_statements'") == 0) {
            if (value("select count(*) from pg_settings where name = 'shared_preload_libraries'"
                            + " and setting like '%pg_stat_statements%'")
                    == 0) {
                return OptionalLong.empty();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("create extension pg_stat_statements");
            }
        }
        return OptionalLong.of(value("select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d"
                + " on d.oid = s.dbid where d.datname = '" + database + "'"));
    }

    /** How often any process of the server has synced its write-ahead log. */
    long walSyncs() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() < 18
                ? value("select wal_sync from pg_stat_wal")
                : value("select sum(fsyncs) from pg_stat_io where object = 'wal'");
    }

    /** Waits until nobody is connected to the database, and so every backend's counts are in. */
    void awaitDisconnected() throws SQLException, InterruptedException {
        while (value("select count(*) from pg_stat_activity where datname = '" + database + "'") > 0) {
            Thread.sleep(10);
        }
    }

    private long value(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
