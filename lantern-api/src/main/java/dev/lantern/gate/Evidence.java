package dev.lantern.gate;

import java.time.Instant;

/**
 * One thing that the gate saw and relied on.
 *
 * @param checkpoint where it was looked at, such as {@code spec} or {@code facts}
 * @param found what was found
 * @param source who found it
 * @param at when it was asked for, by the clock of whoever asked
 */
public record Evidence(String checkpoint, String found, String source, Instant at) {}
