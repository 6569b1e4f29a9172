package dev.lantern.quickstart;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.logs.LogLine;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunUsage;
import dev.lantern.spec.AgentSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the triage agent on this machine, kills it with SIGKILL behind its second step, and watches it resume.
 * Kill this program in the middle, run it again, and it finishes the run that it finds.
 */
public final class Quickstart {
    private Quickstart() {}

    public static void main(String[] args) throws Exception {
        Instant started = Instant.now();
        Path outbox = Path.of("target", "outbox.txt").toAbsolutePath();
        // tag::host[]
        AgentSpec spec = AgentSpec.load(Path.of("agent.yaml")).toBuilder()
                .command(Agents.command(args[0]))
                .build();
        try (LanternRuntime runtime = Lantern.open()) {
            String runId = Agents.nextRun(runtime, outbox);
            AgentRun run = Lantern.spawn(spec)
                    .runId(runId)
                    .input(new Ticket("4711", outbox.toString()))
                    .limits(limits -> limits.maxCostUsd("0.25"))
                    .on(runtime);

            List<LogLine> lines = new ArrayList<>();
            run.logs().forEach(line -> {
                System.out.println("  [" + line.epoch() + "] " + line.text());
                lines.add(line);
                Agents.killBehindSecondStep(line, started);
            });

            RunResult result = run.await();
            RunUsage usage = run.usage();
            System.out.println("output   " + describe(result));
            System.out.println("usage    " + usage.inputTokens() + " input and " + usage.outputTokens()
                    + " output tokens, " + usage.costUsd() + " USD");
            System.out.println("effects  " + Files.readAllLines(outbox).size() + " lines in " + outbox);
            System.out.println("run " + runId + " " + run.status() + ": " + usage.steps() + " steps, "
                    + usage.instances() + " instances, " + Agents.reExecuted(run, lines) + " re-executed");
        }
        // end::host[]
    }

    private static String describe(RunResult result) {
        return result instanceof RunResult.Succeeded succeeded
                ? succeeded.output().as(Report.class).toString()
                : result.toString();
    }
}
