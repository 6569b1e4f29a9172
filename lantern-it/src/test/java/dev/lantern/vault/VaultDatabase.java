package dev.lantern.vault;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * A PostgreSQL that asks everybody but its superuser for a password, so that only who was given credentials gets in. The
 * server's own user is called {@code keeper}, and can be locked out.
 */
final class VaultDatabase implements AutoCloseable {
    /** As PostgreSQL calls a user or a password that it does not take. */
    private static final String REFUSED = "28";

    private final EmbeddedPostgres server;

    private VaultDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    static VaultDatabase start(Path directory) throws IOException {
        Path hosts = Files.writeString(
                directory.resolve("hba.conf"),
                "host all postgres samehost trust\nhost all all samehost scram-sha-256\n");
        VaultDatabase database = new VaultDatabase(EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("hba_file", hosts.toString())
                .setServerConfig("password_encryption", "scram-sha-256")
                .start());
        database.run("create role keeper with login createrole password 'kept'");
        // What ends somebody's connections needs it.
        database.run("grant pg_signal_backend to keeper");
        return database;
    }

    /** As the server's configuration of a database wants it. */
    String url() {
        return "postgresql://{{username}}:{{password}}@127.0.0.1:" + server.getPort() + "/postgres?sslmode=disable";
    }

    /** Empty if the user or its password is refused. */
    Optional<Connection> login(String user, String password) throws SQLException {
        try {
            return Optional.of(DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?gssEncMode=disable",
                    user,
                    password));
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(REFUSED)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    boolean hasUser(String name) {
        return asked("select count(*) from pg_roles where rolname = '" + name + "'") == 1;
    }

    /** How many there are that an engine made. */
    long users() {
        return asked("select count(*) from pg_roles where rolname like 'v-%'");
    }

    /** Nothing can be made or ended any more. */
    void lockOut() {
        run("alter role keeper nologin");
        run("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'keeper'");
    }

    void letIn() {
        run("alter role keeper login");
    }

    private void run(String sql) {
        try (Connection connection = administrator();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private long asked(String sql) {
        try (Connection connection = administrator();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection administrator() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
