package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Durability;
import dev.lantern.journal.EmbeddedJournalProvider;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.testkit.contract.JournalContract;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedJournalTest extends JournalContract {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path temporary;

    @Override
    protected Journal open() {
        return JdbcJournal.embedded(directory());
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(open());
    }

    private Path directory() {
        return temporary.resolve("journal of ours");
    }

    @Test
    void an_acknowledged_write_is_on_disk() {
        assertThat(journal().durability()).isEqualTo(Durability.DISK);
    }

    @Test
    void opening_again_ends_the_leases_of_every_earlier_host() {
        long first = journal().join("https://a:1", Duration.ofHours(1), SOON).host();
        RunRow row = create("acme/left", first);

        try (Journal again = reopen().orElseThrow()) {
            long next = again.join("https://a:1", Duration.ofHours(1), SOON).host();

            assertThat(again.claimLapsed(next, 10, SOON))
                    .extracting(RunRow::key)
                    .containsExactly(row.key());
            assertThat(again.renew(first, Duration.ofHours(1), SOON)).isEmpty();
        }
    }

    @Test
    void a_second_journal_on_the_directory_is_refused_and_the_first_works_on() {
        assertThatThrownBy(() -> JdbcJournal.embedded(directory()))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(directory().toString())
                .hasMessageContaining("another journal is open on this directory")
                .hasMessageContaining("JdbcJournal.on(dataSource)");

        create("acme/a", 1);
    }

    @Test
    void a_directory_that_h2_would_take_for_settings_is_refused() {
        assertThatThrownBy(() -> JdbcJournal.embedded(temporary.resolve("a;IFEXISTS=TRUE")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("semicolon");
        assertThat(temporary.resolve("a;IFEXISTS=TRUE")).doesNotExist();
    }

    @Test
    void a_path_that_is_a_file_is_refused_with_its_name() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> JdbcJournal.embedded(file))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_directory_made_by_the_journal_is_its_owners_alone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
    }

    @Test
    void no_trace_file_quotes_rows() throws IOException {
        create("acme/a", 1);
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("journal.mv.db", "journal.lock");
        }
    }

    @Test
    void the_file_stays_within_a_few_times_its_content_while_many_threads_write() throws Exception {
        journal().close();
        long smallest = 4_000_000;
        try (Journal small = JdbcJournal.embedded(temporary.resolve("small"), JdbcOptions.defaults(), smallest)) {
            long host = small.join("https://a:1", Duration.ofHours(1), SOON).host();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<RunRow>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                RunRef run = new RunRef("acme", "writer-" + i);
                writers.add(threads.submit(() -> appendOneByOne(small, host, run, 1000)));
            }
            for (Future<RunRow> writer : writers) {
                RunRow row = writer.get(120, TimeUnit.SECONDS);
                assertThat(small.find(row.run(), SOON)).contains(row);
                assertThat(small.read(row.key(), 0, 2000, SOON)).hasSize(1001);
            }
            threads.shutdown();
        }
        // Without compaction these 4,000 appends leave some 40 MB.
        assertThat(Files.size(temporary.resolve("small/journal.mv.db"))).isLessThan(16_000_000);
    }

    private static RunRow appendOneByOne(Journal journal, long host, RunRef run, int count) {
        CreateResult made = journal.create(List.of(TestEvents.create(run, host, "created")), SOON)
                .get(0);
        RunRow row = ((CreateResult.Created) made).row();
        for (int i = 0; i < count; i++) {
            Append append = TestEvents.append(row, "event " + i + " ".repeat(200));
            assertThat(journal.append(List.of(append), SOON))
                    .containsExactly(new AppendResult.Appended(append.after()));
            row = TestEvents.after(row, append);
        }
        return row;
    }

    @Test
    void module_and_class_path_offer_the_same_provider() throws IOException {
        String service = EmbeddedJournalProvider.class.getName();
        List<String> byModule = JdbcJournal.class.getModule().getDescriptor().provides().stream()
                .filter(provides -> provides.service().equals(service))
                .flatMap(provides -> provides.providers().stream())
                .toList();
        try (InputStream file = JdbcJournal.class.getResourceAsStream("/META-INF/services/" + service)) {
            List<String> byFile = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();

            assertThat(byModule)
                    .containsExactly(EmbeddedProvider.class.getName())
                    .isEqualTo(byFile);
        }
        try (Journal journal = new EmbeddedProvider().open(temporary.resolve("provided"))) {
            assertThat(journal.durability()).isEqualTo(Durability.DISK);
        }
    }

    @Test
    void erased_columns_come_back_as_erased_and_the_chain_stays() throws SQLException {
        RunRow row = create("acme/a", 1);
        Event event = TestEvents.event(
                row.head(), TestEvents.bytes("step"), Optional.of(new Event.Erasable(new byte[32], new byte[10])));
        journal().append(List.of(TestEvents.append(row, event)), SOON);

        sql("update lantern_event set salts = null, body = null, large_body = null where seq = 2");

        Event erased = journal().read(row.key(), 1, 1, SOON).get(0);
        assertThat(erased.erasable()).isEmpty();
        assertThat(erased).isEqualTo(event);
    }

    @Test
    void a_call_that_waits_for_a_lock_gives_up_in_time_and_loses_nothing() throws SQLException {
        RunRow row = create("acme/a", 1);
        Append append = TestEvents.append(row, "two");
        try (Connection rival = Embedded.in(directory()).open();
                Statement statement = rival.createStatement()) {
            rival.setAutoCommit(false);
            statement.execute("update lantern_head set status = 'PAUSED'");

            long begun = System.nanoTime();
            assertThatThrownBy(() -> journal().append(List.of(append), Duration.ofMillis(300)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("append to 1 runs: ")
                    .hasMessageContaining("SQLSTATE")
                    .hasMessageContaining("whether it took effect is not known");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(60));
            rival.rollback();
        }

        assertThat(journal().append(List.of(append), SOON)).containsExactly(new AppendResult.Appended(append.after()));
    }

    @Test
    void exceptions_show_no_values_of_rows() throws SQLException {
        RunRow row = create("acme/a", 1);
        // A row that should not be there: the insert behind a fence that holds then meets a duplicate key.
        sql(
                "insert into lantern_event (run_key, seq, bytes, hash) select run_key, 2, X'6361', hash from lantern_event");

        assertThatThrownBy(() -> journal().append(List.of(TestEvents.append(row, "canary")), SOON))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("SQLSTATE 23505")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("canary", "63616e617279", "6361", "VALUES"));
        assertThat(journal().find(row.run(), SOON)).contains(row);
    }

    @Test
    void a_closed_journal_refuses_and_names_the_call() {
        journal().close();

        assertThatThrownBy(() -> journal().find(new RunRef("acme", "a"), SOON))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("find run acme/a");
    }

    private RunRow create(String name, long host) {
        RunRef run = new RunRef(name.split("/")[0], name.split("/")[1]);
        CreateResult result = journal()
                .create(List.of(TestEvents.create(run, host, "created")), SOON)
                .get(0);
        return ((CreateResult.Created) result).row();
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = Embedded.in(directory()).open();
                Statement execute = connection.createStatement()) {
            execute.execute(statement);
        }
    }

    private static String stackTrace(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
