/**
 * What the author of a Java agent uses: {@code Agent}, {@code Steps} and the values they speak in.
 *
 * <p>Nothing here knows the runtime; an agent sees its steps, its input and its output. What must not enter:
 * third-party types, and anything of the host's side.
 */
@NullMarked
package dev.lantern.agent;

import org.jspecify.annotations.NullMarked;
