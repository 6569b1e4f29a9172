package dev.lantern.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Signals that the JDK cannot send. */
enum Signal {
    STOP,
    CONT,
    /** To PostgreSQL's postmaster: an {@code immediate} shutdown, without a checkpoint. */
    QUIT,
    KILL;

    void to(long pid) {
        run("kill", "-" + name(), Long.toString(pid));
    }

    /** Runs a command. @return what it printed, when it was successful */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
        }
    }
}
