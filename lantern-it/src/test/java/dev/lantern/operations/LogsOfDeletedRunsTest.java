package dev.lantern.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.journal.jdbc.JdbcLogStore;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.retention.ArchiveDirectory;
import dev.lantern.retention.RetentionRule;
import dev.lantern.run.AgentRun;
import dev.lantern.run.Retained;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.sim.ForwardingJournal;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents wrote goes with their runs: the journal and the log store on one real database. */
class LogsOfDeletedRunsTest {
    @TempDir
    Path directory;

    private final DataSource source = Databases.postgres();
    private final AtomicInteger disposalsToFail = new AtomicInteger();
    private final AtomicInteger deletionsToFail = new AtomicInteger();
    private LanternRuntime runtime;
    private LogStore lines;

    @BeforeEach
    void start() {
        lines = JdbcLogStore.on(source);
        runtime = Lantern.runtime()
                .journal(new FailingJournal(JdbcJournal.on(source)))
                .logs(new FailingLogs(lines))
                .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                .start();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void deleted_and_archived_runs_lose_their_lines_and_erased_ones_keep_them() throws Exception {
        AgentRun erased = ended("acme", "erased");
        AgentRun deleted = ended("umbrella", "deleted");
        AgentRun archived = ended("initech", "archived");

        runtime.retention().erase("acme", "erased", "asked for");
        runtime.retention().delete(rule("umbrella"));
        runtime.retention().archive(rule("initech"), ArchiveDirectory.in(directory.resolve("archive")));

        assertThat(kept(erased)).containsExactly("a line of erased");
        assertThat(kept(deleted)).isEmpty();
        assertThat(kept(archived)).isEmpty();
        assertThat(erased.retained()).isEqualTo(Retained.CHAIN);
        assertThat(deleted.retained()).isEqualTo(Retained.TOMBSTONE);
        assertThat(archived.retained()).isEqualTo(Retained.TOMBSTONE);
    }

    @Test
    void what_dies_between_lines_and_run_leaves_the_run_and_the_next_sweep_takes_it() throws Exception {
        AgentRun run = ended("acme", "a");
        disposalsToFail.set(1);

        assertThatThrownBy(() -> runtime.retention().delete(rule("acme")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("the test cut the connection");

        assertThat(kept(run)).isEmpty();
        assertThat(run.retained()).isEqualTo(Retained.WHOLE);
        assertThat(runtime.retention().delete(rule("acme")).done()).isEqualTo(1);
        assertThat(run.retained()).isEqualTo(Retained.TOMBSTONE);
    }

    @Test
    void a_log_store_that_deletes_nothing_stops_the_sweep_and_no_run_is_deleted_without_its_lines() throws Exception {
        AgentRun run = ended("acme", "a");
        deletionsToFail.set(1);

        assertThatThrownBy(() -> runtime.retention().delete(rule("acme")))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("the test's log store is away");

        assertThat(run.retained()).isEqualTo(Retained.WHOLE);
        assertThat(kept(run)).containsExactly("a line of a");
        assertThat(runtime.retention().delete(rule("acme")).done()).isEqualTo(1);
        assertThat(kept(run)).isEmpty();
    }

    private AgentRun ended(String tenant, String id) throws Exception {
        AgentSpec spec = AgentSpec.builder("brief")
                .image("lantern/brief@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("sh", "-c", "echo a line of " + id))
                .build();
        AgentRun run = Lantern.spawn(spec).tenant(tenant).runId(id).on(runtime);
        assertThat(run.onEnd().get(60, TimeUnit.SECONDS)).isEqualTo(RunStatus.SUCCEEDED);
        List<String> shown = new ArrayList<>();
        run.logs().forEach(line -> shown.add(line.text()));
        assertThat(shown).containsExactly("a line of " + id);
        return run;
    }

    private List<String> kept(AgentRun run) {
        return lines.read(run.ref(), "", 100).stream().map(LogLine::text).toList();
    }

    private static RetentionRule rule(String tenant) {
        return RetentionRule.closedFor(Duration.ZERO, "over").of(RunQuery.all().tenant(tenant));
    }

    private final class FailingJournal extends ForwardingJournal {
        FailingJournal(Journal inner) {
            super(inner);
        }

        @Override
        public List<DisposalResult> dispose(List<Disposal> group, Duration within) {
            if (disposalsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new LanternException("the test cut the connection before the statement");
            }
            return super.dispose(group, within);
        }
    }

    private final class FailingLogs implements LogStore {
        private final LogStore inner;

        FailingLogs(LogStore inner) {
            this.inner = inner;
        }

        @Override
        public void append(List<LogEntry> entries) {
            inner.append(entries);
        }

        @Override
        public List<LogLine> read(RunRef run, String after, int max) {
            return inner.read(run, after, max);
        }

        @Override
        public void delete(List<RunRef> runs, Duration within) {
            if (deletionsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new LanternException("the test's log store is away");
            }
            inner.delete(runs, within);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
