package dev.lantern.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A host process as the test sees it: what can be done to it, and the proxy between it and the database. */
final class HostProcess {
    private static final long LEAVES_WITHIN_SECONDS = 60;

    private final String name;
    private final Process process;
    private final CuttingProxy database;

    private HostProcess(String name, Process process, CuttingProxy database) {
        this.name = name;
        this.process = process;
        this.database = database;
    }

    static HostProcess start(String name, Path directory, CuttingProxy database, String cluster) throws IOException {
        Process process = new ProcessBuilder(command(name, directory, database.port(), cluster))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        return new HostProcess(name, process, database);
    }

    private static List<String> command(String name, Path directory, int port, String cluster) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                Remotes.ON_LOOPBACK,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TortureHost.class.getName()));
        command.addAll(List.of(name, directory.toString(), Integer.toString(port), cluster));
        return command;
    }

    String name() {
        return name;
    }

    CuttingProxy database() {
        return database;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void pause() {
        Signal.STOP.to(process.pid());
    }

    void resume() {
        Signal.CONT.to(process.pid());
    }

    /** SIGKILL. Returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        database.close();
    }

    /** Asks it to leave. @return whether it did, by itself and well */
    boolean leave() throws IOException, InterruptedException {
        process.getOutputStream().close();
        boolean left = process.waitFor(LEAVES_WITHIN_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        kill();
        return left;
    }

    @Override
    public String toString() {
        return name + " (process " + process.pid() + ")";
    }
}
