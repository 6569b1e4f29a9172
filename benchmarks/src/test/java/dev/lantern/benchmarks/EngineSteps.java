package dev.lantern.benchmarks;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Steps through the whole engine: instances whose steps were signed beforehand, as their pods would, and are verified,
 * decided and journaled by the host, each acknowledged before the next.
 */
final class EngineSteps {
    private static int used;

    private EngineSteps() {}

    /** Completed steps per second of so many runs of so many steps, all alive before the first. */
    static double perSecond(DataSource source, int runs, int steps) throws Exception {
        ScriptedInstances instances = ScriptedInstances.signedAhead(runs, steps, SampleEvents.BODY_BYTES);
        try (JdbcJournal journal = JdbcJournal.on(source);
                LanternRuntime runtime = Lantern.runtime()
                        .journal(journal)
                        .substrate(instances)
                        .heartbeat(Duration.ofMinutes(5), Duration.ofMinutes(30))
                        .start()) {
            List<CompletableFuture<RunStatus>> ends = new ArrayList<>();
            used++;
            for (int i = 0; i < runs; i++) {
                AgentRun run = Lantern.spawn(Specs.scripted())
                        .runId("run-" + used + "-" + i)
                        .on(runtime);
                ends.add(run.onEnd());
            }
            instances.awaitSteps();
            double took = Rounds.seconds(instances.firstStepAt());
            for (CompletableFuture<RunStatus> end : ends) {
                RunStatus status = end.get(5, TimeUnit.MINUTES);
                if (status != RunStatus.SUCCEEDED) {
                    throw new IllegalStateException("a run ended " + status);
                }
            }
            return runs * steps / took;
        }
    }
}
