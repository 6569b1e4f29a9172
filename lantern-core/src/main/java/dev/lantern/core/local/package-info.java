/**
 * Runs instances as plain processes of the host's user: for {@code trusted} agents on a laptop, and for tests.
 *
 * <p>One public type, the substrate. A small shell script stands between host and agent, so that the agent dies
 * with the host whatever kills it; a state directory tells the next host what a dead one left. What must not
 * enter: any isolation, because there is none here, and any meaning of a run's state.
 */
@NullMarked
package dev.lantern.core.local;

import org.jspecify.annotations.NullMarked;
