/**
 * The seal that ships with Lantern: payloads encrypted at rest, under keys that a ring holds and that can be changed.
 *
 * <p>What lives here: the envelope, keys and where they come from, and sealing a journal anew. What may enter: other
 * places for keys. What must not: what an event or a payload means; and no key leaves a {@code SealKey}.
 */
@NullMarked
package dev.lantern.core.seal;

import org.jspecify.annotations.NullMarked;
