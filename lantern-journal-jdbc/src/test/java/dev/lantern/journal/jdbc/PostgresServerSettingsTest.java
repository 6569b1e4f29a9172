package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Durability;
import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that were started with what the journal refuses: {@link PostgresSettingsTest} has it in sessions. */
@Tag("long")
class PostgresServerSettingsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void a_server_with_fsync_off_is_refused_unless_the_death_of_the_process_is_all_that_has_to_be_survived()
            throws Exception {
        try (EmbeddedPostgres server = started("fsync", "off")) {
            TestSource source = source(server);

            assertThatThrownBy(() -> JdbcJournal.on(source))
                    .isInstanceOf(LanternException.class)
                    .hasMessage("opening the journal with durability DISK: this server runs with fsync = off and may"
                            + " lose acknowledged commits when its machine dies; set fsync = on, or ask for durability"
                            + " PROCESS");
            try (Journal journal = JdbcJournal.on(source, JdbcOptions.defaults().withDurability(Durability.PROCESS))) {
                assertThat(journal.durability()).isEqualTo(Durability.PROCESS);
                long host = journal.join("https://host:1", SOON, SOON).host();
                assertThat(journal.create(List.of(TestEvents.create(new RunRef("acme", "a"), host, "created")), SOON))
                        .singleElement()
                        .isInstanceOf(CreateResult.Created.class);
            }
        }
    }

    /** Not even PROCESS: a server that is killed loses the last commits that it acknowledged. */
    @Test
    void a_server_with_synchronous_commit_off_is_refused_whatever_has_to_be_survived() throws Exception {
        try (EmbeddedPostgres server = started("synchronous_commit", "off")) {
            for (Durability wanted : List.of(Durability.DISK, Durability.PROCESS)) {
                assertThatThrownBy(() -> JdbcJournal.on(
                                source(server), JdbcOptions.defaults().withDurability(wanted)))
                        .as(wanted.toString())
                        .isInstanceOf(LanternException.class)
                        .hasMessageContaining("opening the journal on a data source")
                        .hasMessageContaining("this session has synchronous_commit = off and would acknowledge commits"
                                + " that are not on disk; any other value is allowed")
                        .hasMessageContaining("Remove the setting from role, database and server");
            }
        }
    }

    @Test
    void a_server_whose_transactions_are_stricter_is_refused() throws Exception {
        try (EmbeddedPostgres server = started("default_transaction_isolation", "repeatable\\ read")) {
            assertThatThrownBy(() -> JdbcJournal.on(source(server)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("opening the journal on a data source")
                    .hasMessageContaining("this session's transactions are repeatable read")
                    .hasMessageContaining("only read committed is allowed")
                    .hasMessageContaining("default_transaction_isolation from role, database and server");
        }
    }

    private static EmbeddedPostgres started(String setting, String value) throws Exception {
        return PostgresServer.builder().setServerConfig(setting, value).start();
    }

    private static TestSource source(EmbeddedPostgres server) {
        return new TestSource(server.getJdbcUrl("postgres", "postgres"));
    }
}
