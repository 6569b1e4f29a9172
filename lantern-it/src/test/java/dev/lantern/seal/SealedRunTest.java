package dev.lantern.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.seal.EnvelopeSeal;
import dev.lantern.core.seal.FileKeyRing;
import dev.lantern.core.seal.KeyRing;
import dev.lantern.core.seal.Resealing;
import dev.lantern.core.seal.SealKey;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that handles canaries in every payload it has, and dies once between them. */
class SealedRunTest {
    private static final String OUTPUT =
            "canary-output after 2: \"canary-input\", canary-result, " + 6000 * "canary-large-result ".length();

    @TempDir
    Path directory;

    private Path keyFile;
    private AgentSpec spec;

    @BeforeEach
    void layOut() throws IOException {
        keyFile = directory.resolve("seal.keys");
        Path agent = directory.resolve("agent.sh");
        try (var script = SealedRunTest.class.getResourceAsStream("agent.sh")) {
            Files.copy(script, agent, StandardCopyOption.REPLACE_EXISTING);
        }
        spec = AgentSpec.builder("canary")
                .image("lantern/canary@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("sh", agent.toString()))
                .build();
    }

    @Test
    void no_payload_is_in_the_journals_files_or_in_what_is_logged() throws Exception {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            assertThat(run(sealing())).isEqualTo(OUTPUT);
        } finally {
            System.setErr(before);
        }

        assertThat(canariesIn(journal())).isEmpty();
        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain("canary-");
    }

    @Test
    @Tag("long")
    void no_payload_is_in_any_row_of_postgresql() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofMinutes(2))
                .start()) {
            DataSource sealed = server.getDatabase("postgres", "postgres");
            assertThat(run(sealing(), JdbcJournal.on(sealed))).isEqualTo(OUTPUT);
            assertThat(canariesIn(rows(sealed))).isEmpty();

            try (Connection connection = sealed.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database unsealed");
            }
            DataSource unsealed = server.getDatabase("postgres", "unsealed");
            assertThat(run(Lantern.runtime(), JdbcJournal.on(unsealed))).isEqualTo(OUTPUT);
            assertThat(canariesIn(rows(unsealed)))
                    .as("else nothing would be found above either")
                    .contains("canary-input", "canary-result", "canary-large-result", "canary-output");
        }
    }

    /** Else the first test could not fail. */
    @Test
    void without_a_seal_every_one_of_them_is_found() throws Exception {
        assertThat(run(Lantern.runtime())).isEqualTo(OUTPUT);

        assertThat(canariesIn(journal()))
                .contains("canary-input", "canary-result", "canary-large-result", "canary-output");
    }

    @Test
    void a_change_of_keys_loses_nothing_and_a_lost_key_is_named() throws Exception {
        run(sealing());
        FileKeyRing keys = FileKeyRing.open(keyFile);
        String former = keys.current().id();
        String current = keys.rotate();
        assertThat(output(sealing())).isEqualTo(OUTPUT);

        // tag::rotate[]
        try (Journal journal = JdbcJournal.embedded(journal());
                EnvelopeSeal seal = EnvelopeSeal.under(keys)) {
            Resealing.Report report = Resealing.of(journal, seal).run();
            if (report.isComplete()) {
                keys.forget(former);
            }
        }
        // end::rotate[]

        assertThat(FileKeyRing.open(keyFile).ids()).containsExactly(current);
        assertThat(output(sealing())).isEqualTo(OUTPUT);

        SealKey other = SealKey.of("other", new byte[SealKey.LENGTH]);
        assertThatThrownBy(() -> output(Lantern.runtime().seal(EnvelopeSeal.under(KeyRing.of(other)))))
                .isInstanceOf(LanternException.class)
                .satisfies(failure -> {
                    StringWriter shown = new StringWriter();
                    failure.printStackTrace(new PrintWriter(shown));
                    assertThat(shown.toString())
                            .contains("sealed under key \"" + current + "\", which is not on the key ring")
                            .doesNotContain("canary-");
                });
    }

    @Test
    void a_journal_that_is_older_than_its_seal_is_sealed_when_the_operator_says_so() throws Exception {
        run(Lantern.runtime());

        assertThatThrownBy(() -> output(sealing()))
                .isInstanceOf(LanternException.class)
                .hasStackTraceContaining("stand unsealed and this runtime has a seal");

        // tag::introduce[]
        LanternRuntime.Builder builder =
                Lantern.runtime().sealFromNowOn(EnvelopeSeal.under(FileKeyRing.openOrCreate(keyFile)));
        // end::introduce[]
        assertThat(output(builder)).isEqualTo(OUTPUT);

        try (Journal journal = JdbcJournal.embedded(journal());
                EnvelopeSeal seal = EnvelopeSeal.under(FileKeyRing.open(keyFile))) {
            assertThat(Resealing.of(journal, seal).withUnsealed().run().isComplete())
                    .isTrue();
        }
        assertThat(output(sealing())).isEqualTo(OUTPUT);
        assertThatThrownBy(() -> output(Lantern.runtime()))
                .hasStackTraceContaining("are sealed and this runtime has no seal");
    }

    private LanternRuntime.Builder sealing() {
        // tag::seal[]
        LanternRuntime.Builder builder = Lantern.runtime().seal(EnvelopeSeal.under(FileKeyRing.openOrCreate(keyFile)));
        // end::seal[]
        return builder;
    }

    private String run(LanternRuntime.Builder builder) throws Exception {
        return run(builder, JdbcJournal.embedded(journal()));
    }

    private String run(LanternRuntime.Builder builder, Journal journal) throws Exception {
        try (LanternRuntime runtime = started(builder, journal)) {
            AgentRun run =
                    Lantern.spawn(spec).runId("canary").input("canary-input").on(runtime);
            assertThat(run.onEnd().get()).isEqualTo(RunStatus.SUCCEEDED);
            return text(run.await());
        }
    }

    /** Of the run that stands, as another runtime reads it. */
    private String output(LanternRuntime.Builder builder) throws Exception {
        try (LanternRuntime runtime = started(builder, JdbcJournal.embedded(journal()))) {
            return text(runtime.find("default", "canary").orElseThrow().await());
        }
    }

    private LanternRuntime started(LanternRuntime.Builder builder, Journal journal) {
        return builder.journal(journal)
                .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                .start();
    }

    private Path journal() {
        return directory.resolve("journal");
    }

    private static String text(RunResult result) {
        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        Payload output = ((RunResult.Succeeded) result).output();
        return new String(output.bytes(), StandardCharsets.UTF_8);
    }

    /** Every row of every table, as text; bytes in hexadecimal. */
    private static String rows(DataSource source) throws SQLException {
        StringBuilder all = new StringBuilder();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(
                    "select table_name from information_schema.tables where table_name like 'lantern%'")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            assertThat(tables).contains("lantern_event", "lantern_opening");
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        all.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return all.toString();
    }

    private static List<String> canariesIn(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return canariesIn(all.toString());
    }

    /** In every form that bytes are likely to be kept in. */
    private static List<String> canariesIn(String bytes) {
        List<String> found = new ArrayList<>();
        for (String canary :
                List.of("canary-input", "canary-step-input", "canary-result", "canary-large-result", "canary-output")) {
            byte[] plain = canary.getBytes(StandardCharsets.UTF_8);
            String utf16 = new String(canary.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(plain);
            String hex = HexFormat.of().formatHex(plain);
            if (Stream.of(canary, utf16, base64, hex).anyMatch(bytes::contains)) {
                found.add(canary);
            }
        }
        return found;
    }
}
