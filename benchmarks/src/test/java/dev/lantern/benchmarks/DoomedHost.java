package dev.lantern.benchmarks;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A host in a process of its own: carries many runs through some steps, says so, and goes on living until it is
 * killed.
 */
public final class DoomedHost {
    static final String READY = "ready";
    private static final int SPAWNERS = 16;

    private DoomedHost() {}

    /** Arguments: the database's URL, how many runs, how many steps each. */
    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        ScriptedInstances instances = new ScriptedInstances(runs, steps, SampleEvents.BODY_BYTES, false);
        LanternRuntime runtime = Lantern.runtime()
                .journal(JdbcJournal.on(Pools.of(args[0])))
                .substrate(instances)
                .heartbeat(Duration.ofMinutes(5), Duration.ofMinutes(30))
                .start();
        spawn(runtime, runs);
        instances.awaitSteps();
        System.out.println(READY);
        // Killed here. Should whoever started this die first, the pipe ends and so does this.
        awaitEnd(System.in);
        System.exit(1);
    }

    private static void spawn(LanternRuntime runtime, int runs) throws InterruptedException {
        List<Thread> spawners = new ArrayList<>();
        for (int spawner = 0; spawner < SPAWNERS; spawner++) {
            int first = spawner;
            Thread thread = new Thread(() -> {
                for (int i = first; i < runs; i += SPAWNERS) {
                    Lantern.spawn(Specs.scripted()).runId("run-" + i).on(runtime);
                }
            });
            thread.start();
            spawners.add(thread);
        }
        for (Thread thread : spawners) {
            thread.join();
        }
    }

    private static void awaitEnd(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // Nobody writes.
        }
    }
}
