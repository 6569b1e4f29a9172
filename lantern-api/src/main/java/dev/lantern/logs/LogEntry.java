package dev.lantern.logs;

import dev.lantern.substrate.InstanceRef;
import java.time.Instant;

/**
 * A line that is to be kept.
 *
 * @param instance who wrote it
 * @param time when the host got it
 * @param stream {@code stdout} or {@code stderr}
 * @param text the line as the agent wrote it, without its end; the store cleans and caps it
 */
public record LogEntry(InstanceRef instance, Instant time, String stream, String text) {}
