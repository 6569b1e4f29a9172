package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's processes are ended in the middle of appends, without a checkpoint, and it is started again. */
@Tag("long")
class PostgresKillTest {
    private static final int KILLS = Integer.getInteger("lantern.kills", 3);
    private static final int WRITERS = 4;
    private static final int FEWEST_ACKNOWLEDGED_PER_KILL = 40;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void nothing_acknowledged_is_lost_when_the_server_is_killed() throws Exception {
        List<Writer> writers = new ArrayList<>();
        int acknowledged = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            EmbeddedPostgres server = start();
            try (HikariDataSource pool = pool(server);
                    Journal journal = JdbcJournal.on(pool)) {
                if (writers.isEmpty()) {
                    writers.addAll(writers(journal));
                }
                writers.forEach(writer -> writer.verify(journal));
                acknowledged += writeUntilKilled(journal, writers);
            } finally {
                server.close();
            }
        }
        EmbeddedPostgres server = start();
        try (HikariDataSource pool = pool(server);
                Journal journal = JdbcJournal.on(pool)) {
            writers.forEach(writer -> writer.verify(journal));
        } finally {
            server.close();
        }
        assertThat(acknowledged).isGreaterThan(KILLS * FEWEST_ACKNOWLEDGED_PER_KILL);
        System.out.printf("PostgreSQL: %d kills, %d acknowledged appends, 0 lost%n", KILLS, acknowledged);
    }

    private static List<Writer> writers(Journal journal) {
        long host = journal.join("https://host:1", Duration.ofHours(1), SOON).host();
        List<Create> group = IntStream.range(0, WRITERS)
                .mapToObj(i -> TestEvents.create(new RunRef("kill", "run-" + i), host, "created"))
                .toList();
        return journal.create(group, SOON).stream()
                .map(result -> new Writer(((CreateResult.Created) result).row()))
                .toList();
    }

    private int writeUntilKilled(Journal journal, List<Writer> writers) throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Writer writer : writers) {
                running.add(threads.submit(() -> writer.write(journal, acknowledged)));
            }
            while (acknowledged.get() < 2 * FEWEST_ACKNOWLEDGED_PER_KILL
                    && running.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
            kill();
            for (Future<?> end : running) {
                end.get(5, TimeUnit.MINUTES);
            }
            return acknowledged.get();
        } finally {
            threads.shutdownNow();
        }
    }

    private EmbeddedPostgres start() throws Exception {
        return PostgresServer.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .start();
    }

    private static HikariDataSource pool(EmbeddedPostgres server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(WRITERS + 1);
        config.setConnectionTimeout(2_000);
        return new HikariDataSource(config);
    }

    /** What {@code pg_ctl stop -m immediate} does. */
    private void kill() throws Exception {
        long pid = Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
        postmaster.onExit().get(1, TimeUnit.MINUTES);
    }

    /** The only writer of one run; remembers what was acknowledged, and the append of which nothing is known. */
    private static final class Writer {
        private final List<Event> acknowledged = new ArrayList<>();
        private RunRow row;
        private @Nullable Append unknown;

        Writer(RunRow row) {
            this.row = row;
        }

        void write(Journal journal, AtomicInteger count) {
            try {
                while (true) {
                    Append append =
                            TestEvents.append(row, "event " + (row.head().seq() + 1));
                    unknown = append;
                    assertThat(journal.append(List.of(append), SOON).get(0)).isInstanceOf(AppendResult.Appended.class);
                    written(append);
                    count.incrementAndGet();
                }
            } catch (LanternException e) {
                // The server is gone; what became of the append is asked when it is back.
            }
        }

        void verify(Journal journal) {
            if (unknown != null) {
                assertThat(journal.append(List.of(unknown), SOON).get(0))
                        .isInstanceOfAny(AppendResult.Appended.class, AppendResult.Replayed.class);
                written(unknown);
            }
            List<Event> events = journal.read(row.key(), 1, Integer.MAX_VALUE, SOON);
            assertThat(events).isEqualTo(acknowledged);
            Head at = TestEvents.next(TestEvents.genesis(row.run()), TestEvents.bytes("created"));
            for (Event event : events) {
                at = TestEvents.next(at, event.bytes());
            }
            assertThat(journal.find(row.run(), SOON).orElseThrow().head()).isEqualTo(at);
        }

        private void written(Append append) {
            acknowledged.addAll(append.events());
            row = TestEvents.after(row, append);
            unknown = null;
        }
    }
}
