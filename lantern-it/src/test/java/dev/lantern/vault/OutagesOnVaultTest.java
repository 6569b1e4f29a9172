package dev.lantern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.secrets.VaultSecretStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that is sealed, stopped or killed, and comes back. */
class OutagesOnVaultTest extends VaultTest {

    @Test
    void sealed_server_is_an_exception_and_unsealed_one_goes_on_with_the_same_token() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        assertThat(text(KEY)).contains("s3cret");
        Credentials credentials = issued();
        long before = vault.logins();

        vault.server().seal();
        try {
            String sealed = "it is sealed or being maintained (HTTP 503)";
            refused(() -> store.issue(KEY, TTL, SOON), sealed);
            refused(() -> store.issue(DATABASE, TTL, SOON), sealed);
            refused(() -> store.renew(DATABASE, credentials.lease(), TTL, SOON), sealed);
            refused(() -> store.revoke(DATABASE, credentials.lease(), SOON), sealed);
            assertThat(logsIn(credentials)).as("nothing has ended").isTrue();
        } finally {
            vault.server().unseal();
        }

        assertThat(text(KEY)).contains("s3cret");
        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).contains(TTL);
        store.revoke(DATABASE, credentials.lease(), WITHIN);
        assertThat(logsIn(credentials)).isFalse();
        assertThat(vault.logins()).isEqualTo(before);
    }

    @Test
    void server_that_is_stopped_and_started_again_knows_what_it_had_made() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        Credentials credentials = issued();
        vault.server().stop();
        refused(() -> store.issue(KEY, TTL, SOON), "no answer (ConnectException)");

        vault.server().start();
        refused(() -> store.issue(KEY, TTL, SOON), "(HTTP 503)");
        vault.server().unseal();

        assertThat(text(KEY)).contains("s3cret");
        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).contains(TTL);
        store.revoke(DATABASE, credentials.lease(), WITHIN);
        assertThat(logsIn(credentials)).isFalse();
    }

    @Test
    void server_that_is_killed_comes_back_while_somebody_waits_for_it() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        Credentials credentials = issued();
        vault.server().kill();
        Thread restart = new Thread(() -> {
            try {
                vault.server().start();
                vault.server().unseal();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        restart.start();

        assertThat(text(KEY)).as("asked again until it answers").contains("s3cret");
        restart.join();
        store.revoke(DATABASE, credentials.lease(), Duration.ofSeconds(60));
        assertThat(logsIn(credentials)).isFalse();
    }

    @Test
    void server_whose_certificate_nobody_vouches_for_is_an_exception_and_is_shown_nothing() throws Exception {
        long before = vault.logins();
        Path others = VaultCertificates.in(Files.createDirectory(directory.resolve("others")))
                .authority();
        for (VaultSecretStore.Builder doubtful : List.of(
                vault.store().authorities(others),
                VaultSecretStore.at(vault.server().address()).login("jwt", "lantern", vault.token()))) {
            try (VaultSecretStore own = doubtful.build()) {
                refused(() -> own.issue(KEY, TTL, SOON), "no answer (SSLHandshakeException)");
            }
        }
        assertThat(vault.logins()).isEqualTo(before);
    }

    /** Whatever a test found, the next one finds a server that serves. */
    @AfterEach
    void serveAgain() throws Exception {
        if (vault.server().isDown()) {
            vault.server().start();
            vault.server().unseal();
        }
    }
}
