package dev.lantern.core.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A process under its watcher. Thread-safe. Whoever holds it keeps the process alive. */
final class WatchedProcess {
    private final Process watcher;
    /** Held here, not only by the process: a collected stream is a closed pipe is a killed agent. */
    private final OutputStream orders;

    WatchedProcess(Process watcher) {
        this.watcher = watcher;
        this.orders = watcher.getOutputStream();
    }

    InputStream stdout() {
        return watcher.getInputStream();
    }

    InputStream stderr() {
        return watcher.getErrorStream();
    }

    /**
     * Waits for the end.
     *
     * @return the exit code, or 128 + n for signal n
     */
    int await() throws InterruptedException {
        return watcher.waitFor();
    }

    /**
     * SIGTERM for the process and its group.
     *
     * @return false if the watcher is gone and nothing was sent
     */
    boolean terminate() {
        return order("TERM\n");
    }

    /**
     * SIGKILL for the whole session.
     *
     * @return as above
     */
    boolean kill() {
        return order("KILL\n");
    }

    /** Closes the pipe: whatever is left of the session is killed. */
    void letGo() {
        try {
            orders.close();
        } catch (IOException gone) {
            // The pipe is broken, so its reader is no more; what is left is found through the process table.
            return;
        }
    }

    private boolean order(String signal) {
        try {
            orders.write(signal.getBytes(StandardCharsets.US_ASCII));
            orders.flush();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }
}
