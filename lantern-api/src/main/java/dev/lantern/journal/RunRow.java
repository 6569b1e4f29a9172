package dev.lantern.journal;

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
 * @param head the end of the chain
 * @param status the status after the last event
 */
public record RunRow(RunRef run, long key, OptionalLong host, int epoch, Head head, RunStatus status) {}
