package dev.lantern.journal;

import java.time.Instant;

/**
 * One host incarnation's lease, as the backend granted it.
 *
 * @param host the incarnation's number, never used twice
 * @param now the backend's clock at the grant; hosts correct their own by it
 * @param until when the lease lapses unless it is renewed, by the backend's clock
 * @param taken how many calls of {@link Journal#claim} have named this host as the owner to take from, ever. A host that
 *     finds it changed may have lost runs though its lease never lapsed; {@link Journal#owned} tells
 */
public record HostLease(long host, Instant now, Instant until, long taken) {}
