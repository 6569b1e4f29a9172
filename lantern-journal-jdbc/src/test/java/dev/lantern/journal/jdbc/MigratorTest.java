package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigratorTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestSource source = new TestSource("jdbc:h2:mem:schema-" + DATABASES.incrementAndGet());
    private Connection keepsItAlive;

    @BeforeEach
    void begin() throws SQLException {
        keepsItAlive = DriverManager.getConnection(source.url());
    }

    @AfterEach
    void end() throws SQLException {
        keepsItAlive.close();
    }

    @Test
    void creating_twice_changes_nothing_the_second_time() throws SQLException {
        JdbcJournal.migrate(source);
        String installation = text("select id from lantern_installation");
        String applied = text("select applied_at from lantern_schema");

        JdbcJournal.migrate(source);

        assertThat(text("select id from lantern_installation")).isEqualTo(installation);
        assertThat(text("select applied_at from lantern_schema")).isEqualTo(applied);
    }

    @Test
    void hosts_that_create_at_once_apply_each_step_once() throws Exception {
        int hosts = 6;
        ExecutorService threads = Executors.newFixedThreadPool(hosts);
        try {
            CyclicBarrier start = new CyclicBarrier(hosts);
            List<Future<String>> installations = new ArrayList<>();
            for (int i = 0; i < hosts; i++) {
                installations.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    try (Journal journal = JdbcJournal.on(source)) {
                        return journal.installation(SOON);
                    }
                }));
            }
            for (Future<String> installation : installations) {
                assertThat(installation.get(60, TimeUnit.SECONDS))
                        .isEqualTo(text("select id from lantern_installation"));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(text("select count(*) from lantern_schema")).isEqualTo("2");
    }

    @Test
    void validating_an_empty_database_says_what_to_do() {
        assertThatThrownBy(() -> JdbcJournal.on(source, JdbcOptions.defaults().withSchema(SchemaMode.VALIDATE)))
                .isInstanceOf(LanternException.class)
                .hasMessage("validating the journal's schema: version 0 is applied and version 2 is needed;"
                        + " open once with SchemaMode.CREATE, or run the rest of JdbcJournal.script(…)");
    }

    @Test
    void the_printed_script_makes_a_schema_that_validates_and_works() throws SQLException {
        try (Statement statement = keepsItAlive.createStatement()) {
            statement.execute(JdbcJournal.script("H2"));
        }

        try (Journal journal = JdbcJournal.on(source, JdbcOptions.defaults().withSchema(SchemaMode.VALIDATE))) {
            assertThat(journal.installation(SOON)).isNotBlank();
        }
    }

    @Test
    void a_newer_schema_is_refused_in_every_mode_that_looks() throws SQLException {
        JdbcJournal.migrate(source);
        run("insert into lantern_schema (version, name, checksum) values (3, 'future', 'x')");

        for (SchemaMode mode : List.of(SchemaMode.CREATE, SchemaMode.VALIDATE)) {
            assertThatThrownBy(
                            () -> JdbcJournal.on(source, JdbcOptions.defaults().withSchema(mode)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("its schema has version 3, made by a newer Lantern")
                    .hasMessageContaining("this one knows up to version 2")
                    .hasMessageContaining("upgrade this process");
        }
    }

    @Test
    void a_step_that_was_applied_from_another_script_is_refused() throws SQLException {
        JdbcJournal.migrate(source);
        run("update lantern_schema set checksum = 'changed'");

        for (SchemaMode mode : List.of(SchemaMode.CREATE, SchemaMode.VALIDATE)) {
            assertThatThrownBy(
                            () -> JdbcJournal.on(source, JdbcOptions.defaults().withSchema(mode)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("schema version 1 (journal)")
                    .hasMessageContaining("checksum changed, expected ");
        }
    }

    @Test
    void with_none_nothing_is_looked_at() throws SQLException {
        JdbcJournal.migrate(source);
        run("drop table lantern_schema");

        try (Journal journal = JdbcJournal.on(source, JdbcOptions.defaults().withSchema(SchemaMode.NONE))) {
            assertThat(journal.installation(SOON)).isNotBlank();
        }
    }

    @Test
    void the_schema_can_be_made_by_another_user_than_the_one_that_writes() throws SQLException {
        run("create user clerk password 'x'; alter user clerk admin true");
        TestSource clerk = new TestSource(source.url() + ";USER=clerk;PASSWORD=x");

        try (Journal journal = JdbcJournal.on(clerk, JdbcOptions.defaults().withMigrations(source))) {
            assertThat(journal.installation(SOON)).isNotBlank();
        }
    }

    @Test
    void an_unknown_database_is_refused_by_name() {
        assertThatThrownBy(() -> JdbcJournal.on(TestSource.pretending("getDatabaseProductName", "Derby")))
                .isInstanceOf(LanternException.class)
                .hasMessage("the journal has no schema for the database \"Derby\"; it knows H2, PostgreSQL");
        assertThatThrownBy(() -> JdbcJournal.script("Oracle"))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("\"Oracle\"");
    }

    @Test
    void an_h2_that_is_too_old_is_refused() {
        assertThatThrownBy(() -> JdbcJournal.on(TestSource.pretending("getDatabaseMinorVersion", 4)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("the journal needs H2 2.5 or newer")
                .hasMessageContaining("com.h2database:h2");
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = keepsItAlive.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = keepsItAlive.createStatement()) {
            statement.execute(sql);
        }
    }
}
