/**
 * The isolation gate: whether this spec may run there, as a pure function of spec and facts.
 *
 * <p>What must not enter: I/O, clocks, and any default that admits. What cannot be told refuses.
 */
@NullMarked
package dev.lantern.core.gate;

import org.jspecify.annotations.NullMarked;
