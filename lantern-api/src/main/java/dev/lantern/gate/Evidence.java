package dev.lantern.gate;

/**
 * One thing that the gate saw and relied on.
 *
 * @param checkpoint where it was looked at, such as {@code spec} or {@code facts}
 * @param found what was found
 * @param source who found it
 */
public record Evidence(String checkpoint, String found, String source) {}
