/**
 * Backends that keep everything in this process's memory.
 *
 * <p>What lives here: journals for tests, the simulation and runtimes that may forget. What may enter: backends
 * that pass the same contracts as the durable ones. What must not: shortcuts that a durable backend could not
 * take, clocks and random numbers of their own.
 */
@NullMarked
package dev.lantern.core.memory;

import org.jspecify.annotations.NullMarked;
