/**
 * Objects to payloads and back, on Jackson.
 *
 * <p>What must not enter: anything that is hashed or signed; canonical JSON has a package of its own.
 */
@NullMarked
package dev.lantern.core.codec;

import org.jspecify.annotations.NullMarked;
