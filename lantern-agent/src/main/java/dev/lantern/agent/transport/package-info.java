/**
 * Carries the harness's calls to a gateway over sockets.
 *
 * <p>The HTTP adapter of {@link dev.lantern.agent.harness.Transport} and nothing else: what is in a call is the
 * wire package's business, when it is repeated the harness's.
 */
@NullMarked
package dev.lantern.agent.transport;

import org.jspecify.annotations.NullMarked;
