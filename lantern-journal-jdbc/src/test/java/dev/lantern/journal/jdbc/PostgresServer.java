package dev.lantern.journal.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of this JVM, started by the first that asks, a place of its own for each. */
final class PostgresServer {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private PostgresServer() {}

    /** The URL of a new and empty schema, in a database that other tests use too. */
    static String schema() {
        String name = "journal_" + COUNT.incrementAndGet();
        execute("create schema " + name);
        return Running.SERVER.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + name;
    }

    /** A pool on a new and empty schema. */
    static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema());
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    /** The URL of a new and empty database, for tests that change its settings. Costs more than a schema. */
    static String database() {
        String name = "journal_" + COUNT.incrementAndGet();
        execute("create database " + name);
        return Running.SERVER.getJdbcUrl("postgres", name);
    }

    private static void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(Running.SERVER.getJdbcUrl("postgres", "postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("no place for a test", e);
        }
    }

    /** The library's defaults give up what the journal insists on. */
    static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100");
    }

    private static final class Running {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                Path data = Files.createTempDirectory("lantern-postgres");
                EmbeddedPostgres server = builder().setDataDirectory(data).start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> abandon(data)));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The library stops the server in order, which syncs thousands of files that nobody will ever read. */
        private static void abandon(Path data) {
            try {
                String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
                new ProcessBuilder("kill", "-QUIT", pid).start();
            } catch (IOException e) {
                // It has ended already.
            }
        }
    }
}
