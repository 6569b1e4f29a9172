package dev.lantern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.crash.Wait;
import dev.lantern.secrets.SecretPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users of a real database: made for who asks, renewed, ended, and kept out afterwards. */
class CredentialsOnVaultTest extends VaultTest {
    private static final Duration SHORT = Duration.ofSeconds(3);

    @Test
    void credentials_open_the_database_until_they_are_revoked() throws Exception {
        Credentials credentials = issued();

        assertThat(credentials.ttl()).isEqualTo(TTL);
        assertThat(logsIn(credentials)).isTrue();
        assertThat(vault.database().login(credentials.user(), "another"))
                .as("else nobody would be asked for a password")
                .isEmpty();

        store.revoke(DATABASE, credentials.lease(), WITHIN);

        assertThat(vault.database().hasUser(credentials.user())).isFalse();
        assertThat(logsIn(credentials)).isFalse();
        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).isEmpty();
        store.revoke(DATABASE, credentials.lease(), WITHIN);
    }

    @Test
    void credentials_that_are_renewed_live_on_and_others_end_by_themselves() throws Exception {
        vault.credentials(SHORT, Duration.ofMinutes(1));
        Credentials forgotten = issued();
        Credentials renewed = issued();

        Wait.until("those that nobody renews are gone", () -> {
            assertThat(store.renew(DATABASE, renewed.lease(), SHORT, WITHIN)).contains(SHORT);
            return !vault.database().hasUser(forgotten.user());
        });

        assertThat(logsIn(renewed)).isTrue();
        assertThat(logsIn(forgotten)).isFalse();
        Wait.until("its lease has ended", () -> !isAlive(forgotten.lease()));
        assertThat(store.renew(DATABASE, forgotten.lease(), SHORT, WITHIN)).isEmpty();
        store.revoke(DATABASE, forgotten.lease(), WITHIN);
    }

    @Test
    void credentials_are_not_renewed_beyond_the_longest_life() throws Exception {
        vault.credentials(Duration.ofSeconds(2), Duration.ofSeconds(5));
        Credentials credentials = issued();
        long begun = System.nanoTime();

        Wait.until(
                "it is not renewed any more",
                () -> store.renew(DATABASE, credentials.lease(), TTL, WITHIN).isEmpty());

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(15));
        Wait.until("it has ended", () -> !vault.database().hasUser(credentials.user()));
    }

    @Test
    void what_was_wanted_shortens_a_renewal_and_the_cap_is_told() {
        Credentials credentials = issued();

        assertThat(store.renew(DATABASE, credentials.lease(), Duration.ofSeconds(20), WITHIN))
                .contains(Duration.ofSeconds(20));
        assertThat(store.renew(DATABASE, credentials.lease(), Duration.ofHours(5), WITHIN))
                .hasValueSatisfying(
                        time -> assertThat(time).isBetween(TTL.multipliedBy(4).minusSeconds(30), TTL.multipliedBy(4)));
    }

    @Test
    void credentials_end_with_the_token_that_had_them_made() throws Exception {
        Credentials credentials = issued();

        vault.server().revokeTokens();

        Wait.until("it has ended", () -> !vault.database().hasUser(credentials.user()));
        assertThat(logsIn(credentials)).isFalse();
        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).isEmpty();
        store.revoke(DATABASE, credentials.lease(), WITHIN);
        assertThat(logsIn(issued())).as("with a new token").isTrue();
    }

    @Test
    void credentials_outlive_a_closed_store_and_another_one_ends_them() throws Exception {
        Credentials credentials = issued();
        store.close();
        assertThat(logsIn(credentials)).isTrue();

        store = vault.store().build();

        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).contains(TTL);
        store.revoke(DATABASE, credentials.lease(), WITHIN);
        assertThat(logsIn(credentials)).isFalse();
    }

    @Test
    void database_that_is_away_is_an_exception_and_not_the_end_of_what_was_issued() throws Exception {
        Credentials credentials = issued();
        vault.database().lockOut();
        try {
            refused(() -> store.issue(DATABASE, TTL, SOON), "it could not answer (HTTP 500)");
            refused(() -> store.renew(DATABASE, credentials.lease(), TTL, SOON), "was refused (HTTP 400)");
            refused(() -> store.revoke(DATABASE, credentials.lease(), SOON), "was refused (HTTP 400)");
            assertThat(logsIn(credentials)).as("nothing has ended").isTrue();
        } finally {
            vault.database().letIn();
        }

        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).contains(TTL);
        store.revoke(DATABASE, credentials.lease(), WITHIN);
        assertThat(logsIn(credentials)).isFalse();
    }

    @Test
    void open_connections_are_ended_only_where_the_engine_is_told_to() throws Exception {
        Credentials left = issued();
        try (Connection open =
                vault.database().login(left.user(), left.password()).orElseThrow()) {
            store.revoke(DATABASE, left.lease(), WITHIN);
            assertThat(answers(open)).as("revoked, and connected").isTrue();
        }

        vault.credentials("acme", TTL, TTL, Map.of("revocation_statements", List.of(RealVault.revocationOfThePage())));
        Credentials ended = issued();
        try (Connection open =
                vault.database().login(ended.user(), ended.password()).orElseThrow()) {
            store.revoke(DATABASE, ended.lease(), WITHIN);
            assertThat(answers(open)).as("revoked, and terminated").isFalse();
        }
        assertThat(vault.database().hasUser(ended.user())).isFalse();
    }

    private static boolean answers(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException gone) {
            return false;
        }
    }

    @Test
    void role_that_the_engine_does_not_have_is_an_exception_that_says_where_to_look() {
        vault.server().must("DELETE", "lantern/acme/database/roles/app", Map.of());

        refused(() -> store.issue(DATABASE, TTL, WITHIN), "was refused (HTTP 400)");
    }

    @Test
    void path_that_makes_nothing_is_an_exception() throws Exception {
        vault.policy(RealVault.policyOfThePage());
        vault.put("acme", "static", "canary");
        try (var odd = vault.store()
                .dynamic("static", "secret/data/lantern/{tenant}/static")
                .build()) {
            refused(
                    () -> odd.issue(new SecretPlace("acme", "static"), TTL, WITHIN),
                    "answers no lease with a time under that path");
        }
    }
}
