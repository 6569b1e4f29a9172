package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the harness costs: how long it takes to start on one core, and what it adds to each step.
 *
 * <p>Started is the harness of a pod, as a plain process: with this JVM and without a cache of classes, and where
 * {@code -Dlantern.bench.harness=} names the unpacked root of its image, with that. A step is begun and completed by a plain
 * client over the loopback, through a harness in a process of its own, the gateway, the engine and a journal on PostgreSQL;
 * the journal's own time is subtracted.
 */
public final class BenchHarness {
    private static final int STARTS = 15;

    private BenchHarness() {}

    public static void main(String[] args) throws Exception {
        start("jdk" + Runtime.version().feature() + "_without_cache", withThisJvm(), 1_000);
        String root = System.getProperty("lantern.bench.harness", "");
        if (root.isEmpty()) {
            System.out.println("left out, -Dlantern.bench.harness names no unpacked image: a JDK 25 with its cache");
        } else {
            start("image", ofImage(Path.of(root)), 400);
        }
        steps();
    }

    // -- starting

    private static void start(String name, List<String> command, double goal) throws Exception {
        List<Double> ready = new ArrayList<>();
        List<Double> settled = new ArrayList<>();
        List<Double> memory = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            HarnessStart.Times times = HarnessStart.measure(command);
            ready.add(times.readyMillis());
            settled.add(times.enrolMillis() - times.readyMillis());
            memory.add(times.mebibytes());
        }
        System.out.printf(
                Locale.ROOT,
                "%s: ready after %.0f ms (%.0f to %.0f), enrols %.0f ms later, %.0f MiB of its own%n",
                name,
                median(ready),
                ready.get(0),
                ready.get(ready.size() - 1),
                median(settled),
                median(memory));
        Figure.atMost("harness.ready_" + name, median(ready), "ms", goal).print();
        Figure.atMost("harness.enrols_behind_ready_" + name, median(settled), "ms", 2_000)
                .print();
        Figure.atMost("harness.memory_" + name, median(memory), "MiB", 64).print();
    }

    private static List<String> withThisJvm() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                "taskset",
                "-c",
                "0",
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.lantern.agent.harness.process.HarnessMain");
    }

    /** As the image's entry point says. */
    private static List<String> ofImage(Path root) {
        return List.of(
                "taskset",
                "-c",
                "0",
                root.resolve("lantern/jre/bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:AOTCache=" + root.resolve("lantern/harness.aot"),
                "-m",
                "dev.lantern.agent/dev.lantern.agent.harness.process.HarnessMain");
    }

    private static double median(List<Double> values) {
        values.sort(Double::compare);
        return values.get(values.size() / 2);
    }

    // -- steps

    private static void steps() throws Exception {
        Path directory = Files.createTempDirectory("lantern-bench-harness");
        try (Postgres server = Postgres.start()) {
            server.create("harness");
            try (HikariDataSource pool = server.pool("harness")) {
                TimedJournal timed = new TimedJournal(JdbcJournal.on(pool));
                try (LanternRuntime runtime = Lantern.runtime()
                        .journal(timed.timed())
                        .substrate(LocalProcessSubstrate.in(directory).harnessInOwnProcess())
                        .start()) {
                    AgentRun run = Lantern.spawn(AgentSpec.builder("loopback")
                                    .image(Specs.digest("a"))
                                    .isolation(Isolation.TRUSTED)
                                    .command(BenchJournal.command(LoopbackAgent.class))
                                    .build())
                            .on(runtime);
                    RunResult result = run.await();
                    if (!(result instanceof RunResult.Succeeded succeeded)) {
                        throw new IllegalStateException("the agent did not succeed: " + result);
                    }
                    report(new String(succeeded.output().bytes(), StandardCharsets.UTF_8), timed.medianMillis());
                }
            }
            server.drop("harness");
        }
        Directories.delete(directory);
    }

    private static void report(String output, double journal) {
        double begin = member(output, "begin");
        double complete = member(output, "complete");
        System.out.printf(
                Locale.ROOT,
                "a step: begin %.2f ms, complete %.2f ms, of which the journal's append %.2f ms%n",
                begin,
                complete,
                journal);
        Figure.atMost("harness.step_over_journal", begin + complete - journal, "ms", 1.5)
                .print();
    }

    private static double member(String json, String name) {
        String from = json.substring(json.indexOf("\"" + name + "\":") + name.length() + 3);
        return Double.parseDouble(from.split("[,}]", 2)[0]);
    }
}
