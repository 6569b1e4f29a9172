/**
 * The entry points: {@code Lantern}, the runtime and the spawn request.
 *
 * <p>The top of Lantern: it may use every other package of the API and none of them uses it.
 */
@NullMarked
package dev.lantern;

import org.jspecify.annotations.NullMarked;
