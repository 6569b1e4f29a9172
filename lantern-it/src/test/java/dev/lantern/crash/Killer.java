package dev.lantern.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/** SIGKILL, for this JVM, for the agent whose process number stands in a file, or for the database. */
final class Killer {
    private final Path agentPid;
    private final Runnable database;

    /** @param database kills the database */
    Killer(Path agentPid, Runnable database) {
        this.agentPid = agentPid;
        this.database = database;
    }

    void kill(CrashPoint.Victim victim) {
        try {
            switch (victim) {
                case HOST -> killThisJvm();
                case AGENT -> killAgent();
                case DATABASE -> database.run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No JVM may destroy itself through ProcessHandle; the shell's kill is the real signal as well. */
    private static void killThisJvm() throws IOException {
        new ProcessBuilder(
                        "kill", "-KILL", Long.toString(ProcessHandle.current().pid()))
                .start();
        while (true) {
            LockSupport.park();
        }
    }

    /** Before the agent has started there is nobody to kill; such a case is a run that nobody disturbs. */
    private void killAgent() throws IOException {
        if (!Files.exists(agentPid)) {
            return;
        }
        long pid = Long.parseLong(Files.readString(agentPid).strip());
        ProcessHandle agent = ProcessHandle.of(pid).orElse(null);
        if (agent == null || !agent.destroyForcibly()) {
            return;
        }
        try {
            agent.onExit().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("process " + pid + " could not be awaited", e);
        }
    }
}
