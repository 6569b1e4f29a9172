package dev.lantern.core.gate;

import dev.lantern.gate.Decision;
import java.time.Instant;

/**
 * A decision, and how long it may be acted upon.
 *
 * @param decision the gate's answer
 * @param goodUntil when the oldest fact that it rests on becomes too old, by the clock that the facts' times are of
 */
public record Ruling(Decision decision, Instant goodUntil) {}
