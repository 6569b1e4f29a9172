package dev.lantern.testkit.kubernetes;

import java.time.Duration;

/**
 * What happens to an answer on its way.
 *
 * @param skew by how much its {@code Date} is off
 * @param bytes how much of the body passes
 * @param cut whether the connection is closed behind these bytes; else it stays open and silent
 */
record Delivery(Duration skew, long bytes, boolean cut) {
    static final Delivery PLAIN = new Delivery(Duration.ZERO, Long.MAX_VALUE, false);
}
