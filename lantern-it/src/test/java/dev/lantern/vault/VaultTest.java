package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One server for the tests of a class, which each find it empty. */
@OnVault
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VaultTest {
    static final SecretPlace KEY = new SecretPlace("acme", "api-key");
    static final SecretPlace DATABASE = new SecretPlace("acme", "database");
    static final Duration TTL = Duration.ofMinutes(5);
    static final Duration WITHIN = Duration.ofSeconds(30);
    static final Duration SOON = Duration.ofSeconds(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    RealVault vault;
    VaultSecretStore store;

    @BeforeAll
    void startServer() throws Exception {
        vault = RealVault.start(directory);
    }

    @AfterAll
    void stopServer() {
        if (vault != null) {
            vault.close();
        }
    }

    @BeforeEach
    void openStore() throws Exception {
        vault.empty();
        vault.policy(RealVault.policyOfThePage());
        vault.role(Map.of("token_period", 3600));
        vault.credentials(TTL, TTL.multipliedBy(4));
        store = vault.store().build();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** Empty if there is none. */
    Optional<String> text(SecretPlace place) {
        return store.issue(place, TTL, WITHIN).map(issued -> {
            try (SecretValue value = issued.value()) {
                return new String(value.reveal(), UTF_8);
            }
        });
    }

    /** Credentials of the database, and the lease that they are under. */
    record Credentials(String user, String password, String lease, Duration ttl) {
        static Credentials of(IssuedSecret issued) {
            try (SecretValue value = issued.value()) {
                JsonNode json = JSON.readTree(value.reveal());
                return new Credentials(
                        json.path("username").asText(),
                        json.path("password").asText(),
                        issued.handle().orElseThrow(),
                        issued.ttl());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Credentials issued() {
        return Credentials.of(store.issue(DATABASE, TTL, WITHIN).orElseThrow());
    }

    boolean logsIn(Credentials credentials) throws SQLException {
        Optional<Connection> connection = vault.database().login(credentials.user(), credentials.password());
        if (connection.isPresent()) {
            connection.get().close();
        }
        return connection.isPresent();
    }

    boolean isAlive(String lease) {
        return vault.server()
                        .ask("PUT", "sys/leases/lookup", Map.of("lease_id", lease))
                        .code()
                == 200;
    }

    static void refused(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("secret acme/")
                .hasMessageContaining(why)
                .hasNoCause();
    }

    /** What the operator is told meanwhile. */
    static String logged(Runnable work) {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        String text = logged.toString(UTF_8);
        assertThat(text).as("nothing was logged").isNotEmpty();
        return text;
    }
}
