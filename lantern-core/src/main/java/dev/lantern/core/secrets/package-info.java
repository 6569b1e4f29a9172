/**
 * Secret stores, and masking what came from one in what agents write.
 *
 * <p>What lives here: one class per backend that needs no more than the JDK and Jackson, and {@link
 * dev.lantern.core.secrets.Masks}. What may enter: another backend. What must not: the engine, leases of runs, who may have
 * what.
 */
@NullMarked
package dev.lantern.core.secrets;

import org.jspecify.annotations.NullMarked;
