/**
 * The harness: our actor beside the agent, which holds the instance's key and speaks for it to the gateway.
 *
 * <p>Everything here runs in turns of one {@link dev.lantern.agent.clockwork.Clockwork} over an injected
 * {@link dev.lantern.agent.harness.Transport}, so a whole cluster of harnesses runs in one thread under one seed.
 * What must not enter: sockets, threads, clocks, and anything that blocks.
 */
@NullMarked
package dev.lantern.agent.harness;

import org.jspecify.annotations.NullMarked;
