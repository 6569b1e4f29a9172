/**
 * What operators ask of runs: lists, verification, exports, retention. Read from the journal and the formats alone.
 *
 * <p>What may enter: reading, and the disposal of closed runs. What must not: the engine's state, and anything that writes
 * into a chain.
 */
@NullMarked
package dev.lantern.core.operations;

import org.jspecify.annotations.NullMarked;
