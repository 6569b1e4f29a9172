package dev.lantern.crash;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.format.JournalExport;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A host application that spawns the run of a case, or takes it up, and leaves what it saw in files. */
final class CrashHost {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private CrashHost() {}

    /** @param args the case's directory, and the crash point */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        carryThrough(directory, JdbcJournal.embedded(directory.resolve("journal")), CrashPoint.parse(args[1]), () -> {
            throw new IllegalStateException("this database is this process");
        });
    }

    /**
     * Spawns the case's run, or takes it up, and returns when it has ended.
     *
     * @param store closed at the end
     * @param database kills the database
     */
    static void carryThrough(Path directory, Journal store, CrashPoint point, Runnable database)
            throws IOException, InterruptedException, ExecutionException {
        RunRef ref = new RunRef("default", "crash-" + directory.getFileName());
        Path agent = directory.resolve("agent.sh");
        try (var script = CrashHost.class.getResourceAsStream("agent.sh")) {
            Files.copy(script, agent, StandardCopyOption.REPLACE_EXISTING);
        }
        AgentSpec spec = AgentSpec.builder("crash")
                .image("lantern/crash@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of(
                        "sh", agent.toString(), directory.resolve("trace").toString()))
                .build();
        CrashingJournal journal = new CrashingJournal(
                store, point, new Killer(directory.resolve("trace.pid"), database), directory.resolve("acknowledged"));
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(journal)
                .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                .start()) {
            AgentRun run = Lantern.spawn(spec).runId(ref.run()).on(runtime);
            RunStatus status = run.onEnd().get();
            // A database that was killed behind the last write is not back yet.
            Wait.until("the journal answers", () -> answers(journal, ref));
            export(journal, ref, directory.resolve("export.jsonl"));
            Files.writeString(
                    directory.resolve("outcome"),
                    status + "\n" + output(run.await()) + "\n" + journal.boundaries() + "\n");
        }
    }

    private static boolean answers(Journal journal, RunRef run) {
        try {
            return journal.find(run, WITHIN).isPresent();
        } catch (LanternException e) {
            return false;
        }
    }

    private static String output(RunResult result) {
        return result instanceof RunResult.Succeeded succeeded
                ? new String(succeeded.output().bytes(), StandardCharsets.UTF_8)
                : result.toString();
    }

    private static void export(Journal journal, RunRef run, Path file) throws IOException {
        RunRow row = journal.find(run, WITHIN).orElseThrow();
        try (OutputStream out = Files.newOutputStream(file)) {
            JournalExport export = JournalExport.begin(out, run);
            for (Event event : journal.read(row.key(), 0, 10_000, WITHIN)) {
                export.add(event);
            }
        }
    }
}
