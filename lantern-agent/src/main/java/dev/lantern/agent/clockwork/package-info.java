/**
 * The only package of this module with clocks, timers, threads and randomness; a test holds the others to it.
 *
 * <p>{@link dev.lantern.agent.clockwork.Clockwork} is what the harness gets; a simulation brings its own. What
 * must not enter: anything that knows a step, a call or a socket's protocol.
 */
@NullMarked
package dev.lantern.agent.clockwork;

import org.jspecify.annotations.NullMarked;
