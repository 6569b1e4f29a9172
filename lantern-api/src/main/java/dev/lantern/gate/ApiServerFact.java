package dev.lantern.gate;

import java.time.Instant;

/**
 * The API server as it answered.
 *
 * @param version its {@code gitVersion}, such as {@code v1.36.1}
 * @param date its clock in whole seconds, from the {@code Date} of its answer
 */
public record ApiServerFact(String version, Instant date) {}
