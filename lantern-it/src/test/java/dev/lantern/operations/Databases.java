package dev.lantern.operations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Databases that a test's hosts and its administrator share, a new and empty one for each test. */
public final class Databases {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Databases() {}

    /** An H2 file below this directory. */
    static DataSource h2(Path directory) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:retry:" + directory.resolve("journal") + ";REUSE_SPACE=FALSE");
        source.setUser("lantern");
        return source;
    }

    /** A schema of its own on the one PostgreSQL of this JVM. */
    public static PGSimpleDataSource postgres() {
        String name = "operations_" + COUNT.incrementAndGet();
        String url = Running.SERVER.getJdbcUrl("postgres", "postgres");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("create schema " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("no place for a test", e);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url + "&currentSchema=" + name);
        return source;
    }

    private static final class Running {
        /** The library stops it when the JVM ends. */
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(2))
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
