package dev.lantern.journal;

import dev.lantern.run.Retained;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.util.OptionalLong;

/**
 * A run's row as it stood when the backend answered.
 *
 * @param run the run's name
 * @param key the backend's own short name for it, taken by every further call
 * @param host the owner's incarnation; empty once the run is closed, which its status says, and between a
 *     {@link Journal#release} and the next claim
 * @param epoch the newest instance's number; 0 before the first
 * @param head the end of the chain; of a deleted run, the end that it had
 * @param status the status after the last event
 * @param retained what {@link Journal#dispose} left of it
 */
public record RunRow(
        RunRef run, long key, OptionalLong host, int epoch, Head head, RunStatus status, Retained retained) {

    /** A run of which nothing was erased or deleted. */
    public RunRow(RunRef run, long key, OptionalLong host, int epoch, Head head, RunStatus status) {
        this(run, key, host, epoch, head, status, Retained.WHOLE);
    }

    /** Whether nothing will ever be written to it. */
    public boolean closed() {
        return host.isEmpty() && status.terminal();
    }
}
