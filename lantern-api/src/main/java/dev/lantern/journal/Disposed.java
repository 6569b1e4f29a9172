package dev.lantern.journal;

import java.time.Instant;

/**
 * An entry of the audit trail of disposals.
 *
 * @param kind what was disposed of
 * @param at when, by the backend's clock
 * @param reason why, as the {@link Disposal} said
 */
public record Disposed(Disposal.Kind kind, Instant at, String reason) {}
