package dev.lantern.core.gateway;

import java.time.Duration;

/**
 * What the gateway accepts from whoever connects.
 *
 * @param maxConnections open at once; further ones are told to come again
 * @param maxConnectionsOfOne open at once from one address
 * @param maxHeadBytes request line and headers of one request
 * @param maxBodyBytes body of one request
 * @param maxBufferedBytes bodies of all requests that are not read in full yet, together
 * @param maxBufferedBytesOfOne the same of the requests from one address
 * @param firstCallWithin from a connection's begin to the end of its first request's head, a handshake included
 * @param headWithin from a later head's first byte to its last
 * @param bodyWithin from a head's end to its body's
 * @param answerWithin how long a call may wait for the host's answer
 * @param writeWithin how long a client may take to read an answer
 * @param idleFor how long a connection that has made a call may wait for the next
 * @param drainWithin how long closing waits for calls under way
 * @param callsPerSecondOfOne how many calls one instance may make, on the long run
 * @param burstOfOne how many of them at once
 * @param maxHandshakesOfOne handshakes of TLS under way at once from one address
 * @param handshakesPerSecondOfOne how many handshakes one address may begin, on the long run; at once as many as may be
 *     under way
 */
public record GatewayLimits(
        int maxConnections,
        int maxConnectionsOfOne,
        int maxHeadBytes,
        int maxBodyBytes,
        long maxBufferedBytes,
        long maxBufferedBytesOfOne,
        Duration firstCallWithin,
        Duration headWithin,
        Duration bodyWithin,
        Duration answerWithin,
        Duration writeWithin,
        Duration idleFor,
        Duration drainWithin,
        int callsPerSecondOfOne,
        int burstOfOne,
        int maxHandshakesOfOne,
        int handshakesPerSecondOfOne) {

    /**
     * 10,000 connections, heads of 8 KiB, bodies as long as the protocol has them and a quarter of the heap
     * together; 10 s for the first and each head, 60 s for a body, an answer and its reading, 5 min idle; 10,000 calls a
     * second for each instance, 20,000 at once. Everybody may come from one address, as on loopback.
     */
    public static GatewayLimits defaults(int maxBodyBytes) {
        long buffered = Math.max(maxBodyBytes, Runtime.getRuntime().maxMemory() / 4);
        return with(10_000, maxBodyBytes, buffered, buffered, 10_000, 20_000, 256, 1_000);
    }

    /**
     * As {@link #defaults}, with at most 512 connections and an eighth of what may be buffered for each address. A harness
     * holds a few connections; where nodes hide their pods' addresses, a node's pods share one. 200 calls a second for
     * each instance, 400 at once; 32 handshakes at once from each address and 20 a second, which is a twentieth of the
     * thread that makes them.
     */
    public static GatewayLimits overNetwork(int maxBodyBytes) {
        long buffered = Math.max(maxBodyBytes, Runtime.getRuntime().maxMemory() / 4);
        return with(512, maxBodyBytes, buffered, Math.max(maxBodyBytes, buffered / 8), 200, 400, 32, 20);
    }

    private static GatewayLimits with(
            int connectionsOfOne,
            int maxBodyBytes,
            long buffered,
            long bufferedOfOne,
            int callsPerSecondOfOne,
            int burstOfOne,
            int handshakesOfOne,
            int handshakesPerSecondOfOne) {
        return new GatewayLimits(
                10_000,
                connectionsOfOne,
                8 * 1024,
                maxBodyBytes,
                buffered,
                bufferedOfOne,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                callsPerSecondOfOne,
                burstOfOne,
                handshakesOfOne,
                handshakesPerSecondOfOne);
    }
}
