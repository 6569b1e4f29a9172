package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.crash.Wait;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent with credentials of a real database, from the lease's first second to the end that its run gives it. */
class RunOnVaultTest extends VaultTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIFE = Duration.ofSeconds(4);
    private static final String RENEWALS = "sys/leases/renew/";
    private static final String REVOCATIONS = "sys/leases/revoke/";

    @TempDir
    Path here;

    private LanternRuntime runtime;

    @BeforeEach
    void startRuntime() {
        vault.credentials(LIFE, Duration.ofMinutes(5));
        runtime = Lantern.runtime()
                .journal(JdbcJournal.embedded(here.resolve("journal")))
                .substrate(LocalProcessSubstrate.in(here.resolve("instances")))
                .secrets(store)
                .start();
    }

    @AfterEach
    void closeRuntime() {
        runtime.close();
    }

    @Test
    void credentials_work_while_the_agent_runs_and_their_user_is_gone_when_it_has_ended() throws Exception {
        long before = vault.server().asked("update", RENEWALS);
        long ended = vault.server().asked("update", REVOCATIONS);
        AgentRun run =
                Lantern.spawn(spec()).tenant(DATABASE.tenant()).runId("queries").on(runtime);
        Wait.until("the agent has its credentials", () -> Files.exists(here.resolve("credentials")));
        JsonNode given = JSON.readTree(Files.readAllBytes(here.resolve("credentials")));
        Credentials credentials = new Credentials(
                given.path("username").asText(), given.path("password").asText(), "", LIFE);
        assertThat(logsIn(credentials)).isTrue();
        Wait.until("the lease was renewed, and again", () -> vault.server().asked("update", RENEWALS) - before >= 3);
        assertThat(logsIn(credentials)).as("behind its first life").isTrue();
        assertThat(vault.database().users()).as("one lease, one user").isEqualTo(1);

        Files.createFile(here.resolve("finish"));

        assertThat(run.await())
                .isInstanceOfSatisfying(
                        RunResult.Succeeded.class,
                        success -> assertThat(new String(success.output().bytes(), UTF_8))
                                .isEqualTo("done"));
        assertThat(run.onEnd().get()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(vault.database().hasUser(credentials.user())).isFalse();
        assertThat(logsIn(credentials)).isFalse();
        assertThat(vault.server().asked("update", REVOCATIONS)).isEqualTo(ended + 1);
        assertThat(run.events())
                .extracting(RunEvent::kind)
                .contains("secret_vended", "lease_closed")
                .doesNotContain("rotation_owed");
        assertThat(run.events()).allSatisfy(event -> assertThat(event.json()).doesNotContain(credentials.password()));
    }

    @Test
    void agent_that_is_killed_leaves_no_user_behind() throws Exception {
        AgentRun run =
                Lantern.spawn(spec()).tenant(DATABASE.tenant()).runId("killed").on(runtime);
        Wait.until("the agent has its credentials", () -> Files.exists(here.resolve("credentials")));
        assertThat(vault.database().users()).isEqualTo(1);

        run.cancel("not wanted any more");

        assertThat(run.onEnd().get()).isEqualTo(RunStatus.CANCELLED);
        assertThat(vault.database().users()).isZero();
    }

    private AgentSpec spec() throws IOException {
        Path agent = here.resolve("agent.sh");
        try (InputStream script = RunOnVaultTest.class.getResourceAsStream("agent.sh")) {
            Files.copy(script, agent);
        }
        return AgentSpec.builder("queries")
                .image("lantern/queries@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("sh", agent.toString(), here.toString()))
                .secret(SecretRef.of("DATABASE", SecretUri.ofOwnTenant(DATABASE.key()))
                        .ttl(LIFE.toSeconds() + "s"))
                .build();
    }
}
