package dev.lantern.journal;

import java.time.Instant;

/**
 * One host incarnation's lease, as the backend granted it.
 *
 * @param host the incarnation's number, never used twice
 * @param now the backend's clock at the grant; hosts correct their own by it
 * @param until when the lease lapses unless it is renewed, by the backend's clock
 */
public record HostLease(long host, Instant now, Instant until) {}
