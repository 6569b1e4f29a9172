/**
 * The harness put together: inside of a host's JVM, or as a process of its own with the agent as its child.
 *
 * <p>Configuration, files, processes and exit codes live here. What must not enter: rules of the protocol; those
 * are the harness's and the loopback API's.
 */
@NullMarked
package dev.lantern.agent.harness.process;

import org.jspecify.annotations.NullMarked;
