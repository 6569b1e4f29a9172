/**
 * Pages for the operator of this host, on a port of its own that only this machine reaches.
 *
 * <p>What may enter: pages that are read, by somebody on this machine. What must not: anything that changes something, and
 * anything for instances, whose door is the gateway's.
 */
@NullMarked
package dev.lantern.core.operator;

import org.jspecify.annotations.NullMarked;
