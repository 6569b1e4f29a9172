package dev.lantern.logs;

import dev.lantern.substrate.InstanceRef;
import java.time.Instant;

/**
 * A line that is to be kept.
 *
 * @param instance who wrote it
 * @param time when the line was written, as far as its source knows, or when the host got it
 * @param stream {@code stdout}, {@code stderr}, or {@code log} where the source mixes the two
 * @param text the line as the agent wrote it, without its end; the store cleans and caps it
 */
public record LogEntry(InstanceRef instance, Instant time, String stream, String text) {}
