package dev.lantern.logs;

import java.time.Instant;

/**
 * A line that is kept.
 *
 * @param cursor where it stands; reading behind it gives the next line. Opaque, and never reused within a run
 * @param time when the line was written, as far as its source knows, or when the host got it
 * @param epoch the instance that wrote it
 * @param stream {@code stdout}, {@code stderr}, or {@code log} where the source mixes the two
 * @param text the line without its end and without control characters
 */
public record LogLine(String cursor, Instant time, int epoch, String stream, String text) {}
