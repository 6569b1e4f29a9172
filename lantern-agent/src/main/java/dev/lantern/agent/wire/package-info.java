/**
 * What harness and gateway say to each other: one copy of the calls, the replies and the signed records, seen
 * by both ends.
 *
 * <p>Values and their JSON form only: no sockets, no retries, no state. A change here is a change of the agent
 * protocol and needs a new version.
 */
@NullMarked
package dev.lantern.agent.wire;

import org.jspecify.annotations.NullMarked;
