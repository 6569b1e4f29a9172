/** Whole runtimes whose payloads are sealed: what their journals hold, and what survives a change of keys. */
@NullMarked
package dev.lantern.seal;

import org.jspecify.annotations.NullMarked;
