package dev.lantern.agent.http;

import java.time.Duration;

/**
 * What one end accepts from the other.
 *
 * @param maxHeadBytes request line or status line and all headers
 * @param maxHeaders number of header fields
 * @param maxBodyBytes a body after decoding
 * @param headWithin from a head's first byte to its last
 * @param bodyWithin from a body's first byte to its last
 * @param idleFor how long a connection may wait for the next head
 */
public record HttpLimits(
        int maxHeadBytes,
        int maxHeaders,
        int maxBodyBytes,
        Duration headWithin,
        Duration bodyWithin,
        Duration idleFor) {

    /** 16 KiB and 64 headers within 5 s, a body within 60 s, idle for 5 min. */
    public static HttpLimits ofBody(int maxBodyBytes) {
        return new HttpLimits(
                16 * 1024, 64, maxBodyBytes, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5));
    }
}
