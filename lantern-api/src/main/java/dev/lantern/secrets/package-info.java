/**
 * Where agents' secrets come from.
 *
 * <p>What lives here: one interface, and the values that cross it. What may enter: what every store can say. What must
 * not: who may have a secret and for how long, which is decided before a store is asked; retries across calls; journals.
 */
@NullMarked
package dev.lantern.secrets;

import org.jspecify.annotations.NullMarked;
