package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The server that is measured on, with databases that are made for one scenario each: one that this process starts
 * and ends, or the one behind {@code -Dlantern.bench.postgres=jdbc:postgresql://…/postgres?user=…&password=…}.
 */
final class Postgres implements Closeable {
    private static final String GIVEN = System.getProperty("lantern.bench.postgres", "");
    private static final List<String> SETTINGS = List.of(
            "server_version",
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "wal_sync_method",
            "commit_delay",
            "shared_buffers",
            "max_wal_size",
            "shared_preload_libraries");

    private final String url;
    private final Closeable server;

    private Postgres(String url, Closeable server) {
        this.url = url;
        this.server = server;
    }

    /** The server with its default settings. */
    static Postgres start() throws IOException {
        return start("");
    }

    /** A server that counts statements; a given one is taken as it is. */
    static Postgres startCounting() throws IOException {
        return start("pg_stat_statements");
    }

    private static Postgres start(String preloaded) throws IOException {
        if (!GIVEN.isEmpty()) {
            return new Postgres(GIVEN, () -> {});
        }
        Path data = Files.createTempDirectory("lantern-bench-postgres");
        // What the library would change to make tests fast is set back to PostgreSQL's defaults.
        EmbeddedPostgres embedded = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_preload_libraries", preloaded)
                .start();
        return new Postgres(embedded.getJdbcUrl("postgres", "postgres"), () -> {
            embedded.close();
            if (Files.exists(data)) {
                Directories.delete(data);
            }
        });
    }

    /** Prints what it is and how it is set. */
    void describe() throws SQLException {
        StringBuilder line = new StringBuilder("PostgreSQL");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                try (ResultSet rows = statement.executeQuery("show " + setting)) {
                    rows.next();
                    line.append(' ').append(setting).append('=').append(rows.getString(1));
                }
            }
        }
        System.out.println(line);
    }

    /** A new database of this name. */
    void create(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + database + " with (force)");
            statement.execute("create database " + database);
        }
    }

    void drop(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + database + " with (force)");
        }
    }

    /** A pool of connections to it. */
    HikariDataSource pool(String database) {
        return pool(database, "");
    }

    /** As {@link #pool(String)}, with more parameters of the driver, such as {@code &a=b}. */
    HikariDataSource pool(String database, String parameters) {
        return Pools.of(urlOf(database) + parameters);
    }

    /** The address of a database, user and password included. */
    String urlOf(String database) {
        int from = url.indexOf('/', "jdbc:postgresql://".length()) + 1;
        int to = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        String parameters = url.substring(to).isEmpty() ? "?" : url.substring(to);
        return url.substring(0, from) + database.toLowerCase(Locale.ROOT) + parameters;
    }

    String url() {
        return url;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
