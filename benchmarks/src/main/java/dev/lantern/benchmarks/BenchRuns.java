package dev.lantern.benchmarks;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.journal.Journal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ten thousand concurrent runs of scripted instances, ten steps each with 200-byte payloads, in a JVM with a heap
 * of 256 MiB; then the resume of a run with 10,000 completed steps. Both on H2 with disk durability.
 *
 * <p>Run without arguments it starts itself again in a JVM of that size.
 */
public final class BenchRuns {
    private static final int HEAP_MIB = 256;
    private static final int THREADS = 64;
    private static final int STEPS = 10;
    private static final int PAYLOAD = 200;

    private BenchRuns() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.exit(inJvmOfSize("10000"));
        }
        int runs = Integer.parseInt(args[0]);
        concurrent(runs);
        resume(10_000);
    }

    private static int inJvmOfSize(String runs) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MIB + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchRuns.class.getName(),
                        runs)
                .inheritIO()
                .start()
                .waitFor();
    }

    private static void concurrent(int runs) throws Exception {
        Path directory = Files.createTempDirectory("lantern-bench-runs");
        ScriptedInstances instances = new ScriptedInstances(runs, STEPS, PAYLOAD, true);
        AgentSpec spec = Specs.scripted();
        long begun = System.nanoTime();
        int threads;
        double stepSeconds;
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(Journals.h2(directory))
                .substrate(instances)
                .heartbeat(Duration.ofMinutes(5), Duration.ofMinutes(30))
                .start()) {
            List<CompletableFuture<RunStatus>> ends = new ArrayList<>(runs);
            spawnAll(runs, spec, runtime, ends);
            double spawnSeconds = seconds(begun);
            threads = ManagementFactory.getThreadMXBean().getPeakThreadCount();
            for (CompletableFuture<RunStatus> end : ends) {
                RunStatus status = end.get(20, TimeUnit.MINUTES);
                if (status != RunStatus.SUCCEEDED) {
                    throw new IllegalStateException("a run ended " + status);
                }
            }
            threads = Math.max(threads, ManagementFactory.getThreadMXBean().getPeakThreadCount());
            stepSeconds = seconds(instances.firstStepAt());
            System.out.printf(
                    Locale.ROOT,
                    "%d runs: spawned in %.1f s (%.0f/s); all alive at once, then %d steps and all ends in %.1f s (%.0f steps/s)%n",
                    runs,
                    spawnSeconds,
                    runs / spawnSeconds,
                    instances.completedSteps(),
                    stepSeconds,
                    instances.completedSteps() / stepSeconds);
        }
        Figure.atLeast("runs.concurrent", runs, "runs", 10_000).print();
        Figure.atMost("runs.heap", Runtime.getRuntime().maxMemory() / 1024.0 / 1024.0, "MiB", HEAP_MIB)
                .print();
        Figure.atMost("runs.platform_threads", threads, "threads", THREADS).print();
        Directories.delete(directory);
    }

    /** From a handful of threads, as a host application would. */
    private static void spawnAll(
            int runs, AgentSpec spec, LanternRuntime runtime, List<CompletableFuture<RunStatus>> ends)
            throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            int first = caller;
            Thread thread = new Thread(() -> {
                for (int i = first; i < runs; i += 8) {
                    AgentRun run = Lantern.spawn(spec)
                            .runId("run-" + i)
                            .input("x".repeat(PAYLOAD))
                            .on(runtime);
                    CompletableFuture<RunStatus> end = run.onEnd();
                    synchronized (ends) {
                        ends.add(end);
                    }
                }
            });
            thread.start();
            callers.add(thread);
        }
        for (Thread caller : callers) {
            caller.join();
        }
    }

    /** One host completes the steps and leaves; the time counts until the next host's instance has the resume document. */
    private static void resume(int steps) throws Exception {
        Path directory = Files.createTempDirectory("lantern-bench-resume");
        ScriptedInstances before = new ScriptedInstances(1, steps, PAYLOAD, false);
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(Journals.h2(directory))
                .substrate(before)
                .start()) {
            Lantern.spawn(Specs.scripted()).runId("long").on(runtime);
            before.awaitSteps();
        }
        ScriptedInstances after = new ScriptedInstances(1, 0, PAYLOAD, true);
        Journal journal = Journals.h2(directory);
        long begun = System.nanoTime();
        try (LanternRuntime runtime =
                Lantern.runtime().journal(journal).substrate(after).start()) {
            AgentRun run = runtime.find("default", "long").orElseThrow();
            RunResult result = run.await();
            double resumed = (after.firstStepAt() - begun) / 1e9;
            if (!(result instanceof RunResult.Succeeded) || run.usage().steps() != steps) {
                throw new IllegalStateException("the resumed run came to " + result + " with " + run.usage());
            }
            Figure.atMost("runs.resume_10000_steps", resumed, "s", 1).print();
        }
        Directories.delete(directory);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
