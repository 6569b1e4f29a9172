package dev.lantern.run;

import dev.lantern.logs.LogLine;
import java.util.function.Consumer;

/** A view on what a run's agent writes. It holds no resource; each reading opens and closes its own. */
public interface Logs {

    /** The lines behind this cursor, which an earlier line carried. */
    Logs after(String cursor);

    /**
     * Hands over line after line, on the calling thread, until the run has ended and its last line was handed over.
     * An interrupt ends it too, and stays set. Lines come as they are written if this runtime is the run's owner, or the
     * owner keeps all lines as they are written ({@link dev.lantern.LanternRuntime.Builder#followLogs}), or the substrate
     * tells them anyway; else they come when an instance ends.
     */
    void forEach(Consumer<? super LogLine> line);
}
