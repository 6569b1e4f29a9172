package dev.lantern.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.agent.harness.HeldSecret;
import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.logs.FileLogStore;
import dev.lantern.core.logs.LogLimits;
import dev.lantern.core.secrets.Masks;
import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunSummary;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretValue;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import dev.lantern.testkit.secrets.FakeVault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run with a static and a dynamic secret, whose agent writes both into its lines in every spelling, on a store that fails
 * now and then and shows the values when it does. Then every place that outlives a lease is searched.
 *
 * <p>What is logged is searched as far as it is logged in this JVM: from INFO on. There are no spans, metrics and receipts yet.
 */
class CanaryTest {
    private static final int FEWEST_PLACES = 150;
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Canary API_KEY = new Canary("Xq7#vTz9/Lm2\"Rk4&8+Yd1\\Wp5\nBn3=Kc6;Ug0%Sj7");
    private static final Canary PASSWORD = new Canary("Pv4zTq8Lw3Rb6Mx1Ke9Hs5");
    private static final String ENTRY = "{\"value\":\"Xq7#vTz9/Lm2\\\"Rk4&8+Yd1\\\\Wp5\\nBn3=Kc6;Ug0%Sj7\"}";
    private static final String CREDENTIALS = "lantern/default/database/creds/app";

    private final Map<String, byte[]> places = new LinkedHashMap<>();

    @TempDir
    Path directory;

    @Test
    void value_is_in_no_place_that_outlives_its_lease() throws Exception {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, UTF_8));
        try (FakeVault vault = vault()) {
            runs(vault);
            failures(vault);
        } finally {
            System.setErr(before);
        }
        place("what was logged", logged.toByteArray());
        files("journal");
        files("logs");
        files("instances");

        places.forEach((where, bytes) -> {
            assertThat(API_KEY.in(bytes))
                    .as("spellings of the static secret in %s", where)
                    .isEmpty();
            assertThat(PASSWORD.in(bytes))
                    .as("spellings of the dynamic secret in %s", where)
                    .isEmpty();
        });
        System.out.println("CanaryTest: " + places.size() + " places searched, "
                + places.values().stream().mapToLong(bytes -> bytes.length).sum() + " bytes");
        assertThat(places).hasSizeGreaterThanOrEqualTo(FEWEST_PLACES);
        assertThat(logged.toString(UTF_8))
                .as("else there was nothing to search")
                .contains("lantern");
        assertTheAgentSpelledThem();
    }

    private void runs(FakeVault vault) throws Exception {
        LanternRuntime.Builder builder = Lantern.runtime()
                .journal(JdbcJournal.embedded(directory.resolve("journal")))
                .logs(new FileLogStore(directory.resolve("logs"), LogLimits.defaults(), SystemInstants.source()))
                .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                .secrets(store(vault))
                .secretPolicy(SecretPolicy.defaults());
        AgentSpec spec = spec();
        try (LanternRuntime runtime = builder.start()) {
            shown("builder", builder);
            shown("runtime", runtime);
            shown("spec", spec);
            shown("preview", runtime.preview(spec));
            shown("preflight", runtime.preflight());
            vault.next(showing(400), showing(418));

            AgentRun run = Lantern.spawn(spec).runId("canary").on(runtime);
            List<String> lines = new ArrayList<>();
            run.logs().forEach(line -> {
                shown("line", line);
                lines.add(line.text());
            });

            RunResult result = run.await();
            assertThat(result).isInstanceOf(RunResult.Succeeded.class);
            assertThat(run.onEnd().get()).isEqualTo(RunStatus.SUCCEEDED);
            place("all lines", String.join("\n", lines).getBytes(UTF_8));
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("API_KEY in hex: ") && line.contains("[secret API_KEY]"));
            shown("result", result);
            objectsOf(run, runtime);
        }
    }

    private void objectsOf(AgentRun run, LanternRuntime runtime) throws IOException {
        shown("run", run);
        shown("reference", run.ref());
        shown("usage", run.usage());
        shown("verdict", run.verify());
        shown("logs", run.logs());
        List<RunEvent> events = run.events();
        assertThat(events)
                .extracting(RunEvent::kind)
                .contains("secret_vended", "step_failed", "instance_lost", "lease_closed", "rotation_owed");
        for (RunEvent event : events) {
            shown("event " + event.seq(), event);
            place("event " + event.seq() + " as it is hashed", event.json().getBytes(UTF_8));
        }
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        run.export(exported);
        place("the exported journal", exported.toByteArray());
        shown("page", runtime.runs(RunQuery.all()));
        for (RunSummary summary : runtime.runs(RunQuery.all()).runs()) {
            shown("summary", summary);
        }
    }

    /** Objects that hold a value, and what a store throws that was told one where it did not belong. */
    private void failures(FakeVault vault) {
        try (VaultSecretStore store = store(vault)) {
            shown("store", store);
            for (SecretPlace from :
                    List.of(new SecretPlace("default", "api"), new SecretPlace("default", "database"))) {
                IssuedSecret issued = store.issue(from, WITHIN, WITHIN).orElseThrow();
                byte[] bytes = issued.value().reveal();
                Confidential confidential = Confidential.of(bytes);
                shown("issued " + from, issued);
                shown("value " + from, issued.value());
                shown("in a call " + from, confidential);
                shown("reply " + from, new GatewayReply.Vended("1-r1", confidential, WITHIN));
                shown("held " + from, new HeldSecret("API_KEY", Optional.of(confidential), WITHIN));
                shown(
                        "masks " + from,
                        Masks.builder().add("API_KEY", SecretValue.of(bytes)).build());
                issued.value().close();
                thrown("read after its end " + from, () -> issued.value().reveal());
                for (int code : List.of(301, 400, 418)) {
                    vault.next(showing(code));
                    thrown("answer " + code + " of " + from, () -> store.issue(from, WITHIN, WITHIN));
                }
            }
        }
    }

    private void thrown(String where, ThrowingCallable call) {
        assertThatThrownBy(call).as(where).isInstanceOf(RuntimeException.class).satisfies(failure -> {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            place(where, trace.toString().getBytes(UTF_8));
        });
    }

    /** An answer that nobody expects, with both values in it. */
    private static FakeVault.Answer showing(int code) {
        return new FakeVault.Answer(
                code,
                "{\"errors\":[\"" + new String(API_KEY.bytes(), UTF_8).replaceAll("[\\\\\"\n]", " ") + " "
                        + new String(PASSWORD.bytes(), UTF_8) + "\"]}",
                Map.of());
    }

    private static FakeVault vault() {
        FakeVault vault = FakeVault.start();
        vault.put("lantern/default/api", ENTRY);
        vault.engine(
                CREDENTIALS,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                number -> "{\"password\":\"" + new String(PASSWORD.bytes(), UTF_8) + "\",\"username\":\"v-lantern-"
                        + number + "\"}");
        return vault;
    }

    private static VaultSecretStore store(FakeVault vault) {
        return VaultSecretStore.at(vault.address())
                .token(vault.token("secret/data/lantern/default/", "lantern/default/", "sys/leases/"))
                .dynamic("database", "lantern/{tenant}/database/creds/app")
                .build();
    }

    private AgentSpec spec() throws IOException {
        Path agent = directory.resolve("agent.sh");
        try (InputStream script = CanaryTest.class.getResourceAsStream("agent.sh")) {
            Files.copy(script, agent);
        }
        Path kept = Files.createDirectory(directory.resolve("kept"));
        return AgentSpec.builder("canary")
                .image("lantern/canary@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("sh", agent.toString(), kept.toString()))
                .secret(SecretRef.of("API_KEY", SecretUri.ofOwnTenant("api")))
                .secret(SecretRef.of("DATABASE", SecretUri.ofOwnTenant("database")))
                .build();
    }

    private void files(String part) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(part))) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            place("the names of " + part, found.toString().getBytes(UTF_8));
            for (Path file : found) {
                place("file " + directory.relativize(file), Files.readAllBytes(file));
            }
            assertThat(part.equals("instances") || !found.isEmpty()).as(part).isTrue();
        }
    }

    private void shown(String what, Object object) {
        place(what + " as text", String.valueOf(object).getBytes(UTF_8));
    }

    /** Several of one name are one place each. */
    private void place(String where, byte[] bytes) {
        places.put((places.size() + 1) + ". " + where, bytes);
    }

    /** Else nothing would be found anywhere: the same search finds each spelling in what the agent wrote. */
    private void assertTheAgentSpelledThem() throws IOException {
        for (int epoch = 1; epoch <= 2; epoch++) {
            byte[] written = Files.readAllBytes(directory.resolve("kept/lines." + epoch));
            assertThat(API_KEY.in(written)).containsExactly("JSON", "URL", "as it is", "base64", "hex");
            assertThat(PASSWORD.in(written)).containsExactly("JSON", "URL", "as it is", "base64", "hex");
            for (String line : new String(written, UTF_8).lines().toList()) {
                if (line.startsWith("API_KEY in") && !line.endsWith(":")) {
                    assertThat(API_KEY.inText(line))
                            .as(line.substring(0, line.indexOf(':')))
                            .isNotEmpty();
                }
            }
        }
    }
}
