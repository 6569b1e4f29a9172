/**
 * Where an authority's keys are: in a file of its own, in PEM, or with somebody who signs elsewhere.
 *
 * <p>What may enter: other places for keys. What must not: what is signed with them, and a private key in any message.
 */
@NullMarked
package dev.lantern.core.keys;

import org.jspecify.annotations.NullMarked;
