package dev.lantern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Violation;
import dev.lantern.identity.KeyStore;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretRule;
import dev.lantern.secrets.SecretStore;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/identity.md and docs/secrets.md show of a runtime. */
class RuntimePagesTest {
    @TempDir
    private Path directory;

    @Test
    void keys_belong_to_the_runtime_that_was_given_them() {
        Journal journal = JdbcJournal.embedded(directory.resolve("journal"));
        Substrate substrate = LocalProcessSubstrate.in(directory.resolve("instances"));
        // tag::keys[]
        KeyStore keys = FileKeyStore.openOrCreate(directory.resolve("authority.keys"));
        LanternRuntime runtime = Lantern.runtime()
                .journal(journal)
                .substrate(substrate)
                .keys(keys)
                .trustDomain("agents.example.com")
                .start();
        // end::keys[]
        runtime.close();

        String id = keys.keys(Duration.ofSeconds(1)).get(0).keyId();
        assertThatThrownBy(() -> keys.sign(id, new byte[1], Duration.ofSeconds(1)))
                .isInstanceOf(LanternException.class);
    }

    @Test
    void policy_narrows_who_is_given_what() {
        SecretStore store = new InMemorySecretStore()
                .put(new SecretPlace("default", "github"), "s3cret".getBytes(StandardCharsets.UTF_8));
        Journal journal = JdbcJournal.embedded(directory.resolve("journal"));
        Substrate substrate = LocalProcessSubstrate.in(directory.resolve("instances"));
        // tag::leases[]
        SecretPolicy policy = SecretPolicy.defaults()
                .secret("github", SecretRule.any().agents("triage").classes(Isolation.TRUSTED, Isolation.STANDARD))
                .atMost(Isolation.HOSTILE, Duration.ofSeconds(30));
        LanternRuntime runtime = Lantern.runtime()
                .journal(journal)
                .substrate(substrate)
                .secrets(store)
                .secretPolicy(policy)
                .start();
        // end::leases[]
        try (runtime) {
            assertThat(runtime.preview(agent("triage"))).isInstanceOf(Decision.Admitted.class);
            assertThat(runtime.preview(agent("other")))
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.violations())
                                    .extracting(Violation::code)
                                    .containsExactly("secret-forbidden"));
        }
    }

    private static AgentSpec agent(String name) {
        return AgentSpec.builder(name)
                .image("registry.example/agent@sha256:" + "ab".repeat(32))
                .isolation(Isolation.TRUSTED)
                .command(List.of("/bin/true"))
                .secret(SecretRef.of("TOKEN", SecretUri.ofOwnTenant("github")))
                .build();
    }
}
