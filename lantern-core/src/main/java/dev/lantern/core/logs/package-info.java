/**
 * Stores for agents' log lines: in memory, and in capped files.
 *
 * <p>What must not enter: anything that decides; logs carry no promise.
 */
@NullMarked
package dev.lantern.core.logs;

import org.jspecify.annotations.NullMarked;
