/**
 * Time, turns and chance: the only package of the core that may touch threads, timers, clocks or randomness.
 *
 * <p>The runtime gets {@link dev.lantern.core.turns.ThreadedTurns}; a simulation brings its own implementation
 * and so owns every interleaving. What must not enter: anything that knows a run.
 */
@NullMarked
package dev.lantern.core.turns;

import org.jspecify.annotations.NullMarked;
