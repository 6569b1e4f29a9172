/**
 * Values of secrets that are looked for wherever they must not be.
 *
 * <p>Shares nothing with what masks them, so that one mistake is not made on both sides.
 */
@NullMarked
package dev.lantern.canary;

import org.jspecify.annotations.NullMarked;
