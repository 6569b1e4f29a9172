package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.InstanceTokens;
import dev.lantern.core.identity.TokenVerdict;
import dev.lantern.core.identity.TrustDomain;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.identity.KeyStore;
import dev.lantern.logs.LogLine;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod's harness as a process, and a runtime with an authority, over TLS: from the enrolment to the end. */
class HarnessOverTlsTest {
    private static final String CANARY = "canary-over-tls-4711";
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    @TempDir
    private Path directory;

    @Test
    void instance_enrols_is_certified_works_with_its_secret_and_delivers() throws Exception {
        int port = freePort();
        Path authority = directory.resolve("authority.keys");
        PodsAsProcesses pods = new PodsAsProcesses(directory.resolve("pods"));
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(new InMemoryJournal(Instant::now, "tls"))
                .substrate(pods)
                .gateway(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "https://127.0.0.1:" + port)
                .keys(FileKeyStore.openOrCreate(authority))
                .trustDomain("agents.example.com")
                .secrets(new InMemorySecretStore()
                        .put(new SecretPlace("default", "github"), CANARY.getBytes(StandardCharsets.UTF_8)))
                .start()) {
            AgentRun run = Lantern.spawn(spec()).runId("over-tls").on(runtime);

            assertThat(run.await()).isInstanceOf(RunResult.Succeeded.class);
            Wait.until(
                    "the seal",
                    () -> run.events().stream().anyMatch(event -> event.kind().equals("run_succeeded")));
            List<RunEvent> events = run.events();
            assertThat(events)
                    .extracting(RunEvent::kind)
                    .contains("instance_enrolled", "secret_vended", "result_ready", "lease_closed", "rotation_owed");
            assertThat(events).noneMatch(event -> event.json().contains(CANARY));
            assertThat(verified(authority, events)).isInstanceOf(TokenVerdict.Verified.class);
            List<String> lines = new ArrayList<>();
            run.logs().forEach((LogLine line) -> lines.add(line.text()));
            assertThat(lines).contains("it is [secret TOKEN]");
            assertThat(pods.harnessLog()).doesNotContain(CANARY);
        }
    }

    /** By the keys in the file, after the fact, and by nothing that the runtime says. */
    private static TokenVerdict verified(Path authority, List<RunEvent> events) {
        RunEvent enrolled = events.stream()
                .filter(event -> event.kind().equals("instance_enrolled"))
                .findFirst()
                .orElseThrow();
        Matcher token = TOKEN.matcher(enrolled.json());
        assertThat(token.find()).isTrue();
        try (KeyStore keys = FileKeyStore.open(authority)) {
            Authority reader = Authority.of(keys, new TrustDomain("agents.example.com"), Instant::now, byte[]::new);
            reader.refresh(java.time.Duration.ofSeconds(5));
            return InstanceTokens.verify(token.group(1), reader.trusted(), Instant.now());
        }
    }

    private static AgentSpec spec() {
        return AgentSpec.builder("triage")
                .image("registry.example/agent@sha256:" + "ab".repeat(32))
                .isolation(Isolation.TRUSTED)
                .command(List.of("/bin/true"))
                .secret(SecretRef.of("TOKEN", SecretUri.ofOwnTenant("github")))
                .build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
