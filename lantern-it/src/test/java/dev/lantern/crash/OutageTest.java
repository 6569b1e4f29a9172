package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.sim.ForwardingJournal;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is away for a moment is none of the host application's business. */
class OutageTest {
    @TempDir
    Path directory;

    @Test
    void waiting_for_a_run_outlasts_a_journal_that_is_away_for_a_moment() throws Exception {
        FailingJournal journal = new FailingJournal();
        try (LanternRuntime runtime = runtime(journal)) {
            AgentRun run = Lantern.spawn(spec()).on(runtime);
            journal.fails("find", 2);

            assertThat(run.await()).isInstanceOf(RunResult.Succeeded.class);
        }
        assertThat(journal.failuresLeft("find")).isZero();
    }

    @Test
    void leaving_is_tried_again_when_its_connection_turns_out_to_be_dead() {
        FailingJournal journal = new FailingJournal();
        try (LanternRuntime runtime = runtime(journal)) {
            assertThat(runtime.find("default", "nobody")).isEmpty();
            journal.fails("leave", 1);
        }
        assertThat(journal.failuresLeft("leave")).isZero();
    }

    private LanternRuntime runtime(FailingJournal journal) {
        return Lantern.runtime()
                .journal(journal)
                .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                .start();
    }

    private static AgentSpec spec() {
        return AgentSpec.builder("brief")
                .image("lantern/brief@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("true"))
                .build();
    }

    /** Fails the next calls of a kind, before they have any effect. */
    private static final class FailingJournal extends ForwardingJournal {
        private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();

        FailingJournal() {
            super(new InMemoryJournal(InstantSource.system(), "a test"));
        }

        void fails(String call, int times) {
            failures.put(call, new AtomicInteger(times));
        }

        int failuresLeft(String call) {
            return Math.max(0, failures.getOrDefault(call, new AtomicInteger()).get());
        }

        @Override
        protected <T> T around(String call, boolean writes, Supplier<T> forward) {
            if (failures.getOrDefault(call, new AtomicInteger()).getAndDecrement() > 0) {
                throw new LanternException(call + ": the connection was dead");
            }
            return super.around(call, writes, forward);
        }
    }
}
