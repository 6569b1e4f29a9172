package dev.lantern.run;

import java.time.Instant;

/**
 * One event of a run's journal, for reading.
 *
 * @param seq its place in the chain, from 1
 * @param epoch the run's newest instance behind it
 * @param time when the owner wrote it
 * @param kind what happened, such as {@code step_completed}
 * @param json the whole event in canonical JSON, exactly as it is hashed
 */
public record RunEvent(long seq, int epoch, Instant time, String kind, String json) {}
