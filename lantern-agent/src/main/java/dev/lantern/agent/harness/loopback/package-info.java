/**
 * The agent's door: the harness as a small HTTP API on loopback that {@code curl} speaks.
 *
 * <p>{@code LoopbackApi} turns requests into calls of the harness and is a function over turns;
 * {@code LoopbackServer} is the sockets. The contract is {@code docs/agent-protocol.md} and its OpenAPI file,
 * and a test compares both with what is served. What must not enter: rules about steps; those are the harness's.
 */
@NullMarked
package dev.lantern.agent.harness.loopback;

import org.jspecify.annotations.NullMarked;
